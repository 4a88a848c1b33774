//! An encounter of an adult, whose values come one after the other.

use proptest::prelude::*;

use super::*;
use crate::{
    BloodPressure, BodySite, DeviceId, DeviceIdentity, EncounterId, EntryId, HeartRate,
    Measurement, Observed, Oximetry, Quality, ReadingId, Sex, Temperature,
    news2::{Parameter, Risk},
};

const MINUTE: i64 = 60_000;
/// 2026-11-22T07:42:00Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);
const ID: &str = "0193a5e0-0000-7000-8000-000000000001";

fn born(birth_date: &str) -> Patient {
    Patient {
        system: "urn:hospital".into(),
        number: "100234".into(),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: birth_date.into(),
        sex: Sex::Female,
    }
}

fn entry(minutes_ago: i64, body: EntryBody) -> Entry {
    let encounter: EncounterId = ID.parse().unwrap();
    let id: EntryId = ID.parse().unwrap();
    Entry { id, encounter, recorded: NOW.plus_millis(-minutes_ago * MINUTE), body }
}

fn seen(minutes_ago: i64, what: Finding) -> Entry {
    entry(minutes_ago, EntryBody::Observed(Observed { what, by: "Maria Silva".into() }))
}

fn doubted(minutes_ago: i64, measurement: Measurement, quality: Vec<Quality>) -> Entry {
    let id: ReadingId = ID.parse().unwrap();
    let (serial, firmware) = (None, None);
    let device = DeviceIdentity { id: DeviceId("a".into()), model: "A".into(), serial, firmware };
    let received = NOW.plus_millis(-minutes_ago * MINUTE);
    let reading = Reading {
        id,
        measurement,
        device,
        device_time: None,
        corrected_time: None,
        sequence: None,
        received,
        quality,
        raw_sha256: String::new(),
    };
    entry(minutes_ago, EntryBody::Reading(reading))
}

fn measured(minutes_ago: i64, measurement: Measurement) -> Entry {
    doubted(minutes_ago, measurement, Vec::new())
}

fn spo2(spo2: u16) -> Measurement {
    Measurement::Oximetry(Oximetry { spo2: spo2.into(), pulse: None })
}

fn pressure(systolic: u16, pulse: Option<u16>) -> Measurement {
    let (diastolic, pulse) = (80.into(), pulse.map(Decimal::from));
    let systolic = systolic.into();
    Measurement::BloodPressure(BloodPressure { systolic, diastolic, mean: None, pulse })
}

fn degrees(tenths: i64, site: Option<BodySite>) -> Measurement {
    Measurement::Temperature(Temperature { celsius: Decimal::new(tenths, -1), site })
}

/// Each of the seven, from 10 minutes ago to 4: 2 + 1 + 2 + 0 + 0 + 0 + 0 points.
fn complete() -> Vec<Entry> {
    vec![
        seen(10, Finding::RespiratoryRate { per_minute: 22 }),
        measured(9, spo2(95)),
        seen(8, Finding::Breathing { of: Breathing::Oxygen }),
        measured(7, pressure(120, None)),
        measured(6, Measurement::HeartRate(HeartRate { rate: 75.into() })),
        seen(5, Finding::Consciousness { level: Consciousness::Alert }),
        measured(4, degrees(370, None)),
    ]
}

fn score_at(entries: &[Entry], now: Timestamp) -> (News2, Option<Timestamp>) {
    match EarlyWarning::of(&born("1958-03-14"), entries.iter().filter_map(Vital::of), now) {
        EarlyWarning::Score { news2, until, .. } => (news2, until),
        EarlyWarning::NotFor { why } => panic!("{why}"),
    }
}

fn score(entries: &[Entry]) -> News2 {
    score_at(entries, NOW).0
}

fn with(more: Entry) -> News2 {
    let mut entries = complete();
    entries.push(more);
    score(&entries)
}

#[test]
fn seven_values_within_the_hour_are_a_score() {
    let (news2, until) = score_at(&complete(), NOW);
    assert_eq!((news2.total, news2.risk), (Some(5), Some(Risk::Medium)));
    assert_eq!(until, Some(NOW.plus_millis(50 * MINUTE)), "an hour after the oldest of them");
}

#[test]
fn nothing_observed_is_no_score_and_ends_never() {
    let (news2, until) = score_at(&[], NOW);
    assert_eq!((news2.total, news2.missing.len(), until), (None, 7, None));
}

#[test]
fn a_value_of_an_hour_ago_is_missing() {
    let last = NOW.plus_millis(50 * MINUTE - 1);
    assert_eq!(score_at(&complete(), last).0.total, Some(5));
    let (news2, until) = score_at(&complete(), last.plus_millis(1));
    assert_eq!((news2.total, news2.missing), (None, vec![Parameter::RespiratoryRate]));
    assert_eq!(until, Some(NOW.plus_millis(51 * MINUTE)));
}

