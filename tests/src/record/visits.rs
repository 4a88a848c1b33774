//! Visits as a cart keeps them.

use anyhow::Result;
use clinical::{
    Act, Actor, AuditEvent, BloodPressure, Decimal, DeviceId, DeviceIdentity, EncounterId, Entry,
    EntryBody, EntryId, Measurement, Opened, Patient, Reading, ReadingId, Sex, Subject, Timestamp,
};
use uuid::Uuid;
use vault::{Commit, SealedEntry};

use crate::cart::{CART, NURSE};

/// The patient of `tests/ehr/seed.json`.
pub fn patient() -> Patient {
    Patient {
        system: "urn:oid:2.16.840.1.113883.19.5".into(),
        number: "100234".into(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    }
}

/// An opening, so many blood pressures, and the end.
pub fn visit(at: Timestamp, readings: u16) -> Vec<Entry> {
    let encounter = EncounterId::new(Uuid::now_v7());
    let opened = Opened { patient: patient(), nurse: NURSE.into(), cart: CART.into() };
    let mut bodies = vec![EntryBody::Opened(opened)];
    bodies.extend((0..readings).map(|number| EntryBody::Reading(reading(at, number))));
    bodies.push(EntryBody::Closed);
    let entry = |body| Entry { id: EntryId::new(Uuid::now_v7()), encounter, recorded: at, body };
    bodies.into_iter().map(entry).collect()
}

/// As `cartd` saves: with a row of the audit for each entry.
pub fn to_commit(entries: &[Entry]) -> (Commit, Vec<AuditEvent>) {
    let told = |entry: &Entry| {
        AuditEvent::new(entry.recorded, Actor::nurse(NURSE), Act::EntryKept)
            .about(Subject::Entry(entry.id))
    };
    let events = entries.iter().map(told).collect();
    let entries = entries.iter().cloned().map(SealedEntry::seal).collect();
    (Commit { entries, blob: None }, events)
}

fn reading(at: Timestamp, number: u16) -> Reading {
    Reading {
        id: ReadingId::new(Uuid::now_v7()),
        measurement: Measurement::BloodPressure(BloodPressure {
            systolic: Decimal::from(110 + number),
            diastolic: Decimal::from(70 + number),
            mean: Some(Decimal::from(90)),
            pulse: Some(Decimal::from(71)),
        }),
        device: DeviceIdentity {
            id: DeviceId("cuff".into()),
            model: "Advantage".into(),
            serial: Some("7".into()),
            firmware: None,
        },
        device_time: Some(at),
        corrected_time: None,
        sequence: None,
        received: at,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    }
}

/// # Errors
/// The clock stands before 1970.
pub fn now() -> Result<Timestamp> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?))
}
