//! Business identifiers: how a resource is recognised when it arrives twice.
//!
//! The first resource of a reading, an entry or an encounter has the id itself, as a URN (RFC 4122). A
//! reading that gives several Observations (an oximeter's saturation and pulse) derives the ids of the
//! others as UUID version 5 of the reading's id and the LOINC code: no table is needed to repeat them.

use serde::Serialize;
use uuid::Uuid;

/// FHIR R4 `Identifier` with the system for URIs (2.1.17.3, "urn:ietf:rfc:3986").
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
    system: &'static str,
    value: String,
}

const URI_SYSTEM: &str = "urn:ietf:rfc:3986";

impl Identifier {
    pub fn of(id: Uuid) -> Self {
        Self { system: URI_SYSTEM, value: id.urn().to_string() }
    }

    /// For a further resource of the same thing; `code` tells them apart.
    pub fn derived(id: Uuid, code: &str) -> Self {
        Self::of(Uuid::new_v5(&id, code.as_bytes()))
    }

    /// Our own id, as a server's id may be written (FHIR R4 2.24.0.1, `id`).
    pub fn id(&self) -> &str {
        self.value.trim_start_matches("urn:uuid:")
    }

    /// As a search parameter writes it: "system|value", not yet percent-encoded.
    pub fn token(&self) -> String {
        format!("{}|{}", self.system, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Uuid = Uuid::from_u128(0x0192_f0a1_7c3e_7d2a_9b1c_0000_0000_0001);

    #[test]
    fn an_id_is_found_by_its_urn() {
        assert_eq!(
            Identifier::of(READING).token(),
            "urn:ietf:rfc:3986|urn:uuid:0192f0a1-7c3e-7d2a-9b1c-000000000001"
        );
    }

    #[test]
    fn a_derived_id_is_the_same_every_time_and_differs_by_code() {
        let pulse = Identifier::derived(READING, "8867-4");
        assert_eq!(pulse, Identifier::derived(READING, "8867-4"));
        assert_ne!(pulse, Identifier::derived(READING, "8310-5"));
        assert_ne!(pulse, Identifier::of(READING));
    }
}