#[test]
fn the_newest_value_counts_whatever_order_it_comes_in() {
    assert_eq!(with(measured(3, spo2(97))).parts.spo2, Some(0));
    assert_eq!(with(measured(30, spo2(80))).parts.spo2, Some(1));
    assert_eq!(with(measured(3, pressure(120, Some(135)))).parts.pulse, Some(3));
    assert_eq!(with(measured(3, pressure(85, None))).parts.pulse, Some(0));
}

#[test]
fn a_value_that_its_device_doubts_is_missing_and_no_older_one_stands_in() {
    for quality in [Quality::Questionable, Quality::DeviceFault, Quality::Demonstration] {
        let news2 = with(doubted(3, spo2(97), vec![quality]));
        assert_eq!((news2.total, news2.missing), (None, vec![Parameter::Spo2]), "{quality:?}");
    }
    let unusual = with(doubted(3, spo2(70), vec![Quality::Unusual, Quality::LowPerfusion]));
    assert_eq!(unusual.parts.spo2, Some(3));
}

#[test]
fn the_skin_of_a_finger_is_no_temperature_of_the_body() {
    assert_eq!(with(measured(1, degrees(330, Some(BodySite::Finger)))).parts.temp, Some(0));
    assert_eq!(with(measured(1, degrees(395, Some(BodySite::Mouth)))).parts.temp, Some(2));
}

#[test]
fn children_pregnant_patients_and_those_of_unknown_age_have_no_score() {
    let check = |birth_date: &str, entries: &[Entry], why: NotFor| {
        let vitals = entries.iter().filter_map(Vital::of);
        let found = EarlyWarning::of(&born(birth_date), vitals, NOW);
        assert_eq!(found, EarlyWarning::NotFor { why }, "{birth_date}");
    };
    check("2010-11-23", &complete(), NotFor::Under16);
    check("", &complete(), NotFor::AgeUnknown);
    check("14.3.1958", &complete(), NotFor::AgeUnknown);
    check("2027-01-01", &complete(), NotFor::AgeUnknown);
    let mut pregnant = complete();
    pregnant.push(seen(300, Finding::Pregnancy { pregnant: true }));
    check("1990-01-01", &pregnant, NotFor::Pregnant);
    pregnant.push(seen(1, Finding::Pregnancy { pregnant: false }));
    assert_eq!(score(&pregnant).total, Some(5), "the nurse took it back");
    let entries = complete();
    let vitals = entries.iter().filter_map(Vital::of);
    let sixteen = EarlyWarning::of(&born("2010-11-22"), vitals, NOW);
    assert!(matches!(sixteen, EarlyWarning::Score { .. }), "on the birthday");
}

#[test]
fn a_prescribed_scale_holds_for_the_encounter_and_moves_the_limit() {
    let mut entries = vec![measured(2, spo2(88))];
    let judged = |entries: &[Entry]| {
        let vitals = || entries.iter().filter_map(Vital::of);
        let low = Limits::expected(&born("1958-03-14"), vitals(), NOW).spo2.low;
        (score(entries).parts.spo2, low)
    };
    assert_eq!(judged(&entries), (Some(3), Some(92.into())));
    entries.push(seen(300, Finding::OxygenScale { scale: Spo2Scale::Two }));
    assert_eq!(judged(&entries), (Some(0), Some(84.into())));
    entries.push(seen(1, Finding::OxygenScale { scale: Spo2Scale::One }));
    assert_eq!(judged(&entries), (Some(3), Some(92.into())), "it was taken back");
}

#[test]
fn for_whom_there_is_no_score_there_are_no_usual_limits() {
    let expected = |birth_date: &str, entries: &[Entry]| {
        Limits::expected(&born(birth_date), entries.iter().filter_map(Vital::of), NOW)
    };
    assert_eq!(expected("2015-01-01", &[]), Limits::default());
    assert_eq!(expected("", &[]), Limits::default());
    let pregnant = [seen(5, Finding::Pregnancy { pregnant: true })];
    assert_eq!(expected("1990-01-01", &pregnant), Limits::default());
    assert_ne!(expected("1990-01-01", &[]), Limits::default());
}

proptest! {
    #[test]
    fn a_score_has_a_total_exactly_when_nothing_is_missing(
        kept in proptest::collection::vec(any::<bool>(), 7),
        ages in proptest::collection::vec(0_i64..90, 7),
    ) {
        let entries = complete().into_iter().zip(&ages).zip(&kept);
        let entries: Vec<_> = entries
            .filter(|(_, kept)| **kept)
            .map(|((entry, age), _)| moved(entry, *age))
            .collect();
        let fresh = kept.iter().zip(&ages).filter(|(kept, age)| **kept && **age < 60).count();
        let news2 = score(&entries);
        prop_assert_eq!(news2.missing.len(), 7 - fresh);
        prop_assert_eq!(news2.total.is_some(), fresh == 7);
        prop_assert_eq!(news2.risk.is_some(), fresh == 7);
    }
}

fn moved(entry: Entry, minutes_ago: i64) -> Entry {
    let at = NOW.plus_millis(-minutes_ago * MINUTE);
    let body = match entry.body {
        EntryBody::Reading(reading) => EntryBody::Reading(Reading { received: at, ..reading }),
        other => other,
    };
    Entry { recorded: at, body, ..entry }
}
