//! A resource ready to be sent, and where in the EHR it belongs.

use std::fmt;

use serde::Serialize;

use crate::Identifier;

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
}

impl Resource {
    pub(crate) fn new(
        kind: &'static str,
        identifier: Identifier,
        content: &impl Serialize,
    ) -> Self {
        let json = serde_json::to_string(content).expect("these types have only text as keys");
        Self { kind, identifier, json }
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
