//! Reads what a chart holds for a physician to see: allergies, problems, medications, vital signs, documents.
//!
//! Nothing is guessed and nothing disappears: what cannot be read, and what is of somebody else, is counted. Texts
//! and dates stay as they were written.

mod allergy;
mod concept;
mod document;
mod medication;
mod problem;
mod vital;

use hub_api::{Allergy, ChartDocument, ChartProblem, Medication};

use crate::received::{Refused, json::Json};

pub use vital::{last_of_each, vitals};

/// Of whom a chart is asked.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// The server's own reference, such as "Patient/123".
    pub patient: &'a str,
    /// The server's base address: references may be absolute.
    pub base: &'a str,
}

/// What one or several pages of a search (FHIR R4 section 3.1.1) have listed.
pub struct Listing<T> {
    pub entries: Vec<T>,
    /// So many more are not what FHIR describes.
    pub unreadable: u32,
    /// So many more are not of this patient.
    pub of_others: u32,
    /// Where the next page is.
    pub next: Option<String>,
}

/// Why one resource is not in a list.
pub(crate) enum Left {
    /// On purpose: entered in error, or over.
    Out,
    Unreadable,
}

type One<T> = fn(&Json<'_>) -> Result<T, Left>;

/// # Errors
/// It is no searchset Bundle.
pub fn allergies(bundle: &[u8], of: Whose<'_>) -> Result<Listing<Allergy>, Refused> {
    list(bundle, of, "AllergyIntolerance", allergy::read)
}

/// # Errors
/// It is no searchset Bundle.
pub fn problems(bundle: &[u8], of: Whose<'_>) -> Result<Listing<ChartProblem>, Refused> {
    list(bundle, of, "Condition", problem::read)
}

/// Of MedicationRequests or MedicationStatements; which, says `kind`.
///
/// # Errors
/// It is no searchset Bundle.
pub fn medications(
    bundle: &[u8],
    of: Whose<'_>,
    kind: &str,
) -> Result<Listing<Medication>, Refused> {
    list(bundle, of, kind, medication::read)
}

/// # Errors
/// It is no searchset Bundle.
pub fn documents(bundle: &[u8], of: Whose<'_>) -> Result<Listing<ChartDocument>, Refused> {
    list(bundle, of, "DocumentReference", document::read)
}

fn list<T>(bundle: &[u8], of: Whose<'_>, kind: &str, read: One<T>) -> Result<Listing<T>, Refused> {
    let text = std::str::from_utf8(bundle)
        .map_err(|error| Refused::NotUtf8 { at: error.valid_up_to() })?;
    let bundle = Json::read(text)?;
    if word(&bundle, "resourceType") != Some("Bundle") {
        return Err(Refused::NotFhir { place: "resourceType".into(), why: "it is no Bundle" });
    }
    let next = next(&bundle);
    let mut listing = Listing { entries: Vec::new(), unreadable: 0, of_others: 0, next };
    for entry in items(&bundle, "entry") {
        listing.take(entry, of, kind, read);
    }
    Ok(listing)
}

impl<T> Listing<T> {
    fn take(&mut self, entry: &Json<'_>, of: Whose<'_>, kind: &str, read: One<T>) {
        let Some(resource) = entry.get("resource") else {
            self.unreadable += 1;
            return;
        };
        match word(resource, "resourceType") {
            Some(found) if found == kind => {}
            // What the server has to say about its answer; a failure of a part counts.
            Some("OperationOutcome") => return self.unreadable += u32::from(has_failed(resource)),
            // What the server adds to what was asked for (3.1.1.5.4).
            Some(_) if mode(entry) == Some("include") => return,
            Some(_) | None => return self.unreadable += 1,
        }
        if !is_of(resource, of) {
            self.of_others += 1;
            return;
        }
        match read(resource) {
            Ok(entry) => self.entries.push(entry),
            Err(Left::Out) => {}
            Err(Left::Unreadable) => self.unreadable += 1,
        }
    }
}

fn mode<'a>(entry: &'a Json<'_>) -> Option<&'a str> {
    word(entry.get("search")?, "mode")
}

fn has_failed(outcome: &Json<'_>) -> bool {
    items(outcome, "issue")
        .iter()
        .any(|issue| matches!(word(issue, "severity"), Some("error" | "fatal")))
}

/// A resource without a patient is nobody's, and one that names two is not certainly this one's.
fn is_of(resource: &Json<'_>, of: Whose<'_>) -> bool {
    let named: Vec<_> =
        ["subject", "patient"].iter().filter_map(|name| resource.get(name)).collect();
    !named.is_empty() && named.into_iter().all(|whom| refers_to(whom, of))
}

fn refers_to(whom: &Json<'_>, of: Whose<'_>) -> bool {
    let Some(reference) = word(whom, "reference") else { return false };
    let relative = match reference.strip_prefix(of.base.trim_end_matches('/')) {
        Some(rest) => rest.trim_start_matches('/'),
        None => reference,
    };
    // A reference may name a version (2.3.0.1).
    let whom = relative.split_once("/_history/").map_or(relative, |(whom, _)| whom);
    whom == of.patient
}

fn next(bundle: &Json<'_>) -> Option<String> {
    let next = items(bundle, "link").iter().find(|link| word(link, "relation") == Some("next"))?;
    word(next, "url").map(str::to_owned)
}

/// The members of a list; of anything else there are none.
pub(crate) fn items<'a, 'b>(json: &'a Json<'b>, name: &str) -> &'a [Json<'b>] {
    match json.get(name) {
        Some(Json::List(items)) => items,
        _ => &[],
    }
}

/// A text that says something.
pub(crate) fn word<'a>(json: &'a Json<'_>, name: &str) -> Option<&'a str> {
    json.get(name)?.text().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
