//! What is sent, as whole messages. The same files are shown in docs/integrators/hl7.md.

use std::{fs, path::Path};

use clinical::{
    Decimal, Ecg, ExamCamera, Examined, Finding, HeartRate, Laterality, Measurement, Observed, Sex,
};
use hl7::{Document, Message, Outgoing, control_id, document, observed, reading};

use crate::visit::{
    self, TIME, auscultation, blood_pressure, chart, consciousness, entry, note, oxygen_saturation,
    receipt, still, temperature,
};

/// Compares with `testdata/{name}.hl7`, where each segment is a line, and makes sure that the
/// integrators' page shows that file.
fn check(sent: &Outgoing, name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("testdata/{name}.hl7"));
    let written = String::from_utf8(sent.bytes.clone()).unwrap().replace('\r', "\n");
    let expected = fs::read_to_string(&file).expect("every payload has its file");
    assert_eq!(written, expected, "{name}");
    let page = fs::read_to_string(root.join("../../docs/integrators/hl7.md")).expect("the page");
    assert!(page.contains(expected.trim()), "docs/integrators/hl7.md does not show {name}");
}

#[test]
fn what_is_measured_goes_as_numbers_with_loinc_ucum_and_its_time() {
    check(&blood_pressure(), "blood_pressure");
    check(&oxygen_saturation(), "oxygen_saturation");
    check(&temperature(), "temperature");
}

#[test]
fn what_a_nurse_sees_goes_with_her_name() {
    check(&consciousness(), "consciousness");
}

#[test]
fn a_note_goes_as_a_document_with_its_number_and_its_lines() {
    check(&note(), "note");
}

#[test]
fn a_receipt_goes_as_a_document_of_another_kind() {
    check(&receipt(), "receipt");
}

#[test]
fn a_picture_goes_as_base64_in_a_result() {
    check(&still(), "still");
}

#[test]
fn a_picture_of_an_ear_says_in_a_comment_which_ear() {
    let ear = Examined::new(ExamCamera::Otoscope, Some(Laterality::Left));
    let comment = b"\rNTE|||Otoscope, left ear";
    let says_it = |sent: Outgoing| sent.bytes.windows(comment.len()).any(|at| at == comment);
    assert!(says_it(visit::picture(Some(ear))) && !says_it(still()));
}

#[test]
fn a_sound_goes_as_base64_with_its_place_and_its_gaps() {
    check(&auscultation(), "auscultation");
}

#[test]
fn each_retry_is_the_same_bytes_and_every_number_follows_from_the_entry() {
    let all =
        [(blood_pressure(), 2), (note(), 6), (still(), 7), (receipt(), 8), (auscultation(), 9)];
    for (sent, last) in all {
        let id = control_id(entry(last).uuid());
        assert_eq!(sent.control_id, id);
        let message = Message::parse(&sent.bytes).unwrap();
        let number = |segment: &str, field| {
            let found = message.segment(segment)?.field(field).component(1).text().unwrap();
            assert_eq!(found.as_deref(), Some(id.as_str()), "{segment}-{field}");
            Some(())
        };
        number("MSH", 10).unwrap();
        let documents = number("TXA", 12);
        let orders = number("ORC", 2).and(number("OBR", 2)).and(number("OBR", 3));
        assert!(documents.or(orders).is_some());
    }
    assert_eq!(blood_pressure().bytes, blood_pressure().bytes);
}

#[test]
fn what_is_not_known_is_absent() {
    let mut unknown = chart();
    unknown.visit = None;
    unknown.patient.system = String::new();
    unknown.patient.birth_date = "unknown".into();
    unknown.patient.sex = Sex::Unknown;
    let what = Finding::RespiratoryRate { per_minute: 18 };
    let sent = observed(entry(1), &Observed { what, by: "A".into() }, TIME, &unknown);
    let message = Message::parse(&sent.bytes).unwrap();
    assert!(message.segment("PV1").is_none());
    let pid = message.segment("PID").unwrap();
    assert_eq!(pid.field(3).raw(), b"100234^^^^MR");
    assert!(pid.field(7).is_absent());
    assert_eq!(pid.field(8).raw(), b"U");
    // Its structure asks for a visit: it says that it knows no class, and nothing else.
    let words = clinical::Note { author: "A".into(), text: String::new() };
    let sent = hl7::note(entry(1), &words, TIME, &unknown);
    let message = Message::parse(&sent.bytes).unwrap();
    assert_eq!(message.segment("PV1").unwrap().raw(), b"PV1|1|U");
}

#[test]
fn an_electrocardiogram_is_no_vital_sign() {
    let ecg = Measurement::Ecg(Ecg { microvolts: vec![1, 2], hertz: 130 });
    assert!(reading(entry(1), &visit::reading(ecg, "Strap", Vec::new()), &chart()).is_none());
    let rate = Measurement::HeartRate(HeartRate { rate: Decimal::from(72) });
    assert!(reading(entry(1), &visit::reading(rate, "Strap", Vec::new()), &chart()).is_some());
}

#[test]
fn a_file_says_what_it_is_and_no_line_breaks_its_base64() {
    let content = vec![0xA5; 300];
    for (media_type, about) in [
        ("application/pdf", "BEDSIDE^AP^PDF^Base64^"),
        ("audio/wav", "BEDSIDE^AU^WAV^Base64^"),
        ("image/png", "BEDSIDE^IM^PNG^Base64^"),
    ] {
        let what = terminology::CONSULT_NOTE;
        let of = Document { what, media_type, content: &content, made: TIME, remarks: &[] };
        let sent = document(entry(1), &of, &chart());
        let message = Message::parse(&sent.bytes).unwrap();
        let value = message.segment("OBX").unwrap().field(5).raw();
        assert!(value.starts_with(about.as_bytes()), "{media_type}");
        assert_eq!(value.len(), about.len() + 400);
    }
}
