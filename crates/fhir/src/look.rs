//! Whether a server that gave our resource an id of its own has it.
//!
//! Every resource carries our identifier, but some servers drop it. An Observation is then
//! recognised by what it says: the same code, the same instant and the same values.

use clinical::{Decimal, Timestamp};
use serde::Deserialize;

use crate::{
    Resource,
    schedule::{ReadError, read},
};

/// What a search says of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    There,
    Missing,
    /// It is not among those that were answered, and there are more.
    Unclear,
}

impl Resource {
    /// Looks for it in a searchset Bundle.
    ///
    /// # Errors
    /// The server's answer is no Bundle.
    pub fn is_in(&self, searchset: &[u8]) -> Result<Presence, ReadError> {
        let found: Found = read(searchset, "Bundle of what was searched for")?;
        let own: Known = read(self.json.as_bytes(), "resource that was sent")?;
        if found.entry.iter().any(|entry| own.is(&entry.resource)) {
            return Ok(Presence::There);
        }
        let more = found.link.iter().any(|link| link.relation == "next");
        Ok(if more { Presence::Unclear } else { Presence::Missing })
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(default = "Vec::new")]
    entry: Vec<Entry>,
    #[serde(default)]
    link: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    relation: String,
}

#[derive(Deserialize)]
struct Entry {
    resource: Known,
}

/// What resources are recognised by.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    #[serde(default)]
    resource_type: String,
    #[serde(default)]
    identifier: Vec<Identifier>,
    #[serde(flatten)]
    said: Said,
    effective_date_time: Option<String>,
}

#[derive(PartialEq, Eq, Deserialize)]
struct Identifier {
    #[serde(default)]
    system: String,
    #[serde(default)]
    value: String,
}

/// A code and its value; a panel has them in its components.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Said {
    code: Concept,
    value_quantity: Option<Quantity>,
    value_codeable_concept: Option<Concept>,
    component: Vec<Said>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Concept {
    coding: Vec<Coding>,
    text: Option<String>,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Coding {
    system: String,
    code: String,
}

/// A number as the server wrote it: 37.60 is 37.6.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Quantity {
    value: Option<serde_json::Number>,
    code: Option<String>,
}

impl Known {
    fn is(&self, other: &Self) -> bool {
        if self.resource_type != other.resource_type {
            return false;
        }
        let same = |own: &Identifier| other.identifier.contains(own);
        self.identifier.iter().any(same) || (!other.has_ours() && self.says_what(other))
    }

    /// Another one of ours is another reading, even with the same value at the same instant.
    fn has_ours(&self) -> bool {
        self.identifier.iter().any(|each| each.value.starts_with("urn:uuid:"))
    }

    fn says_what(&self, other: &Self) -> bool {
        let instant = |known: &Self| {
            known.effective_date_time.as_ref().and_then(|at| at.parse::<Timestamp>().ok())
        };
        instant(self).is_some() && instant(self) == instant(other) && self.said.is(&other.said)
    }
}

impl Said {
    /// A server may add codes, and components of its own making.
    fn is(&self, other: &Self) -> bool {
        self.code.is(&other.code)
            && match (&self.value_quantity, &other.value_quantity) {
                (Some(own), Some(theirs)) => own.is(theirs),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
            && match (&self.value_codeable_concept, &other.value_codeable_concept) {
                (Some(own), Some(theirs)) => own.is(theirs),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
            && self.component.iter().all(|own| other.component.iter().any(|each| own.is(each)))
    }
}

impl Concept {
    fn is(&self, other: &Self) -> bool {
        let coded = |coding: &Coding| !coding.code.is_empty() && other.coding.contains(coding);
        self.coding.iter().any(coded) || (self.text.is_some() && self.text == other.text)
    }
}

impl Quantity {
    fn is(&self, other: &Self) -> bool {
        let number = |quantity: &Self| {
            quantity.value.as_ref().and_then(|value| value.to_string().parse::<Decimal>().ok())
        };
        number(self).is_some() && number(self) == number(other) && self.code == other.code
    }
}

#[cfg(test)]
mod tests;
