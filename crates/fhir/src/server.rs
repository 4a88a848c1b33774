//! What a FHIR server says of itself in its CapabilityStatement: its version of FHIR and its name.

use serde::Deserialize;

/// `CapabilityStatement` (R4, section 2.3), of which two elements are read.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// Such as "4.0.1".
    pub fhir_version: String,
    /// Name and version of the software; empty where it says none.
    pub software: String,
}

impl Server {
    /// `None`: not a CapabilityStatement, or one that names no version of FHIR.
    pub fn of(capability_statement: &[u8]) -> Option<Self> {
        let read: Read = serde_json::from_slice(capability_statement).ok()?;
        if read.resource_type != "CapabilityStatement" {
            return None;
        }
        let software = read.software.map(|software| {
            let parts = [software.name, software.version];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        });
        Some(Self { fhir_version: read.fhir_version, software: software.unwrap_or_default() })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    resource_type: String,
    fhir_version: String,
    software: Option<Software>,
}

#[derive(Deserialize)]
struct Software {
    name: Option<String>,
    version: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_names_its_version_of_fhir_or_is_no_server() {
        let cases = [
            (
                r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"Epic","version":"May 2026"}}"#,
                Some(("4.0.1", "Epic May 2026")),
            ),
            (
                r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}"#,
                Some(("4.0.1", "")),
            ),
            (r#"{"resourceType":"CapabilityStatement"}"#, None),
            (r#"{"resourceType":"Patient","fhirVersion":"4.0.1"}"#, None),
            ("<html>", None),
        ];
        for (json, expected) in cases {
            let found = Server::of(json.as_bytes());
            let found = found.as_ref().map(|server| (&*server.fhir_version, &*server.software));
            assert_eq!(found, expected, "{json}");
        }
    }
}
