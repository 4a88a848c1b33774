//! A vault in a folder of its own, and entries as an encounter makes them.

use clinical::{
    Act, Actor, AuditEvent, Auscultation, AuscultationSite, BloodPressure, Decimal, DeviceId,
    DeviceIdentity, EncounterId, Entry, EntryBody, EntryId, Measurement, Note, Opened, Patient,
    Reading, Sex, Still, Timestamp,
};
use tempfile::TempDir;
use vault::{Blob, CartVault, Commit, HubVault, SealedEntry, VaultKey};

pub const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

pub fn key() -> VaultKey {
    VaultKey::new([0x5a; 32])
}

pub fn cart_vault() -> (TempDir, CartVault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    (folder, vault)
}

pub fn hub_vault() -> (TempDir, HubVault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = HubVault::open(folder.path(), &key()).unwrap();
    (folder, vault)
}

pub fn id(number: u32) -> EntryId {
    format!("0193a5e0-0000-7000-8000-{number:012x}").parse().unwrap()
}

pub fn encounter(number: u32) -> EncounterId {
    format!("0193a5e0-ffff-7000-8000-{number:012x}").parse().unwrap()
}

pub fn entry(id: EntryId, encounter: EncounterId, body: EntryBody) -> SealedEntry {
    SealedEntry::seal(Entry { id, encounter, recorded: NOW, body })
}

pub fn opened(number: u32) -> SealedEntry {
    let patient = Patient {
        system: "urn:hospital".into(),
        number: "canary-mrn-100234".into(),
        family: "CanaryOkafor".into(),
        given: "CanaryGrace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    };
    let opened = Opened { patient, nurse: "canary-nurse".into(), cart: "cart-7".into() };
    entry(id(number), encounter(number), EntryBody::Opened(opened))
}

pub fn note(number: u32, of: u32, text: &str) -> SealedEntry {
    let note = Note { author: "canary-author".into(), text: text.into() };
    entry(id(number), encounter(of), EntryBody::Note(note))
}

pub fn closed(number: u32, of: u32) -> SealedEntry {
    entry(id(number), encounter(of), EntryBody::Closed)
}

pub fn still(number: u32, of: u32, blob: &Blob) -> SealedEntry {
    let still = Still {
        sha256: blob.sha256().into(),
        media_type: "image/jpeg".into(),
        bytes: blob.bytes().len() as u32,
        width: 1920,
        height: 1080,
        taken: NOW,
        examined: None,
    };
    entry(id(number), encounter(of), EntryBody::Still(still))
}

pub fn heard(number: u32, of: u32, blob: &Blob) -> SealedEntry {
    let sound = Auscultation {
        sha256: blob.sha256().into(),
        media_type: "audio/wav".into(),
        bytes: blob.bytes().len() as u32,
        site: AuscultationSite::Mitral,
        began: NOW,
        millis: 1_000,
        gaps: Vec::new(),
    };
    entry(id(number), encounter(of), EntryBody::Auscultation(sound))
}

pub fn reading(number: u32) -> Reading {
    Reading {
        id: format!("0193a5e0-aaaa-7000-8000-{number:012x}").parse().unwrap(),
        measurement: Measurement::BloodPressure(BloodPressure {
            systolic: Decimal::from(128),
            diastolic: Decimal::from(82),
            mean: Some(Decimal::from(97)),
            pulse: Some(Decimal::from(71)),
        }),
        device: DeviceIdentity {
            id: DeviceId("cuff".into()),
            model: "canary-model".into(),
            serial: Some("canary-serial".into()),
            firmware: None,
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: NOW,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    }
}

pub fn measured(number: u32, of: u32) -> SealedEntry {
    entry(id(number), encounter(of), EntryBody::Reading(reading(number)))
}

pub fn event(what: Act) -> AuditEvent {
    AuditEvent::new(NOW, Actor::nurse("4711"), what)
}

pub fn commit(vault: &vault::Vault, entries: impl IntoIterator<Item = SealedEntry>) {
    let commit = Commit { entries: entries.into_iter().collect(), blob: None };
    vault.commit(commit).unwrap();
}

/// Bytes that look like nothing and repeat nowhere.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}
