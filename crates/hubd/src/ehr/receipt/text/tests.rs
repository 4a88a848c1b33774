//! What a receipt says, word for word.

use clinical::{
    AuscultationSite, BloodPressure, DeviceId, DeviceIdentity, EncounterId, EntryId, ExamCamera,
    Examined, Laterality, Measurement, Note, Patient, Quality, Reading, ReadingId, Sex, SoundGap,
    Still,
};
use uuid::Uuid;

use super::*;

/// 2026-11-22T07:42:00.007Z.
const TIME: Timestamp = Timestamp::from_millis(1_795_333_320_007);

fn minute(number: i64) -> Timestamp {
    TIME.plus_millis(number * 60_000)
}

fn opened() -> Opened {
    let patient = Patient {
        system: "urn:hospital".into(),
        number: "100234".into(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    };
    Opened { patient, nurse: "Maria Silva".into(), cart: "cart-3-east".into() }
}

fn entry(at: Timestamp, body: EntryBody) -> Entry {
    let (id, encounter) = (EntryId::new(Uuid::nil()), EncounterId::new(Uuid::nil()));
    Entry { id, encounter, recorded: at, body }
}

fn cuff() -> Entry {
    let pressure = BloodPressure {
        systolic: 128.into(),
        diastolic: 82.into(),
        mean: None,
        pulse: Some(74.into()),
    };
    let reading = Reading {
        id: ReadingId::new(Uuid::nil()),
        measurement: Measurement::BloodPressure(pressure),
        device: DeviceIdentity {
            id: DeviceId("cuff".into()),
            model: "SunTech Advantage".into(),
            serial: None,
            firmware: None,
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: minute(1),
        quality: vec![Quality::IrregularPulse],
        raw_sha256: "00".repeat(32),
    };
    entry(minute(2), EntryBody::Reading(reading))
}

fn still() -> Entry {
    let examined = Some(Examined::new(ExamCamera::Otoscope, Some(Laterality::Right)));
    let (sha256, media_type) = ("00".repeat(32), "image/jpeg".into());
    let (bytes, width, height, taken) = (4, 1, 1, minute(4));
    let still = Still { sha256, media_type, bytes, width, height, taken, examined };
    entry(minute(4), EntryBody::Still(still))
}

fn sound() -> Entry {
    let (sha256, media_type) = ("00".repeat(32), "audio/wav".into());
    let gaps = vec![SoundGap { at_ms: 100, millis: 250 }];
    let (site, began) = (AuscultationSite::Mitral, minute(4));
    let sound = Auscultation { sha256, media_type, bytes: 4, site, began, millis: 9_000, gaps };
    entry(minute(5), EntryBody::Auscultation(sound))
}

fn breaths() -> Entry {
    let what = Finding::RespiratoryRate { per_minute: 18 };
    entry(minute(3), EntryBody::Observed(Observed { what, by: "Maria Silva".into() }))
}

fn note() -> Entry {
    let note = Note { author: "Dr. Amara Weiss".into(), text: "Lungs clear.".into() };
    entry(minute(5), EntryBody::Note(note))
}

fn told(calls: &[Call], entries: &[(&Entry, Delivery, Fate)]) -> String {
    let opened = opened();
    let (from, until, made) = (TIME, minute(15), minute(16));
    text(&Story { opened: &opened, from, until, calls, entries, study: "2.25.7", made })
}

#[test]
fn a_receipt_says_who_when_what_and_what_became_of_it() {
    let call =
        Call { physician: "Dr. Amara Weiss".into(), answered: minute(3), ended: Some(minute(14)) };
    let (cuff, breaths, still, note) = (cuff(), breaths(), still(), note());
    let sound = sound();
    let entries = [
        (&cuff, Delivery::InEhr, Fate::Chart),
        (&breaths, Delivery::InEhr, Fate::Engine),
        (&still, Delivery::InEhr, Fate::Archive),
        (&sound, Delivery::InEhr, Fate::Chart),
        (&note, Delivery::Unknown, Fate::Chart),
        (&still, Delivery::SetAside, Fate::Chart),
        (&note, Delivery::AtHub, Fate::Chart),
    ];
    let expected = "\
Receipt of a telemedicine consult

Opened: 2026-11-22 07:42:00 UTC by nurse Maria Silva at cart cart-3-east
Call with Dr. Amara Weiss: 2026-11-22 07:45:00 UTC to 2026-11-22 07:56:00 UTC
Closed: 2026-11-22 07:57:00 UTC

Recorded: 7, of which 3 NOT delivered
- 2026-11-22 07:43:00 UTC Blood pressure 128/82 mmHg, pulse 74 /min (SunTech Advantage): in the chart. \
The device reports an irregular pulse.
- 2026-11-22 07:45:00 UTC Respiratory rate 18 /min, observed by Maria Silva: taken by the interface engine.
- 2026-11-22 07:46:00 UTC Still picture, Otoscope, right ear: in the image archive.
- 2026-11-22 07:46:00 UTC Auscultation, heart, mitral area (apex) (0.3 s of its 9.0 s are silence: nothing came from the \
stethoscope): in the chart.
- 2026-11-22 07:47:00 UTC Note by Dr. Amara Weiss: MAY NOT be in the chart, look for it.
- 2026-11-22 07:46:00 UTC Still picture, Otoscope, right ear: NOT in the chart, it was refused.
- 2026-11-22 07:47:00 UTC Note by Dr. Amara Weiss: not yet in the chart.
Study in the image archive: 2.25.7

Made by the hub on 2026-11-22 07:58:00 UTC. What is recorded or delivered later is not in it.";
    assert_eq!(told(&[call], &entries), expected);
}

#[test]
fn a_visit_of_nothing_says_so() {
    let said = told(&[], &[]);
    assert!(said.contains("Call: none was answered\n"), "{said}");
    assert!(said.contains("Recorded: nothing\n"), "{said}");
}

#[test]
fn what_was_all_delivered_is_said_in_a_word_and_a_call_that_goes_on_has_no_end() {
    let cuff = cuff();
    let call = Call { physician: "Dr. Weiss".into(), answered: minute(3), ended: None };
    let said = told(&[call], &[(&cuff, Delivery::InEhr, Fate::Chart)]);
    assert!(said.contains("Recorded: 1, all delivered\n"), "{said}");
    assert!(!said.contains("archive"), "{said}");
    assert!(said.contains("Dr. Weiss: 2026-11-22 07:45:00 UTC still going on\n"), "{said}");
}

#[test]
fn a_visit_of_hours_is_summed_up_and_what_is_missing_stays_visible() {
    let cuff = cuff();
    let mut entries = vec![(&cuff, Delivery::InEhr, Fate::Chart); MOST_LINES + 1];
    entries.push((&cuff, Delivery::SetAside, Fate::Chart));
    let said = told(&[], &entries);
    assert_eq!(said.matches("Blood pressure").count(), MOST_LINES);
    assert!(said.contains("- and 2 more, of which 1 NOT delivered\n"), "{said}");
}
