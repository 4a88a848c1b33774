//! From messages to who is in the house, whatever order they come in.

use std::slice;

use clinical::Timestamp;
use hl7::{Census, Message, Refused, facts};
use proptest::prelude::*;

const AUTHORITY: &str = "HOSP";
const SYSTEM: &str = "urn:hospital:mrn";

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// On the morning of [`now`], in this minute of the hour.
fn message(event: &str, minute: u32, lines: &str) -> Message {
    let text = format!(
        "MSH|^~\\&|ADT|GEN|BEDSIDE|WARD|2026112208{minute:02}||ADT^{event}|C{minute}|P|2.5.1\r{lines}"
    );
    Message::parse(text.as_bytes()).unwrap()
}

fn pid(number: &str, family: &str) -> String {
    format!("PID|||{number}^^^HOSP^MR||{family}^Grace||19580314|F\r")
}

fn visit(number: &str, bed: &str) -> String {
    format!("PV1||I|3E^12^{bed}{}{number}\r", "|".repeat(16))
}

fn stay(event: &str, minute: u32, number: &str, family: &str, bed: &str) -> Message {
    message(event, minute, &(pid(number, family) + &visit("V1", bed)))
}

fn merge(minute: u32, prior: &str, into: &str) -> Message {
    message("A40", minute, &format!("{}MRG|{prior}^^^HOSP^MR\r", pid(into, "Okafor")))
}

fn after(messages: &[Message]) -> Census {
    let mut census = Census::default();
    for message in messages {
        let facts = facts(message, AUTHORITY, now()).unwrap();
        census.take(census.news(facts));
    }
    census
}

/// Number, family name and place.
fn present(census: &Census, at: Timestamp) -> Vec<(String, String, String)> {
    let one = |of: hl7::Present| (of.patient.number, of.patient.family, of.place);
    census.present(SYSTEM, at).into_iter().map(one).collect()
}

#[track_caller]
fn check(messages: &[Message], expected: &[(&str, &str, &str)]) {
    let owned = |(a, b, c): &(&str, &str, &str)| (a.to_string(), b.to_string(), c.to_string());
    let expected: Vec<_> = expected.iter().map(owned).collect();
    assert_eq!(present(&after(messages), now()), expected);
}

#[test]
fn each_event_says_who_is_here_and_where() {
    let admitted = stay("A01", 1, "7", "Okafor", "A");
    let here = [("7", "Okafor", "3E 12 A")];
    check(slice::from_ref(&admitted), &here);
    check(&[stay("A04", 1, "7", "Okafor", "A")], &here);
    check(&[stay("A08", 1, "7", "Okafor", "A")], &here);
    let moved = [("7", "Bell", "3E 12 B")];
    check(&[admitted.clone(), stay("A02", 2, "7", "Bell", "B")], &moved);
    check(&[admitted.clone(), stay("A08", 2, "7", "Bell", "B")], &moved);
    let gone = stay("A03", 3, "7", "Okafor", "A");
    check(&[admitted.clone(), gone.clone()], &[]);
    check(&[admitted.clone(), gone.clone(), stay("A08", 4, "7", "Bell", "B")], &[]);
    check(&[admitted.clone(), stay("A11", 2, "7", "Okafor", "A")], &[]);
    check(&[admitted, gone, stay("A13", 4, "7", "Okafor", "A")], &here);
}

#[test]
fn who_has_no_whole_birth_date_is_left_off_until_it_is_told() {
    let unknown = message("A01", 1, "PID|||7^^^HOSP^MR||Doe||1958\r");
    check(slice::from_ref(&unknown), &[]);
    check(&[unknown, stay("A08", 2, "7", "Okafor", "A")], &[("7", "Okafor", "3E 12 A")]);
}

#[test]
fn an_outpatient_and_who_is_only_updated_leave_after_a_day_and_an_inpatient_does_not() {
    let next_day = now().plus_millis(24 * 60 * 60 * 1_000);
    for (event, stays) in [("A01", 1), ("A04", 0), ("A08", 0)] {
        let census = after(&[stay(event, 1, "7", "Okafor", "A")]);
        assert_eq!(present(&census, next_day).len(), stays, "{event}");
    }
}

#[test]
fn the_end_of_one_visit_is_not_that_of_another() {
    let other = message("A01", 2, &(pid("7", "Okafor") + &visit("V2", "B")));
    let both = [stay("A01", 1, "7", "Okafor", "A"), other];
    check(&both, &[("7", "Okafor", "3E 12 B")]);
    let ended = [both.as_slice(), &[stay("A03", 3, "7", "Okafor", "A")]].concat();
    check(&ended, &[("7", "Okafor", "3E 12 B")]);
}

