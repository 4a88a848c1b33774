//! Any bytes in place of what an EHR answers: they are kept as they came, and what is understood of them is of the
//! patient who was asked for.
#![no_main]

use fhir::{
    Capabilities, Received, Refused, Whose, all_taken, allergies, appointments, documents,
    found_ids, found_patients, location_name, medications, open_encounters, outcome_words,
    problems, says_it_is_there, vitals,
};
use libfuzzer_sys::fuzz_target;

const PATIENT: Whose<'_> = Whose { patient: "Patient/p1", base: "https://ehr.example/fhir" };

fuzz_target!(|input: &[u8]| {
    match Received::parse(input) {
        Ok(received) => assert_eq!(received.bytes(), input),
        // What is no JSON for one reader is none for the others.
        Err(Refused::NotUtf8 { .. }) => assert!(allergies(input, PATIENT).is_err()),
        Err(_) => {}
    }
    chart(input);
    answers(input);
});

/// What a physician reads.
fn chart(input: &[u8]) {
    drop(allergies(input, PATIENT));
    drop(problems(input, PATIENT));
    for kind in ["MedicationRequest", "MedicationStatement"] {
        drop(medications(input, PATIENT, kind));
    }
    drop(vitals(input, PATIENT));
    drop(documents(input, PATIENT));
}

/// What delivery and worklist go by.
fn answers(input: &[u8]) {
    drop(Capabilities::read(input));
    drop((found_ids(input), found_patients(input), open_encounters(input)));
    drop((appointments(input), location_name(input)));
    if let Ok(locations) = all_taken(input, 2) {
        assert_eq!(locations.len(), 2);
    }
    drop((outcome_words(input), says_it_is_there(input)));
}
