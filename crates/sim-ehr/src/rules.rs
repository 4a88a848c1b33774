//! What the servers allow.
//!
//! Of the vendors: their published CapabilityStatements (Epic sandbox of May 2026, Oracle Health Millennium
//! of 14 August 2026, Veradigm FHIR 4.22.0.1), as far as a consult touches them. What they do with a
//! repeated or a wrong request is second-hand (FHIRBridge, sandbox of September 2026; the vendors'
//! operation pages).

use serde_json::{Value, json};

/// One server.
#[derive(Debug)]
pub struct Rules {
    pub name: &'static str,
    pub transaction: bool,
    pub(crate) kinds: &'static [Kind],
    /// A vital sign of the same patient, code and instant is refused with code 59189.
    pub(crate) refuses_repeated_vitals: bool,
    /// Observations and documents need an open encounter of their patient.
    pub(crate) needs_open_encounter: bool,
    /// Of documents, text/plain only.
    pub(crate) plain_text_only: bool,
    /// Offers Patient/$match.
    pub(crate) matches_patients: bool,
    /// Does not keep the identifiers of these.
    pub(crate) drops_identifiers_of: &'static [&'static str],
}

#[derive(Debug)]
pub(crate) struct Kind {
    pub name: &'static str,
    pub interactions: &'static [&'static str],
    pub search: &'static [&'static str],
    pub conditional: bool,
    pub update_create: bool,
}

const fn kind(
    name: &'static str,
    interactions: &'static [&'static str],
    search: &'static [&'static str],
) -> Kind {
    Kind { name, interactions, search, conditional: false, update_create: false }
}

const fn conditional(name: &'static str) -> Kind {
    let search = &["_id", "identifier", "patient", "date", "status"];
    Kind { conditional: true, update_create: true, ..kind(name, WRITE, search) }
}

const fn by_put(name: &'static str) -> Kind {
    let update = &["read", "search-type", "update"];
    Kind { update_create: true, ..kind(name, update, &["_id", "identifier", "patient", "date"]) }
}

const READ: &[&str] = &["read", "search-type"];
const CREATE: &[&str] = &["create", "read", "search-type"];
const WRITE: &[&str] = &["create", "read", "search-type", "update"];

/// As HAPI and Medplum are.
pub const TRANSACTIONS: Rules = Rules {
    name: "transactions",
    transaction: true,
    kinds: &[
        kind("Patient", READ, &["_id", "identifier"]),
        kind("Location", READ, &["_id"]),
        kind("Appointment", READ, SCHEDULE),
        conditional("Encounter"),
        conditional("Observation"),
        conditional("DocumentReference"),
        kind("AllergyIntolerance", READ, &["_id", "patient"]),
        kind("Condition", READ, &["_id", "patient", "category"]),
        kind("MedicationRequest", READ, &["_id", "patient", "status"]),
    ],
    refuses_repeated_vitals: false,
    needs_open_encounter: false,
    plain_text_only: false,
    matches_patients: false,
    drops_identifiers_of: &[],
};

/// A server that takes updates under the client's ids and no creates.
pub const PUT_ONLY: Rules = Rules {
    name: "put",
    transaction: false,
    kinds: &[
        kind("Patient", READ, &["_id", "identifier"]),
        kind("Location", READ, &["_id"]),
        kind("Appointment", READ, SCHEDULE),
        by_put("Encounter"),
        by_put("Observation"),
        by_put("DocumentReference"),
    ],
    ..TRANSACTIONS
};

pub const EPIC: Rules = Rules {
    name: "epic",
    transaction: false,
    kinds: &[
        kind("Patient", CREATE, &["_id", "identifier", "birthdate", "family", "given"]),
        kind("Location", READ, &["_id"]),
        kind("Appointment", READ, SCHEDULE),
        kind(
            "Encounter",
            READ,
            &["_id", "class", "date", "identifier", "patient", "subject", "status"],
        ),
        kind(
            "Observation",
            WRITE,
            &["_id", "category", "code", "date", "patient", "subject", "identifier"],
        ),
        kind(
            "DocumentReference",
            WRITE,
            &["_id", "category", "date", "patient", "type", "identifier"],
        ),
        kind("AllergyIntolerance", &["create", "read", "search-type"], &["_id", "patient"]),
        kind("Condition", &["create", "read", "search-type"], &["_id", "patient", "category"]),
        kind("MedicationRequest", READ, &["_id", "patient", "status", "intent"]),
    ],
    refuses_repeated_vitals: true,
    needs_open_encounter: true,
    plain_text_only: true,
    matches_patients: true,
    drops_identifiers_of: &[],
};

