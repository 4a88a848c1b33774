//! What somebody else wrote in FHIR: its bytes, and what is understood of them.
//!
//! Nothing is ever written again from what was understood: digits, order, white space and extensions
//! that nobody here knows stay as they came.

pub(crate) mod json;

use std::fmt;

use serde::Serialize;

use self::json::Json;

/// Of a bundle; a document within one has a few mebibytes at most.
const MOST_BYTES: usize = 32 << 20;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it has more than {MOST_BYTES} bytes")]
    TooLong,
    #[error("it is XML: FHIR is read as JSON only")]
    Xml,
    #[error("it begins with a byte order mark, which JSON does not have")]
    ByteOrderMark,
    #[error("byte {at} is no UTF-8")]
    NotUtf8 { at: usize },
    #[error("it is no JSON at byte {at}: {why}")]
    NotJson { at: usize, why: &'static str },
    #[error("the object at byte {at} has `{name}` twice")]
    Twice { at: usize, name: String },
    #[error("{place}: {why}")]
    NotFhir { place: String, why: &'static str },
}

/// A resource as it came.
pub struct Received {
    bytes: Vec<u8>,
    pub understood: Understood,
}

/// Of one resource; those within it have their own.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Understood {
    pub resource_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Named>,
    /// Every `reference`, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// The URL of every extension, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contained: Vec<Understood>,
    /// Of a Bundle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<BundleEntry>,
}

/// An identifier.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    pub system: Option<String>,
    pub value: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleEntry {
    pub full_url: Option<String>,
    /// Method and URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    pub resource: Option<Understood>,
}

impl Received {
    /// # Errors
    /// Why it is no FHIR resource in JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MOST_BYTES {
            return Err(Refused::TooLong);
        }
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            return Err(Refused::ByteOrderMark);
        }
        let text =
            str::from_utf8(bytes).map_err(|wrong| Refused::NotUtf8 { at: wrong.valid_up_to() })?;
        if text.trim_start().starts_with('<') {
            return Err(Refused::Xml);
        }
        let understood = resource(&Json::read(text)?, "the resource")?;
        Ok(Self { bytes: bytes.to_vec(), understood })
    }

    /// Exactly what was parsed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({})", self.understood.resource_type)
    }
}

/// `place` is for the refusal.
fn resource(json: &Json<'_>, place: &str) -> Result<Understood, Refused> {
    let Json::Object(members) = json else { return Err(not_fhir(place, "it is no object")) };
    let kind = text(json, "resourceType", place)?;
    let kind =
        kind.filter(|kind| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let kind = kind.ok_or_else(|| not_fhir(place, "it has no resourceType"))?;
    let id = text(json, "id", place)?;
    if id.as_deref().is_some_and(|id| !is_id(id)) {
        return Err(not_fhir(place, "its id is none: 1 to 64 letters, digits, - and ."));
    }
    let mut understood = Understood {
        identifier: identifiers(json, place)?,
        resource_type: kind,
        id,
        references: Vec::new(),
        extensions: Vec::new(),
        contained: Vec::new(),
        entry: Vec::new(),
    };
    for (number, inner) in list(json, "contained", place)?.iter().enumerate() {
        understood.contained.push(resource(inner, &format!("{place}, contained[{number}]"))?);
    }
    let is_bundle = understood.resource_type == "Bundle";
    if is_bundle {
        for (number, inner) in list(json, "entry", place)?.iter().enumerate() {
            understood.entry.push(entry(inner, &format!("{place}, entry[{number}]"))?);
        }
    }
    for (name, member) in members {
        if name != "contained" && !(is_bundle && name == "entry") {
            understood.collect(name, member);
        }
    }
    Ok(understood)
}

impl Understood {
    fn collect(&mut self, name: &str, json: &Json<'_>) {
        match json {
            Json::Object(members) => {
                for (inner, member) in members {
                    match (inner.as_ref(), member) {
                        ("reference", Json::Text(to)) => self.references.push(to.to_string()),
                        ("url", Json::Text(url)) if is_extension(name) => {
                            self.extensions.push(url.to_string());
                        }
                        _ => self.collect(inner, member),
                    }
                }
            }
            Json::List(values) => values.iter().for_each(|value| self.collect(name, value)),
            Json::Null | Json::Bool | Json::Number(_) | Json::Text(_) => {}
        }
    }
}

fn is_extension(name: &str) -> bool {
    matches!(name, "extension" | "modifierExtension")
}

fn entry(json: &Json<'_>, place: &str) -> Result<BundleEntry, Refused> {
    if !matches!(json, Json::Object(_)) {
        return Err(not_fhir(place, "it is no object"));
    }
    let inner = json.get("resource");
    let request = json.get("request").map(|request| -> Result<_, Refused> {
        let parts = [text(request, "method", place)?, text(request, "url", place)?];
        Ok(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    });
    Ok(BundleEntry {
        full_url: text(json, "fullUrl", place)?,
        request: request.transpose()?,
        resource: inner.map(|inner| resource(inner, &format!("{place}.resource"))).transpose()?,
    })
}

/// Most resources have a list of them, a Bundle has one.
fn identifiers(json: &Json<'_>, place: &str) -> Result<Vec<Named>, Refused> {
    let all = match json.get("identifier") {
        None => return Ok(Vec::new()),
        Some(Json::List(all)) => all.iter().collect(),
        Some(one) => vec![one],
    };
    let read = |one: &Json<'_>| match one {
        Json::Object(_) => {
            Ok(Named { system: text(one, "system", place)?, value: text(one, "value", place)? })
        }
        _ => Err(not_fhir(place, "an identifier is no object")),
    };
    all.into_iter().map(read).collect()
}

fn text(json: &Json<'_>, name: &'static str, place: &str) -> Result<Option<String>, Refused> {
    match json.get(name) {
        None => Ok(None),
        Some(member) => match member.text() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(not_fhir(&format!("{place}, {name}"), "it is no text")),
        },
    }
}

fn list<'a, 'b>(
    json: &'b Json<'a>,
    name: &'static str,
    place: &str,
) -> Result<&'b [Json<'a>], Refused> {
    match json.get(name) {
        None => Ok(&[]),
        Some(Json::List(values)) => Ok(values),
        Some(_) => Err(not_fhir(&format!("{place}, {name}"), "it is no list")),
    }
}

/// FHIR R4, section 2.24.0.1.
fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    matches!(id.len(), 1..=64) && id.bytes().all(allowed)
}

fn not_fhir(place: &str, why: &'static str) -> Refused {
    Refused::NotFhir { place: place.to_owned(), why }
}

#[cfg(test)]
mod tests;
