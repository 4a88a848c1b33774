//! Bundles as servers write them, and what a physician is shown of them.

use hub_api::{AllergyStatement, Criticality};
use serde_json::{Value, json};

use super::*;

mod anything;

const OF: Whose<'_> = Whose { patient: "Patient/1", base: "https://ehr.example/fhir/" };

fn bundle(resources: &[Value]) -> Vec<u8> {
    let entries: Vec<_> = resources.iter().map(|one| json!({ "resource": one })).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries }).to_string().into()
}

/// A resource of the patient.
fn of_patient(kind: &str, mut more: Value) -> Value {
    more["resourceType"] = kind.into();
    let whose = if kind == "AllergyIntolerance" { "patient" } else { "subject" };
    if more.get(whose).is_none() {
        more[whose] = json!({ "reference": "Patient/1" });
    }
    more
}

fn allergy(more: Value) -> Value {
    of_patient("AllergyIntolerance", more)
}

fn one_allergy(more: Value) -> Allergy {
    let mut listing = allergies(&bundle(&[allergy(more)]), OF).unwrap();
    assert_eq!((listing.entries.len(), listing.unreadable, listing.of_others), (1, 0, 0));
    listing.entries.remove(0)
}

fn code(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

#[test]
fn a_concept_says_its_text_else_a_display_else_its_code_and_system() {
    let coding =
        json!([{ "system": "urn:x" }, { "system": "urn:x", "code": "7", "display": "Penicillin" }]);
    for (concept, expected) in [
        (json!({ "text": "Penicillin G", "coding": coding }), "Penicillin G"),
        (json!({ "text": "  ", "coding": coding }), "Penicillin"),
        (code("urn:x", "7"), "7 (urn:x)"),
        (json!({ "coding": [{ "code": "7" }] }), "7"),
    ] {
        assert_eq!(one_allergy(json!({ "code": concept })).what, expected);
    }
}

#[test]
fn an_allergy_keeps_what_was_written_of_it() {
    let read = one_allergy(json!({
        "code": { "text": "Penicillin" }, "criticality": "high", "onsetDateTime": "2009",
        "recordedDate": "2010-04",
        "clinicalStatus": code("urn:s", "active"), "verificationStatus": code("urn:v", "refuted"),
        "reaction": [{ "manifestation": [{ "text": "Hives" }, { "text": "Wheeze" }], "severity": "severe" },
            { "description": "felt ill" }, {}],
    }));
    assert_eq!(read.criticality, Some(Criticality::High));
    assert_eq!(read.reactions, ["Hives, Wheeze (severe)", "felt ill"]);
    let words = (read.onset.as_deref(), read.recorded.as_deref(), read.status.as_deref());
    assert_eq!(words, (Some("2009"), Some("2010-04"), Some("active")));
    assert_eq!(read.verification.as_deref(), Some("refuted"));
}

#[test]
fn that_there_are_no_allergies_is_a_statement_of_its_own() {
    for (system, word, expected) in [
        (crate::codes::SNOMED, "716186003", AllergyStatement::NoneKnown),
        (crate::codes::SNOMED, "409137002", AllergyStatement::NoneKnownOfAKind),
        (crate::codes::SNOMED, "91936005", AllergyStatement::Allergy),
        ("urn:another", "716186003", AllergyStatement::Allergy),
        (
            "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
            "no-known-allergies",
            AllergyStatement::NoneKnown,
        ),
        (
            "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
            "no-allergy-info",
            AllergyStatement::NotAsked,
        ),
    ] {
        assert_eq!(
            one_allergy(json!({ "code": code(system, word) })).statement,
            expected,
            "{word}"
        );
    }
    assert!(allergies(&bundle(&[]), OF).unwrap().entries.is_empty());
}

#[test]
fn what_cannot_be_read_or_is_another_patients_is_counted_and_not_shown() {
    let penicillin = json!({ "text": "Penicillin" });
    let with = |whom: Value| allergy(json!({ "code": penicillin, "patient": whom }));
    let whom = |reference: &str| with(json!({ "reference": reference }));
    let wrong = allergy(json!({ "code": { "text": "Latex" },
        "verificationStatus": code("urn:v", "entered-in-error") }));
    for (resource, shown, unreadable, of_others) in [
        (whom("Patient/1"), 1, 0, 0),
        (whom("Patient/1/_history/4"), 1, 0, 0),
        (whom("https://ehr.example/fhir/Patient/1"), 1, 0, 0),
        (whom("https://other.example/fhir/Patient/1"), 0, 0, 1),
        (whom("Patient/12"), 0, 0, 1),
        (
            allergy(json!({ "code": penicillin, "subject": { "reference": "Patient/1" },
                "patient": { "reference": "Patient/2" } })),
            0,
            0,
            1,
        ),
        (with(json!({ "display": "Grace Okafor" })), 0, 0, 1),
        (with(json!(7)), 0, 0, 1),
        (wrong, 0, 0, 0),
        (allergy(json!({})), 0, 1, 0),
        (allergy(json!({ "code": { "coding": "?" } })), 0, 1, 0),
        (allergy(json!({ "code": penicillin, "criticality": "HIGH" })), 0, 1, 0),
        (json!({ "resourceType": "Basic" }), 0, 1, 0),
        (json!("text"), 0, 1, 0),
        (
            json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "warning" }] }),
            0,
            0,
            0,
        ),
        (
            json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "error" }] }),
            0,
            1,
            0,
        ),
    ] {
        let listing = allergies(&bundle(std::slice::from_ref(&resource)), OF).unwrap();
        let found = (listing.entries.len(), listing.unreadable, listing.of_others);
        assert_eq!(found, (shown, unreadable, of_others), "{resource}");
    }
}

