//! One patient's visit, a photograph and a strip of it: the input of the files.

use clinical::{
    DeviceId, DeviceIdentity, Ecg, EncounterId, EntryId, Examined, Measurement, Opened, Patient,
    Quality, Reading, ReadingId, Sex, Still, Timestamp,
};
use dicom::{Instance, Site, Unfit, Visit};
use jiff::tz::TimeZone;
use uuid::Uuid;

/// 2026-11-22T07:42:00.007Z.
pub const BEGAN: Timestamp = Timestamp::from_millis(1_795_333_320_007);
/// 64 × 48 pixels, thinned out 2 × 2, an odd number of bytes.
pub const JPEG: &[u8] = include_bytes!("../../testdata/still.jpg");
const STILL_ID: u128 = 0x019a_a8c0_9fd7_7c3e_9b1c_41f2_77a0_0007;
const STRIP_ID: u128 = 0x019a_a8c0_9fd7_7c3e_9b1c_41f2_77a0_0008;

pub fn site() -> Site {
    Site {
        institution: Some("General Hospital".into()),
        issuer: Some("GENERAL-MRN".into()),
        zone: TimeZone::get("America/New_York").unwrap(),
    }
}

pub fn opened() -> Opened {
    Opened {
        patient: Patient {
            system: "urn:oid:1.2.36.146.595.217.0.1".into(),
            number: "100234".into(),
            family: "Müller-Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        },
        nurse: "Maria Silva".into(),
        cart: "cart-3e-12".into(),
    }
}

pub fn in_visit<T>(made: impl FnOnce(&Visit<'_>) -> T) -> T {
    let (opened, site) = (opened(), site());
    let encounter = EncounterId::new(Uuid::from_u128(0x019a_a8c0_0000_7c3e_9b1c_41f2_77a0_0001));
    made(&Visit { encounter, began: BEGAN, opened: &opened, site: &site })
}

pub fn words() -> Still {
    Still {
        sha256: "00".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: u32::try_from(JPEG.len()).unwrap(),
        width: 64,
        height: 48,
        taken: BEGAN.plus_millis(95_400),
        examined: None,
    }
}

pub fn still() -> Instance {
    still_of(None)
}

pub fn still_of(examined: Option<Examined>) -> Instance {
    let id = EntryId::new(Uuid::from_u128(STILL_ID));
    let words = Still { examined, ..words() };
    in_visit(|visit| dicom::still(id, &words, JPEG, visit)).unwrap()
}

/// A beat a second over a slow wander.
pub fn strip(hertz: u16, offset: i32) -> Ecg {
    let every = i32::from(hertz);
    let beat = |at: i32| if at % every == every / 2 { 900 } else { (at * 7) % 40 - 20 };
    Ecg { microvolts: (0..every * 2).map(|at| offset + beat(at)).collect(), hertz }
}

pub fn ecg_of(of: Ecg, quality: Vec<Quality>) -> Result<Instance, Unfit> {
    let reading = Reading {
        id: ReadingId::new(Uuid::from_u128(9)),
        measurement: Measurement::Ecg(of.clone()),
        device: DeviceIdentity {
            id: DeviceId("strap".into()),
            model: "Polar H10".into(),
            serial: Some("A1B2C3".into()),
            firmware: Some("5.0.0".into()),
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: BEGAN.plus_millis(200_000),
        quality,
        raw_sha256: "00".repeat(32),
    };
    let id = EntryId::new(Uuid::from_u128(STRIP_ID));
    in_visit(|visit| dicom::ecg(id, &of, &reading, visit))
}

pub fn ecg() -> Instance {
    ecg_of(strip(130, 0), vec![Quality::Motion]).unwrap()
}
