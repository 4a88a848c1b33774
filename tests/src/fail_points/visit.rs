//! A visit with all that a record holds of one.

use clinical::{
    Decimal, DeviceId, DeviceIdentity, EncounterId, Entry, EntryBody, EntryId, Measurement, Note,
    Opened, Patient, Reading, ReadingId, Sex, Temperature, Timestamp,
};
use uuid::Uuid;

use crate::{
    cart::{CART, NURSE},
    crash::still,
};

/// Whose visit it is, and who wrote what in it.
pub struct Plan {
    pub number: String,
    pub at: Timestamp,
    /// The hub's own: a physician's note.
    pub has_note: bool,
    pub has_still: bool,
}

pub fn visit(plan: &Plan) -> Vec<Entry> {
    let encounter = EncounterId::new(Uuid::now_v7());
    let patient = Patient {
        system: "urn:hospital".into(),
        number: plan.number.clone(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    };
    let opened = Opened { patient, nurse: NURSE.into(), cart: CART.into() };
    let mut bodies = vec![EntryBody::Opened(opened)];
    bodies.extend((0..2).map(|number| EntryBody::Reading(reading(plan.at, number))));
    bodies.extend(plan.has_still.then(|| EntryBody::Still(still(plan.at))));
    bodies.extend(plan.has_note.then(|| EntryBody::Note(note(encounter))));
    bodies.push(EntryBody::Closed);
    let entry =
        |body| Entry { id: EntryId::new(Uuid::now_v7()), encounter, recorded: plan.at, body };
    bodies.into_iter().map(entry).collect()
}

fn reading(at: Timestamp, number: u16) -> Reading {
    let measured = at.plus_millis(i64::from(number) * 1_000);
    let celsius = Decimal::from(36 + number);
    Reading {
        id: ReadingId::new(Uuid::now_v7()),
        measurement: Measurement::Temperature(Temperature { celsius, site: None }),
        device: DeviceIdentity {
            id: DeviceId("thermometer".into()),
            model: "Thermometer".into(),
            serial: None,
            firmware: None,
        },
        device_time: Some(measured),
        corrected_time: None,
        sequence: None,
        received: measured,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    }
}

/// Its text is in no other visit.
fn note(encounter: EncounterId) -> Note {
    Note { author: "Dr. Weiss".into(), text: format!("No distress. Seen in {encounter}.") }
}
