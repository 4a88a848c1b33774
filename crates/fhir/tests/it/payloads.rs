//! What arrives in the EHR, as whole payloads. The same files are shown in docs/integrators/fhir.md.

use std::{fs, path::Path};

use clinical::{
    Auscultation, AuscultationSite, BloodPressure, BodySite, Decimal, DeviceId, DeviceIdentity,
    EncounterId, EntryId, ExamCamera, Examined, Finding, Laterality, Measurement, Note, Observed,
    Opened, Oximetry, Patient, Quality, Reading, ReadingId, Sex, SoundGap, Still, Temperature,
    Timestamp,
    news2::{Breathing, Consciousness},
};
use fhir::{
    Chart, Resource, Visit, auscultation, encounter, note, observations, observed, receipt, still,
};
use serde_json::Value;
use uuid::Uuid;

/// 2026-11-22T07:42:00.007Z.
pub const TIME: Timestamp = Timestamp::from_millis(1_795_333_320_007);

pub fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x019a_a8c0_0000_7000_8000_0000_0000_0000 + last)
}

pub fn chart() -> Chart {
    Chart { patient: "Patient/okafor".into(), encounter: "Encounter/77".into() }
}

pub fn reading(measurement: Measurement, model: &str, quality: Vec<Quality>) -> Reading {
    Reading {
        id: ReadingId::new(id(2)),
        measurement,
        device: DeviceIdentity {
            id: DeviceId("device".into()),
            model: model.into(),
            serial: Some("A-1042".into()),
            firmware: Some("2.1".into()),
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: TIME,
        quality,
        raw_sha256: "00".repeat(32),
    }
}

pub fn opened() -> Opened {
    Opened {
        patient: Patient {
            system: "urn:hospital".into(),
            number: "100234".into(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        },
        nurse: "Maria Silva".into(),
        cart: "cart-3-east".into(),
    }
}

/// Compares with `testdata/{name}.json` and makes sure that the integrators' page shows that file.
fn check(resource: &Resource, name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("testdata/{name}.json"));
    let expected = fs::read_to_string(&file).expect("every payload has its file");
    let sent: Value = serde_json::from_str(&resource.json).expect("a resource is JSON");
    let wanted: Value = serde_json::from_str(&expected).expect("a payload file is JSON");
    assert_eq!(sent, wanted, "{name}: {}", resource.json);
    let page = fs::read_to_string(root.join("../../docs/integrators/fhir.md")).expect("the page");
    assert!(page.contains(expected.trim()), "docs/integrators/fhir.md does not show {name}");
}

#[test]
fn a_blood_pressure_is_a_panel_with_its_mean_and_a_heart_rate() {
    let pressure = BloodPressure {
        systolic: Decimal::from(128),
        diastolic: Decimal::from(82),
        mean: Some(Decimal::from(97)),
        pulse: Some(Decimal::from(74)),
    };
    let reading = reading(
        Measurement::BloodPressure(pressure),
        "SunTech Advantage",
        vec![Quality::IrregularPulse],
    );
    let sent = observations(&reading, &chart());
    assert_eq!(sent.len(), 2);
    check(&sent[0], "blood_pressure");
    check(&sent[1], "heart_rate");
}

#[test]
fn a_cuff_that_reports_neither_mean_nor_pulse_gives_one_observation_of_two_components() {
    let pressure = BloodPressure {
        systolic: Decimal::from(128),
        diastolic: Decimal::from(82),
        mean: None,
        pulse: None,
    };
    let reading = reading(Measurement::BloodPressure(pressure), "Cuff", Vec::new());
    let sent = observations(&reading, &chart());
    assert_eq!(sent.len(), 1);
    let panel: Value = serde_json::from_str(&sent[0].json).unwrap();
    assert_eq!(panel["component"].as_array().unwrap().len(), 2);
    assert!(panel.get("note").is_none());
}

#[test]
fn a_saturation_carries_both_codes_that_us_core_asks_for() {
    let oximetry = Oximetry { spo2: Decimal::from(97), pulse: None };
    let reading = reading(Measurement::Oximetry(oximetry), "Nonin Xpod", Vec::new());
    let sent = observations(&reading, &chart());
    assert_eq!(sent.len(), 1);
    check(&sent[0], "oxygen_saturation");
}

#[test]
fn a_pulse_has_the_same_identifier_every_time_and_not_that_of_the_saturation() {
    let oximetry = Oximetry { spo2: Decimal::from(97), pulse: Some(Decimal::from(74)) };
    let reading = reading(Measurement::Oximetry(oximetry), "Nonin Xpod", Vec::new());
    let (first, again) = (observations(&reading, &chart()), observations(&reading, &chart()));
    assert_eq!(first[0].search(), format!("identifier=urn:ietf:rfc:3986|{}", id(2).urn()));
    assert_eq!(first[1].search(), again[1].search());
    assert_ne!(first[0].search(), first[1].search());
}

#[test]
fn a_temperature_keeps_its_digits() {
    let temperature =
        Temperature { celsius: Decimal::new(3760, -2), site: Some(BodySite::Tympanum) };
    let reading = reading(Measurement::Temperature(temperature), "Ear thermometer", Vec::new());
    let sent = observations(&reading, &chart());
    assert!(sent[0].json.contains(r#""value":37.60,"#), "{}", sent[0].json);
    check(&sent[0], "body_temperature");
}

fn seen(what: Finding) -> Resource {
    observed(EntryId::new(id(5)), &Observed { what, by: "Maria Silva".into() }, TIME, &chart())
}

#[test]
fn what_a_nurse_counts_has_her_as_performer_and_no_device() {
    check(&seen(Finding::RespiratoryRate { per_minute: 18 }), "respiratory_rate");
    check(&seen(Finding::Consciousness { level: Consciousness::Confusion }), "consciousness");
}

#[test]
fn what_a_nurse_sees_is_coded_by_what_she_saw() {
    for (what, code) in [
        (Finding::Consciousness { level: Consciousness::Alert }, "248234008"),
        (Finding::Consciousness { level: Consciousness::Voice }, "300202002"),
        (Finding::Consciousness { level: Consciousness::Pain }, "450847001"),
        (Finding::Consciousness { level: Consciousness::Unresponsive }, "422768004"),
        (Finding::Breathing { of: Breathing::Air }, "722742002"),
        (Finding::Breathing { of: Breathing::Oxygen }, "371825009"),
        (Finding::Pregnancy { pregnant: true }, "77386006"),
        (Finding::Pregnancy { pregnant: false }, "60001007"),
    ] {
        let sent: Value = serde_json::from_str(&seen(what).json).unwrap();
        assert_eq!(sent["valueCodeableConcept"]["coding"][0]["code"], code, "{what:?}");
        assert_eq!(sent["performer"][0]["display"], "Maria Silva");
        assert!(sent.get("device").is_none() && sent.get("contained").is_none(), "{sent}");
    }
}

#[test]
fn an_encounter_is_in_progress_until_it_is_closed() {
    let opened = opened();
    let mut visit = Visit { id: EncounterId::new(id(1)), opened: &opened, from: TIME, until: None };
    check(&encounter(&visit, "Patient/okafor"), "encounter_opened");
    visit.until = Some(TIME.plus_millis(900_000));
    check(&encounter(&visit, "Patient/okafor"), "encounter_closed");
}

/// Of the room, or of what an exam camera saw.
fn picture(examined: Option<Examined>) -> Resource {
    let words = Still {
        sha256: "00".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: 4,
        width: 1920,
        height: 1080,
        taken: TIME,
        examined,
    };
    still(EntryId::new(id(3)), &words, &[0xff, 0xd8, 0xff, 0xd9], &chart())
}

#[test]
fn a_still_carries_its_picture() {
    check(&picture(None), "still");
}

#[test]
fn a_still_of_an_ear_says_which_ear() {
    let ear = Examined::new(ExamCamera::Otoscope, Some(Laterality::Left));
    let (room, ear) = (picture(None).json, picture(Some(ear)).json);
    let title = |words: &str| format!(r#""title":"{words}""#);
    let plain = title("Still picture of a telemedicine consult");
    assert!(room.contains(&plain));
    assert_eq!(ear, room.replace(&plain, &title("Still picture, Otoscope, left ear")));
}

/// Of twelve seconds, in which half a second is missing.
pub fn sound() -> Resource {
    let words = Auscultation {
        sha256: "00".repeat(32),
        media_type: "audio/wav".into(),
        bytes: 4,
        site: AuscultationSite::Mitral,
        began: TIME,
        millis: 12_000,
        gaps: vec![SoundGap { at_ms: 3_000, millis: 500 }],
    };
    auscultation(EntryId::new(id(7)), &words, b"RIFF", &chart())
}

#[test]
fn a_sound_carries_its_file_its_place_and_what_is_missing_of_it() {
    check(&sound(), "auscultation");
}

#[test]
fn a_note_carries_its_text_and_who_wrote_it() {
    let words = Note { author: "Dr. Amara Weiss".into(), text: "Lungs clear. 37.6 °C.".into() };
    check(&note(EntryId::new(id(4)), &words, TIME, &chart()), "note");
}

#[test]
fn a_receipt_is_a_summary_by_the_cart() {
    let text = include_str!("../../testdata/receipt.txt");
    let words = Note { author: "Telemedicine cart cart-3-east".into(), text: text.into() };
    check(&receipt(EntryId::new(id(6)), &words, TIME, &chart()), "receipt");
}
