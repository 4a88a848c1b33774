//! The visit as an Encounter: in progress when it opens, finished when it closes.

use clinical::{EncounterId, Opened, Timestamp};
use serde::Serialize;

use crate::{
    Identifier, Resource, codes,
    types::{CodeableConcept, Coding, Period, Reference},
};

/// What is known of a visit at the moment. FHIR's update replaces the whole resource, so the end
/// repeats the beginning.
pub struct Visit<'a> {
    pub id: EncounterId,
    pub opened: &'a Opened,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// `patient` is the EHR's own reference, such as "Patient/123".
pub fn encounter(visit: &Visit<'_>, patient: &str) -> Resource {
    let identifier = Identifier::of(visit.id.uuid());
    let content = Encounter {
        resource_type: "Encounter",
        identifier: [identifier.clone()],
        status: if visit.until.is_some() { "finished" } else { "in-progress" },
        class: codes::VIRTUAL,
        r#type: [CodeableConcept::of(codes::TELEMEDICINE_CONSULTATION)],
        subject: Reference::to(patient),
        participant: [Participant { individual: Reference::named(&visit.opened.nurse) }],
        period: Period { start: visit.from, end: visit.until },
        location: [Place { location: Reference::named(&visit.opened.cart) }],
    };
    Resource::new("Encounter", identifier, visit.from, &content)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Encounter {
    resource_type: &'static str,
    identifier: [Identifier; 1],
    status: &'static str,
    class: Coding,
    r#type: [CodeableConcept; 1],
    subject: Reference,
    participant: [Participant; 1],
    period: Period,
    location: [Place; 1],
}

#[derive(Serialize)]
struct Participant {
    individual: Reference,
}

#[derive(Serialize)]
struct Place {
    location: Reference,
}
