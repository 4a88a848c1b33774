//! A resource ready to be sent, and where in the EHR it belongs.

use std::fmt;

use clinical::Timestamp;
use serde::Serialize;

use crate::{Identifier, LookBy};

/// The references that the EHR gave to a patient and an encounter, such as "Patient/123".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub patient: String,
    pub encounter: String,
}

pub struct Resource {
    /// "Observation": also the path below the server's base URL.
    pub kind: &'static str,
    pub identifier: Identifier,
    /// The whole resource as JSON in UTF-8.
    pub json: String,
    /// When it was measured, taken, observed or written.
    pub at: Timestamp,
}

impl Resource {
    pub(crate) fn new(
        kind: &'static str,
        identifier: Identifier,
        at: Timestamp,
        content: &impl Serialize,
    ) -> Self {
        let json = serde_json::to_string(content).expect("these types have only text as keys");
        Self { kind, identifier, json, at }
    }

    /// Its JSON with our own id as the server's, for an update that creates it.
    pub fn json_with_id(&self) -> String {
        let (brace, rest) = self.json.split_at(1);
        format!("{brace}\"id\":\"{}\",{rest}", self.identifier.id())
    }

    /// "Observation/0192f0a1-…": under our own id.
    pub fn own_reference(&self) -> String {
        format!("{}/{}", self.kind, self.identifier.id())
    }

    /// The parameters of a search for it, not yet percent-encoded. `patient` is the EHR's own
    /// reference, such as "Patient/123".
    pub fn searched_by(&self, by: LookBy, patient: &str) -> Vec<(&'static str, String)> {
        match by {
            LookBy::Identifier => vec![("identifier", self.identifier.token())],
            LookBy::PatientAndDate => {
                let id = patient.rsplit('/').next().unwrap_or(patient);
                // Some servers keep whole seconds only.
                let bound = |word, millis| format!("{word}{}", self.at.plus_millis(millis));
                vec![
                    ("patient", id.to_owned()),
                    ("date", bound("ge", -1_000)),
                    ("date", bound("le", 1_000)),
                ]
            }
        }
    }

    /// The search that finds it once it is stored, for conditional create and update:
    /// "identifier=system|value", not yet percent-encoded.
    pub fn search(&self) -> String {
        format!("identifier={}", self.identifier.token())
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", self.kind, self.identifier)
    }
}