#[test]
fn a_problem_keeps_its_status_and_when_it_began() {
    for (onset, value, expected) in [
        ("onsetDateTime", json!("2019-03"), "2019-03"),
        ("onsetString", json!("as a child"), "as a child"),
        ("onsetAge", json!({ "value": 52.50, "unit": "years" }), "at age 52.5 years"),
        ("onsetPeriod", json!({ "start": "2019" }), "since 2019"),
    ] {
        let mut more =
            json!({ "code": { "text": "Asthma" }, "clinicalStatus": code("urn:s", "resolved") });
        more[onset] = value;
        let listing = problems(&bundle(&[of_patient("Condition", more)]), OF).unwrap();
        let [read] = listing.entries.as_slice() else { panic!("{onset}") };
        assert_eq!(read.onset.as_deref(), Some(expected));
        assert_eq!(read.status.as_deref(), Some("resolved"));
    }
}

#[test]
fn medications_are_listed_while_they_are_not_over_and_named_only_by_what_was_written() {
    let list = |more| {
        medications(&bundle(&[of_patient("MedicationRequest", more)]), OF, "MedicationRequest")
            .unwrap()
    };
    let named = json!({ "text": "Metformin 500 mg" });
    let read = list(
        json!({ "status": "on-hold", "medicationCodeableConcept": named, "authoredOn": "2026-10",
        "dosageInstruction": [{ "text": "1 tablet twice a day" }, { "doseAndRate": [{}] }] }),
    );
    assert_eq!(read.entries[0].what, "Metformin 500 mg");
    assert_eq!(
        read.entries[0].dosage,
        ["1 tablet twice a day", "dosage in codes only: look in the EHR"]
    );
    for status in ["stopped", "completed", "cancelled", "entered-in-error"] {
        let read = list(json!({ "status": status, "medicationCodeableConcept": named }));
        assert_eq!((read.entries.len(), read.unreadable), (0, 0), "{status}");
    }
    let contained = json!([{ "resourceType": "Medication", "id": "m", "code": named }]);
    for (reference, is_read) in [
        (json!({ "reference": "Medication/7", "display": "Metformin 500 mg" }), true),
        (json!({ "reference": "#m" }), true),
        (json!({ "reference": "#n" }), false),
        (json!({ "reference": "Medication/7" }), false),
    ] {
        let read = list(
            json!({ "status": "active", "contained": contained, "medicationReference": reference }),
        );
        assert_eq!(
            (read.entries.len(), read.unreadable),
            (usize::from(is_read), u32::from(!is_read))
        );
    }
}

fn vital(text: &str, taken: &str, more: Value) -> Value {
    let mut resource = of_patient("Observation", more);
    resource["code"] = json!({ "text": text });
    resource["effectiveDateTime"] = taken.into();
    resource
}