#[test]
fn a_merged_number_is_the_survivors_and_a_circle_is_nobodys() {
    let merged = [stay("A01", 1, "7", "Okafor", "A"), merge(2, "7", "8"), merge(3, "8", "9")];
    let census = after(&merged);
    assert_eq!(census.survivor("7"), Some("9"));
    assert_eq!(census.survivor("9"), None);
    check(&merged, &[("9", "Okafor", "3E 12 A")]);
    let circle = after(&[merge(1, "7", "8"), merge(2, "8", "7")]);
    assert_eq!(circle.survivor("7"), None);
    let chain = |length: u32| {
        let links = (1..=length).map(|n| merge(n, &n.to_string(), &(n + 1).to_string()));
        after(&links.collect::<Vec<_>>())
    };
    assert_eq!(chain(8).survivor("1"), Some("9"));
    assert_eq!(chain(9).survivor("1"), None);
}

#[test]
fn a_stay_that_began_under_a_merged_number_ends_and_moves_under_the_surviving_one() {
    let merged = [stay("A01", 1, "7", "Okafor", "A"), merge(2, "7", "8")];
    let and = |message| [merged.as_slice(), &[message]].concat();
    check(&and(stay("A02", 3, "8", "Okafor", "B")), &[("8", "Okafor", "3E 12 B")]);
    check(&and(stay("A03", 3, "8", "Okafor", "A")), &[]);
    let gone = after(&and(stay("A03", 3, "8", "Okafor", "A")));
    let days = |count: i64| now().plus_millis(count * 24 * 60 * 60 * 1_000);
    assert_eq!(gone.outdated(days(31)).len(), 6, "two each of persons, stays and places");
}

#[test]
fn what_names_nobody_is_refused_with_its_field() {
    let refused = |message: &Message| facts(message, AUTHORITY, now()).err().unwrap().to_string();
    let other = message("A01", 1, "PID|||7^^^ELSEWHERE^MR||Okafor\r");
    assert!(refused(&other).starts_with("PID-3 is no medical record number"));
    let account = message("A01", 1, "PID|||7^^^HOSP^AN||Okafor\r");
    assert!(refused(&account).starts_with("PID-3 is no"));
    assert!(refused(&merge(1, "7", "7")).starts_with("MRG-1 is no number other than"));
    let at = |time: &str| {
        let text = format!("MSH|^~\\&|||||{time}||ADT^A01|1|P|2.5.1\r{}", pid("7", "Okafor"));
        facts(&Message::parse(text.as_bytes()).unwrap(), AUTHORITY, now()).err()
    };
    assert_eq!(at(""), Some(Refused::Missing("MSH-7")));
    assert_eq!(at("20261123110000"), None);
    let expected = "time of the past";
    assert_eq!(at("20261124"), Some(Refused::Malformed { field: "MSH-7", expected }));
}

#[test]
fn what_nobody_needs_is_forgotten_and_who_is_here_is_not() {
    let mut census = after(&[
        stay("A01", 1, "7", "Okafor", "A"),
        stay("A01", 1, "8", "Nakamura", "B"),
        stay("A03", 2, "8", "Nakamura", "B"),
        merge(3, "6", "7"),
    ]);
    let days = |count: i64| now().plus_millis(count * 24 * 60 * 60 * 1_000);
    assert!(census.outdated(days(29)).is_empty());
    let outdated = census.outdated(days(31));
    assert_eq!(outdated.len(), 3, "the person, the stay and the place of 8");
    census.forget(&outdated);
    assert_eq!(present(&census, days(31)).len(), 1);
    assert_eq!(census.survivor("6"), Some("7"));
    census.forget(&census.outdated(days(400)));
    assert!(census.is_empty());
}

/// Few numbers and times, so that messages meet.
fn any_message() -> impl Strategy<Value = Message> {
    let event = prop::sample::select(vec!["A01", "A02", "A03", "A04", "A08", "A11", "A13"]);
    let number = prop::sample::select(vec!["1", "2", "3"]);
    let family = prop::sample::select(vec!["Okafor", "Bell"]);
    let told = (event, 1..6_u32, number.clone(), family, "[AB]")
        .prop_map(|(event, minute, number, family, bed)| stay(event, minute, number, family, &bed));
    let merged = (1..6_u32, number.clone(), number)
        .prop_filter("of two", |(_, prior, into)| prior != into)
        .prop_map(|(minute, prior, into)| merge(minute, prior, into));
    prop_oneof![4 => told, 1 => merged]
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_end_the_same(
        messages in prop::collection::vec(any_message(), 0..12),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
    ) {
        // Two messages of one sender have two control ids.
        let mut messages = messages;
        let mut seen = std::collections::BTreeSet::new();
        messages.retain(|of| seen.insert(of.header().field(10).raw().to_vec()));
        let mut shuffled = messages.clone();
        for (place, other) in places.iter().enumerate().filter(|_| !messages.is_empty()) {
            shuffled.swap(place % messages.len(), other.index(messages.len()));
        }
        let repeated = [shuffled.clone(), messages.clone(), shuffled].concat();
        prop_assert!(after(&repeated) == after(&messages));
    }
}