pub const ORACLE: Rules = Rules {
    name: "oracle",
    transaction: false,
    kinds: &[
        kind("Patient", CREATE, &["_id", "identifier", "name", "birthdate"]),
        kind("Location", READ, &["_id"]),
        kind("Appointment", CREATE, SCHEDULE),
        kind("Encounter", CREATE, &["_id", "patient", "subject", "status", "date", "identifier"]),
        kind("Observation", WRITE, &["_id", "patient", "subject", "category", "code", "date"]),
        kind(
            "DocumentReference",
            WRITE,
            &["_id", "patient", "encounter", "type", "category", "date"],
        ),
        kind("AllergyIntolerance", WRITE, &["_id", "patient"]),
        kind("Condition", WRITE, &["_id", "patient", "category"]),
        kind("MedicationRequest", CREATE, &["_id", "patient", "status", "intent"]),
    ],
    refuses_repeated_vitals: false,
    needs_open_encounter: false,
    plain_text_only: false,
    matches_patients: false,
    drops_identifiers_of: &["Observation", "DocumentReference"],
};

pub const VERADIGM: Rules = Rules {
    name: "veradigm",
    transaction: false,
    kinds: &[
        kind("Patient", READ, &["_id", "birthdate", "identifier", "name", "family", "given"]),
        kind("Location", READ, &["_id"]),
        kind("Appointment", READ, SCHEDULE),
        kind("Encounter", READ, &["_id", "patient", "status", "class", "date", "identifier"]),
        kind("Observation", WRITE, &["_id", "patient", "category", "code", "date", "status"]),
        kind("DocumentReference", WRITE, &["_id", "patient", "status", "type", "date"]),
        kind("AllergyIntolerance", WRITE, &["_id", "patient"]),
        kind("Condition", WRITE, &["_id", "patient", "category"]),
        kind("MedicationRequest", WRITE, &["_id", "patient", "status", "intent"]),
        kind("MedicationStatement", WRITE, &["_id", "patient", "status"]),
    ],
    refuses_repeated_vitals: false,
    needs_open_encounter: false,
    plain_text_only: false,
    matches_patients: false,
    drops_identifiers_of: &["Observation"],
};

const SCHEDULE: &[&str] = &["date", "status", "patient", "actor", "_count", "_include"];

impl Rules {
    pub(crate) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// By the word of the command line.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        const ALL: &[&Rules] = &[&TRANSACTIONS, &PUT_ONLY, &EPIC, &ORACLE, &VERADIGM];
        ALL.iter().find(|rules| rules.name == name).copied()
    }

    pub(crate) fn statement(&self) -> Value {
        let code = |code: &&str| json!({ "code": code });
        let resource = |kind: &Kind| {
            let matches = kind.name == "Patient" && self.matches_patients;
            json!({
                "operation": if matches { vec![json!({ "name": "match" })] } else { vec![] },
                "type": kind.name,
                "interaction": kind.interactions.iter().map(code).collect::<Vec<_>>(),
                "conditionalCreate": kind.conditional,
                "conditionalUpdate": kind.conditional,
                "updateCreate": kind.update_create,
                "searchParam": kind.search.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            })
        };
        json!({
            "resourceType": "CapabilityStatement",
            "status": "active",
            "kind": "instance",
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "rest": [{
                "mode": "server",
                "interaction": if self.transaction { vec![json!({ "code": "transaction" })] } else { vec![] },
                "resource": self.kinds.iter().map(resource).collect::<Vec<_>>(),
            }],
        })
    }
}

impl Kind {
    pub fn allows(&self, interaction: &str) -> bool {
        self.interactions.contains(&interaction)
    }
}
