//! One patient's visit, and what was kept of it: the input of the messages that go.

use clinical::{
    Auscultation, AuscultationSite, BloodPressure, BodySite, Decimal, DeviceId, DeviceIdentity,
    EntryId, Examined, Finding, Measurement, Note, Observed, Oximetry, Patient, Quality, Reading,
    ReadingId, Sex, SoundGap, Still, Temperature, Timestamp, news2::Consciousness,
};
use hl7::{Chart, Identifier, Outgoing, Party, Place, Processing, Route, Visit};
use uuid::Uuid;

/// 2026-11-22T07:42:00.007Z.
pub const TIME: Timestamp = Timestamp::from_millis(1_795_333_320_007);

/// As version 7 makes them, with all bits in use.
pub fn entry(last: u128) -> EntryId {
    EntryId::new(Uuid::from_u128(0x019a_a8c0_9fd7_7c3e_9b1c_41f2_77a0_0000 + last))
}

pub fn chart() -> Chart {
    let party = |application: &str, facility: &str| Party {
        application: application.into(),
        facility: facility.into(),
    };
    Chart {
        route: Route {
            sending: party("BEDSIDE", "WARD3"),
            receiving: party("ENGINE", "GENERAL"),
            processing: Processing::Production,
        },
        patient: Patient {
            system: "urn:oid:1.2.36.146.595.217.0.1".into(),
            number: "100234".into(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        },
        visit: Some(Visit {
            number: Some(Identifier {
                system: Some("VISITS".into()),
                number: "V77".into(),
                kind: Some("VN".into()),
            }),
            class: Some("I".into()),
            place: Some(Place {
                unit: Some("3E".into()),
                room: Some("12".into()),
                bed: Some("B".into()),
                facility: Some("GENERAL".into()),
            }),
        }),
    }
}

pub fn reading(measurement: Measurement, model: &str, quality: Vec<Quality>) -> Reading {
    Reading {
        id: ReadingId::new(Uuid::from_u128(9)),
        measurement,
        device: DeviceIdentity {
            id: DeviceId("device".into()),
            model: model.into(),
            serial: Some("A-1042".into()),
            firmware: None,
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: TIME,
        quality,
        raw_sha256: "00".repeat(32),
    }
}

pub fn blood_pressure() -> Outgoing {
    let pressure = BloodPressure {
        systolic: Decimal::from(128),
        diastolic: Decimal::from(82),
        mean: Some(Decimal::from(97)),
        pulse: Some(Decimal::from(74)),
    };
    let measurement = Measurement::BloodPressure(pressure);
    let of = reading(measurement, "SunTech Advantage", vec![Quality::IrregularPulse]);
    hl7::reading(entry(2), &of, &chart()).unwrap()
}

pub fn oxygen_saturation() -> Outgoing {
    let of = Measurement::Oximetry(Oximetry { spo2: Decimal::from(97), pulse: None });
    hl7::reading(entry(3), &reading(of, "Nonin Xpod", Vec::new()), &chart()).unwrap()
}

pub fn temperature() -> Outgoing {
    let celsius = Decimal::new(3760, -2);
    let of = Measurement::Temperature(Temperature { celsius, site: Some(BodySite::Tympanum) });
    hl7::reading(entry(4), &reading(of, "Ear thermometer", Vec::new()), &chart()).unwrap()
}

pub fn consciousness() -> Outgoing {
    let what = Finding::Consciousness { level: Consciousness::Confusion };
    hl7::observed(entry(5), &Observed { what, by: "Maria Silva".into() }, TIME, &chart())
}

/// With everything that means something to a message.
pub fn note() -> Outgoing {
    let text = "Lungs clear | 37.6 °C & rising.\nPlan: C:\\x ~ \"^\" tomorrow.";
    let note = Note { author: "Dr. Amara Weiss".into(), text: text.into() };
    hl7::note(entry(6), &note, TIME, &chart())
}

pub fn receipt() -> Outgoing {
    let text = include_str!("../../../fhir/testdata/receipt.txt").to_owned();
    let note = Note { author: "Telemedicine cart cart-3-east".into(), text };
    hl7::receipt(entry(8), &note, TIME, &chart())
}

pub fn still() -> Outgoing {
    picture(None)
}

pub fn picture(examined: Option<Examined>) -> Outgoing {
    let words = Still {
        sha256: "00".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: 4,
        width: 1920,
        height: 1080,
        taken: TIME,
        examined,
    };
    hl7::still(entry(7), &words, &[0xff, 0xd8, 0xff, 0xd9], &chart())
}

/// A file of half a second in which a tenth is missing.
pub fn auscultation() -> Outgoing {
    let words = Auscultation {
        sha256: "00".repeat(32),
        media_type: "audio/wav".into(),
        bytes: 4,
        site: AuscultationSite::Mitral,
        began: TIME,
        millis: 500,
        gaps: vec![SoundGap { at_ms: 200, millis: 100 }],
    };
    hl7::auscultation(entry(9), &words, b"RIFF", &chart())
}
