//! Entries as a cart makes them.

use clinical::{
    Auscultation, AuscultationSite, Decimal, DeviceId, DeviceIdentity, EncounterId, Entry,
    EntryBody, EntryId, Measurement, Opened, Oximetry, Patient, Reading, ReadingId, Sex, Still,
    Timestamp,
};
use hub_api::EncounterSummary;
use ring::digest;
use uuid::Uuid;

use crate::world::CART;

const MRN: &str = "urn:hospital";

pub const TIME: Timestamp = Timestamp::from_millis(1_795_333_320_007);

pub fn patient() -> Patient {
    Patient {
        system: MRN.into(),
        number: "100234".into(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    }
}

pub fn new_encounter() -> EncounterId {
    EncounterId::new(Uuid::now_v7())
}

pub fn new_entry(encounter: EncounterId, body: EntryBody) -> Entry {
    Entry { id: EntryId::new(Uuid::now_v7()), encounter, recorded: TIME, body }
}

pub fn opened(encounter: EncounterId) -> Entry {
    opened_for(encounter, patient())
}

pub fn opened_for(encounter: EncounterId, patient: Patient) -> Entry {
    let opened = Opened { patient, nurse: "Maria Silva".into(), cart: CART.into() };
    new_entry(encounter, EntryBody::Opened(opened))
}

pub fn saturation(encounter: EncounterId, spo2: u16) -> Entry {
    let oximetry = Oximetry { spo2: Decimal::from(spo2), pulse: None };
    measured(encounter, oximetry, TIME)
}

/// Two Observations.
pub fn saturation_with_pulse(encounter: EncounterId, spo2: u16, at: Timestamp) -> Entry {
    let pulse = Some(Decimal::from(71));
    measured(encounter, Oximetry { spo2: Decimal::from(spo2), pulse }, at)
}

fn measured(encounter: EncounterId, oximetry: Oximetry, at: Timestamp) -> Entry {
    let reading = Reading {
        id: ReadingId::new(Uuid::now_v7()),
        measurement: Measurement::Oximetry(oximetry),
        device: DeviceIdentity {
            id: DeviceId("oximeter".into()),
            model: "Nonin Xpod".into(),
            serial: None,
            firmware: None,
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: at,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    };
    new_entry(encounter, EntryBody::Reading(reading))
}

pub fn closed(encounter: EncounterId) -> Entry {
    new_entry(encounter, EntryBody::Closed)
}

pub fn still(encounter: EncounterId, jpeg: &[u8]) -> Entry {
    let still = Still {
        sha256: sha256(jpeg),
        media_type: "image/jpeg".into(),
        bytes: u32::try_from(jpeg.len()).unwrap(),
        width: 1920,
        height: 1080,
        taken: TIME,
        examined: None,
    };
    new_entry(encounter, EntryBody::Still(still))
}

/// A second at the apex.
pub fn sound(encounter: EncounterId, wav: &[u8]) -> Entry {
    let sound = Auscultation {
        sha256: sha256(wav),
        media_type: "audio/wav".into(),
        bytes: u32::try_from(wav.len()).unwrap(),
        site: AuscultationSite::Mitral,
        began: TIME,
        millis: 1_000,
        gaps: Vec::new(),
    };
    new_entry(encounter, EntryBody::Auscultation(sound))
}

pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn json(entry: &Entry) -> Vec<u8> {
    serde_json::to_vec(entry).unwrap()
}

pub fn summary(encounter: EncounterId) -> EncounterSummary {
    let (patient, nurse) = (patient(), "Maria Silva".into());
    EncounterSummary { id: encounter, patient, nurse, opened: TIME }
}
