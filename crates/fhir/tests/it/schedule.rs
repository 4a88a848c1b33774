//! What schedules and patient records look like when they come from an EHR.

use clinical::Sex;
use fhir::{ReadError, appointments, location_name, patient};

fn bundle(appointments: &[&str]) -> Vec<u8> {
    let entries: Vec<_> =
        appointments.iter().map(|each| format!(r#"{{"resource":{each}}}"#)).collect();
    format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#, entries.join(","))
        .into_bytes()
}

#[test]
fn appointments_come_earliest_first_with_patient_place_and_reason() {
    let late = r#"{"resourceType":"Appointment","description":"Wound check",
        "start":"2026-11-22T10:00:00Z","participant":[{"actor":{"reference":"Patient/b"}},
        {"actor":{"reference":"Location/9","display":"Bed 3"}}]}"#;
    let early = r#"{"resourceType":"Appointment","reasonCode":[{"text":"Fever"}],"description":"x",
        "start":"2026-11-22T09:00:00Z","participant":[{"actor":{"reference":"Patient/a"}}]}"#;
    let found = appointments(&bundle(&[late, early])).unwrap();
    assert_eq!(found[0].patient, "Patient/a");
    assert_eq!((found[0].reason.as_str(), found[0].place.as_deref()), ("Fever", None));
    assert_eq!(found[1].reason, "Wound check");
    assert_eq!(found[1].location.as_deref(), Some("Location/9"));
    assert_eq!(found[1].place.as_deref(), Some("Bed 3"));
}

#[test]
fn a_slot_without_a_patient_is_left_out() {
    let meeting = r#"{"resourceType":"Appointment","participant":[{"actor":{"display":"Team"}},
        {"status":"accepted"}]}"#;
    assert_eq!(appointments(&bundle(&[meeting])).unwrap(), []);
}

#[test]
fn a_search_that_found_nothing_has_no_entries() {
    assert_eq!(appointments(br#"{"resourceType":"Bundle","total":0}"#).unwrap(), []);
}

#[test]
fn a_patient_is_known_by_the_record_number_and_the_official_name() {
    let grace = patient(
        br#"{"resourceType":"Patient","id":"okafor","gender":"female","birthDate":"1958-03-14",
        "identifier":[{"system":"urn:insurance","value":"X1"},
          {"type":{"coding":[{"code":"MR"}]},"system":"urn:hospital","value":"100234"}],
        "name":[{"use":"maiden","family":"Eze","given":["Grace"]},
          {"use":"official","family":"Okafor","given":["Grace","Ada"]}]}"#,
    )
    .unwrap();
    assert_eq!((grace.system.as_str(), grace.number.as_str()), ("urn:hospital", "100234"));
    assert_eq!(grace.name(), "Okafor, Grace Ada");
    assert_eq!(grace.sex, Sex::Female);
}

#[test]
fn a_patient_without_a_number_a_name_or_a_birth_date_is_not_identifiable() {
    let number = r#""identifier":[{"system":"urn:hospital","value":"1"}]"#;
    let name = r#""name":[{"family":"Okafor"}]"#;
    for (fields, missing) in [
        (name.to_owned(), "record number"),
        (number.to_owned(), "name"),
        (format!("{number},{name}"), "birth date"),
    ] {
        let json = format!(r#"{{"resourceType":"Patient","id":"7",{fields}}}"#);
        match patient(json.as_bytes()) {
            Err(ReadError::NotIdentifiable { patient, missing: found }) => {
                assert_eq!((patient.as_str(), found), ("Patient/7", missing));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_page_of_a_proxy_is_not_a_patient() {
    assert!(matches!(patient(b"<html>"), Err(ReadError::Shape { .. })));
}

#[test]
fn a_location_has_a_name() {
    assert_eq!(location_name(br#"{"resourceType":"Location","name":"Bed 3"}"#).unwrap(), "Bed 3");
}
