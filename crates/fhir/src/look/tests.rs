//! What is taken for ours, and what is not.

use serde_json::{Value, json};

use super::*;
use crate::Identifier as OurIdentifier;

const ID: uuid::Uuid = uuid::Uuid::from_u128(0x0192_f0a1_7c3e_7d2a_9b1c_0000_0000_0001);

fn panel() -> Value {
    let component = |code: &str, value: &str| {
        let value: serde_json::Number = value.parse().unwrap();
        json!({
            "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
            "valueQuantity": { "value": value, "unit": "mmHg", "code": "mm[Hg]" },
        })
    };
    json!({
        "resourceType": "Observation",
        "identifier": [{ "system": "urn:ietf:rfc:3986", "value": ID.urn().to_string() }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }] },
        "effectiveDateTime": "2026-11-22T09:12:00Z",
        "component": [component("8480-6", "128"), component("8462-4", "82")],
    })
}

fn ours() -> Resource {
    Resource {
        kind: "Observation",
        identifier: OurIdentifier::of(ID),
        json: panel().to_string(),
        at: "2026-11-22T09:12:00Z".parse().unwrap(),
    }
}

fn searchset(resources: &[Value]) -> Value {
    let entry: Vec<_> = resources.iter().map(|each| json!({ "resource": each })).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entry })
}

/// The server has one that differs as `change` says.
fn check(change: impl FnOnce(&mut Value), expected: Presence) {
    let mut theirs = panel();
    change(&mut theirs);
    let found = searchset(&[json!({ "resourceType": "Observation" }), theirs.clone()]);
    assert_eq!(ours().is_in(found.to_string().as_bytes()).unwrap(), expected, "{theirs}");
}

fn forget(theirs: &mut Value) {
    theirs["identifier"] = json!([]);
}

#[test]
fn our_identifier_is_proof_enough() {
    check(|_| {}, Presence::There);
    check(|theirs| theirs["component"] = json!([]), Presence::There);
    check(|theirs| theirs["resourceType"] = json!("DiagnosticReport"), Presence::Missing);
}

#[test]
fn where_it_was_dropped_the_same_said_of_the_same_instant_is() {
    check(forget, Presence::There);
    check(
        |theirs| {
            forget(theirs);
            theirs["effectiveDateTime"] = json!("2026-11-22T10:12:00.000+01:00");
            theirs["component"][0]["valueQuantity"]["value"] = json!(128.0);
            theirs["component"].as_array_mut().unwrap().push(json!({ "code": { "text": "mean" } }));
            theirs["code"]["coding"].as_array_mut().unwrap().insert(0, json!({ "code": "5" }));
        },
        Presence::There,
    );
}

#[test]
fn what_differs_is_another_reading() {
    let different: [fn(&mut Value); 5] = [
        |theirs| theirs["effectiveDateTime"] = json!("2026-11-22T09:12:01Z"),
        |theirs| theirs["component"][0]["valueQuantity"]["value"] = json!(129),
        |theirs| theirs["component"][0]["valueQuantity"]["code"] = json!("kPa"),
        |theirs| theirs["component"] = json!([theirs["component"][0]]),
        |theirs| theirs["code"] = json!({ "coding": [{ "code": "85354-9" }] }),
    ];
    for change in different {
        check(
            |theirs| {
                forget(theirs);
                change(theirs);
            },
            Presence::Missing,
        );
    }
}

#[test]
fn another_of_our_own_is_another_reading_even_with_the_same_value() {
    let other = "urn:uuid:00000000-0000-0000-0000-000000000001";
    check(|theirs| theirs["identifier"][0]["value"] = json!(other), Presence::Missing);
}

#[test]
fn a_page_of_many_proves_nothing() {
    let mut found = searchset(&[]);
    assert_eq!(ours().is_in(found.to_string().as_bytes()).unwrap(), Presence::Missing);
    found["link"] = json!([{ "relation": "self", "url": "x" }, { "relation": "next", "url": "y" }]);
    assert_eq!(ours().is_in(found.to_string().as_bytes()).unwrap(), Presence::Unclear);
    assert!(ours().is_in(b"no").is_err());
}
