//! Rows of the audit as AuditEvents: what R4 requires is there, and nothing is lost.

use std::{fs, path::Path};

use clinical::{
    Act, Actor, AuditEvent, AuditRow, CallId, EncounterId, EntryId, Hex, ReadingId, Subject,
    Timestamp,
};
use fhir::{Received, audit_event};
use serde_json::Value;
use uuid::Uuid;

const TIME: Timestamp = Timestamp::from_millis(1_795_333_320_007);

fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x019a_a8c0_0000_7000_8000_0000_0000_0000 + last)
}

fn row(event: AuditEvent) -> AuditRow {
    AuditRow { position: 65, event, hash: Hex([0xa5; 32]) }
}

fn exported(event: AuditEvent) -> Value {
    let json = audit_event(&row(event), "Bedside hub");
    assert!(!json.contains('\n'), "a line each");
    Received::parse(json.as_bytes()).unwrap_or_else(|refused| panic!("{refused}: {json}"));
    serde_json::from_str(&json).expect("an AuditEvent is JSON")
}

#[test]
fn a_picture_that_a_physician_saw_is_a_read() {
    let event = AuditEvent::new(TIME, Actor::physician("weiss"), Act::PictureSeen)
        .about(Subject::Encounter(EncounterId::new(id(1))))
        .about(Subject::Picture("00".repeat(32)));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expected = fs::read_to_string(root.join("testdata/audit_event.json")).expect("the payload");
    let wanted: Value = serde_json::from_str(&expected).unwrap();
    let sent = exported(event);
    assert_eq!(sent, wanted, "{sent:#}");
    let page = fs::read_to_string(root.join("../../docs/integrators/fhir.md")).expect("the page");
    assert!(page.contains(expected.trim()), "docs/integrators/fhir.md does not show it");
}

/// AuditEvent 6.3.2: type, recorded, agent.requestor, source.observer and one agent who asked are required.
#[test]
fn every_act_has_what_r4_requires_and_its_own_word() {
    let outcomes = ["0", "4", "8", "12"];
    for act in Act::ALL {
        let sent = exported(AuditEvent::new(TIME, Actor::nurse("4711"), *act));
        assert!(sent["type"]["code"].is_string() && sent["type"]["system"].is_string());
        let subtypes = sent["subtype"].as_array().expect("there are some");
        assert_eq!(subtypes.last().unwrap()["code"], act.word());
        assert!(["C", "R", "U", "D", "E"].contains(&sent["action"].as_str().expect("a code")));
        assert!(outcomes.contains(&sent["outcome"].as_str().expect("a code")));
        assert_eq!(sent["recorded"], TIME.to_string());
        assert_eq!(sent["agent"][0]["requestor"], true);
        assert_eq!(sent["agent"][1]["requestor"], false);
        assert_eq!(sent["source"]["observer"]["display"], "Bedside hub");
        assert_eq!(sent["entity"][0]["detail"][0]["valueString"], "65");
        // A RESTful event says which interaction it was, and both agree.
        let is_rest = sent["type"]["code"] == "rest";
        let first = subtypes[0]["code"].as_str().expect("a code");
        let of_action = match sent["action"].as_str().expect("a code") {
            "C" => "create",
            "R" => "read",
            "U" => "update",
            "D" => "delete",
            other => other,
        };
        assert_eq!(is_rest, first == of_action, "{act:?}");
    }
}

#[test]
fn failures_are_told_as_failures() {
    for act in Act::ALL {
        let sent = exported(AuditEvent::new(TIME, Actor::hub(), *act));
        let is_failure = sent["outcome"] != "0";
        let expected = matches!(
            act,
            Act::SignInFailed | Act::EntrySetAside | Act::EntryUnproven | Act::AuditContradicted
        );
        assert_eq!(is_failure, expected, "{act:?}");
    }
}

#[test]
fn every_subject_is_found_again() {
    let subjects = [
        (Subject::Encounter(EncounterId::new(id(1))), id(1).urn().to_string()),
        (Subject::Entry(EntryId::new(id(2))), id(2).urn().to_string()),
        (Subject::Reading(ReadingId::new(id(3))), id(3).urn().to_string()),
        (Subject::Call(CallId::new(id(4))), id(4).urn().to_string()),
        (Subject::Nurse("4711".into()), "nurse 4711".into()),
        (Subject::Physician("weiss".into()), "physician weiss".into()),
        (Subject::Cart("w3".into()), "cart w3".into()),
        (Subject::Picture("ab".repeat(32)), "ab".repeat(32)),
        (Subject::Row(7), "row 7".into()),
    ];
    for (subject, expected) in subjects {
        let sent = exported(AuditEvent::new(TIME, Actor::hub(), Act::EntryKept).about(subject));
        let entity = sent["entity"][0].to_string();
        assert!(entity.contains(&expected), "{expected} in {entity}");
    }
}