#[test]
fn a_vital_sign_keeps_the_digits_and_the_parts_that_the_ehr_has() {
    let text = bundle(&[vital("Weight", "2026-11-20T08:00:00Z", json!({ "valueQuantity": "Q" }))]);
    let exact = String::from_utf8(text)
        .unwrap()
        .replace(r#""Q""#, r#"{"value": 70.50, "unit": "kg", "comparator": "<"}"#);
    let read = vitals(exact.as_bytes(), OF).unwrap().entries.remove(0);
    assert_eq!(read.values[0].number.unwrap().to_string(), "70.50");
    assert_eq!(read.values[0].comparator.as_deref(), Some("<"));
    let part = |name: &str, value: u32| json!({ "code": { "text": name }, "valueQuantity": { "value": value, "code": "mm[Hg]" } });
    let pressure = vital(
        "Blood pressure",
        "2026-11-20",
        json!({ "component": [part("Systolic", 120),
        { "code": { "text": "Diastolic" }, "dataAbsentReason": { "text": "not asked" } }] }),
    );
    let read = vitals(&bundle(&[pressure]), OF).unwrap().entries.remove(0);
    assert_eq!(read.values[0].what.as_deref(), Some("Systolic"));
    assert_eq!(read.values[0].unit.as_deref(), Some("mm[Hg]"));
    assert_eq!(read.values[1].text.as_deref(), Some("no value: not asked"));
    for unknown in
        [json!({}), json!({ "valueSampledData": {} }), json!({ "valueQuantity": { "unit": "kg" } })]
    {
        let listing = vitals(&bundle(&[vital("Weight", "2026", unknown)]), OF).unwrap();
        assert_eq!((listing.entries.len(), listing.unreadable), (0, 1));
    }
}

#[test]
fn the_newest_of_each_kind_stays_and_a_partial_time_is_never_taken_for_older() {
    let value = json!({ "valueString": "97" });
    let read = vitals(
        &bundle(&[
            vital("Pulse", "2026-11-20T08:00:00Z", value.clone()),
            vital("Pulse", "2026-11-20T09:30:00+01:00", value.clone()),
            vital("Pulse", "2026-11-20T07:00:00-05:00", value.clone()),
            vital("Pulse", "2026-11", value.clone()),
            vital("Weight", "2019-01-01T00:00:00Z", value),
        ]),
        OF,
    )
    .unwrap();
    let left = last_of_each(read.entries);
    let taken: Vec<_> = left.iter().map(|one| one.taken.as_deref().unwrap()).collect();
    assert_eq!(taken, ["2026-11-20T07:00:00-05:00", "2019-01-01T00:00:00Z", "2026-11"]);
}

#[test]
fn a_document_says_what_it_is_of_when_by_whom_and_whether_it_is_signed() {
    let listing = documents(&bundle(&[of_patient("DocumentReference", json!({
        "status": "current", "docStatus": "preliminary", "type": { "text": "Discharge summary" },
        "date": "2026-10-02T10:00:00Z", "author": [{ "display": "Dr. Lindqvist" }, {}],
        "content": [{ "attachment": { "contentType": "application/pdf", "title": "Summary" } }],
    }))]), OF).unwrap();
    let [read] = listing.entries.as_slice() else { panic!() };
    assert_eq!(read.what, "Discharge summary");
    assert_eq!(read.authors, ["Dr. Lindqvist"]);
    assert_eq!(read.content_types, ["application/pdf"]);
    assert_eq!(read.status.as_deref(), Some("preliminary"));
}

#[test]
fn the_next_page_is_where_the_bundle_says() {
    let next = json!({ "resourceType": "Bundle", "link": [{ "relation": "self", "url": "a" },
        { "relation": "next", "url": "https://ehr.example/fhir?page=2" }] });
    let listing = problems(next.to_string().as_bytes(), OF).unwrap();
    assert_eq!(listing.next.as_deref(), Some("https://ehr.example/fhir?page=2"));
    for none in ["", "[]", "{}", r#"{"resourceType": "Patient"}"#, "\u{feff}{}"] {
        assert!(problems(none.as_bytes(), OF).is_err(), "{none}");
    }
}
