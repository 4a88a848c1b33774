//! The entries of a visit, the same for the same number.

use clinical::{
    Act, Actor, AuditEvent, BloodPressure, Decimal, DeviceId, DeviceIdentity, EncounterId, Entry,
    EntryBody, EntryId, Measurement, Note, Opened, Patient, Reading, ReadingId, Sex, Still,
    Timestamp,
};
use vault::{Blob, Commit, SealedEntry, UnassignedReading};

use crate::coins::Coins;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

/// What a visit brings, in its order.
#[derive(Debug)]
pub struct Visit {
    pub beginning: Commit,
    pub note: Commit,
    pub still: Commit,
    pub unassigned: [UnassignedReading; 2],
    /// Takes the first of the tray.
    pub claim: SealedEntry,
    pub situation: String,
    pub end: Commit,
}

pub fn visit(number: u32, picture_bytes: usize) -> Visit {
    let reading = |place| EntryBody::Reading(reading(number, place));
    let beginning = vec![sealed(number, 0, opened()), sealed(number, 1, reading(1))];
    let words = format!("Visit {number}: slept well. ").repeat(100);
    let note = EntryBody::Note(Note { author: "nurse".into(), text: words });
    let picture = Blob::new(picture(number, picture_bytes));
    Visit {
        beginning: Commit { entries: beginning, blob: None },
        note: Commit::of(sealed(number, 2, note)),
        still: Commit { entries: vec![sealed(number, 3, still(&picture))], blob: Some(picture) },
        unassigned: [waiting(number, 4), waiting(number, 5)],
        claim: sealed(number, 4, reading(4)),
        situation: format!("visit {number}"),
        end: Commit::of(sealed(number, 6, EntryBody::Closed)),
    }
}

pub(crate) fn event(what: Act) -> AuditEvent {
    AuditEvent::new(NOW, Actor::nurse("4711"), what)
}

/// A visit that only begins.
pub fn opening(number: u32) -> Commit {
    Commit::of(sealed(number, 0, opened()))
}

fn sealed(visit: u32, place: u32, body: EntryBody) -> SealedEntry {
    let id = EntryId::new(uuid(0, visit, place).parse().expect("a UUID"));
    let encounter = EncounterId::new(uuid(1, visit, 0).parse().expect("a UUID"));
    SealedEntry::seal(Entry { id, encounter, recorded: NOW, body })
}

fn uuid(kind: u32, visit: u32, place: u32) -> String {
    format!("0193a5e0-{kind:04x}-7000-8000-{visit:08x}{place:04x}")
}

fn opened() -> EntryBody {
    let patient = Patient {
        system: "urn:hospital".into(),
        number: "100234".into(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    };
    EntryBody::Opened(Opened { patient, nurse: "nurse".into(), cart: "cart-7".into() })
}

fn still(picture: &Blob) -> EntryBody {
    EntryBody::Still(Still {
        sha256: picture.sha256().into(),
        media_type: "image/jpeg".into(),
        bytes: u32::try_from(picture.bytes().len()).expect("a small picture"),
        width: 1920,
        height: 1080,
        taken: NOW,
        examined: None,
    })
}

fn picture(visit: u32, bytes: usize) -> Vec<u8> {
    let mut coins = Coins::new(visit.into());
    (0..bytes / 8).flat_map(|_| coins.next().to_le_bytes()).collect()
}

fn waiting(visit: u32, place: u32) -> UnassignedReading {
    UnassignedReading { reading: reading(visit, place), reason: "too_old".into() }
}

fn reading(visit: u32, place: u32) -> Reading {
    Reading {
        id: ReadingId::new(uuid(2, visit, place).parse().expect("a UUID")),
        measurement: Measurement::BloodPressure(BloodPressure {
            systolic: Decimal::from(128),
            diastolic: Decimal::from(82),
            mean: Some(Decimal::from(97)),
            pulse: Some(Decimal::from(71)),
        }),
        device: DeviceIdentity {
            id: DeviceId("cuff".into()),
            model: "Advantage".into(),
            serial: Some("7".into()),
            firmware: None,
        },
        device_time: Some(NOW),
        corrected_time: None,
        // Its device names its records, so that the vault remembers them.
        sequence: Some(visit * 100 + place),
        received: NOW,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    }
}
