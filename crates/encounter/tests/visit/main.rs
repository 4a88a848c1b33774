//! Whose reading is it? The stories that must end in the right chart, or in the tray.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod cart;
mod tray;

use cart::{Cart, MINUTE, SECOND, cuff, opening};
use cart_api::{Identifier, Refusal};
use clinical::{
    Auscultation, AuscultationSite, DeviceId, EntryBody, Finding, Observed, Reading, Timestamp,
};
use encounter::{Effect, Input, Opening, Unassigned, Visit};

#[test]
fn an_encounter_needs_a_nurse_and_two_different_identifiers() {
    let mut cart = Cart::new();
    let nobody = Opening { nurse: None, ..opening() };
    assert_eq!(cart.handle(Input::Open(nobody)), refused(Refusal::NotSignedIn));
    for confirmed in [vec![], vec![Identifier::Name], vec![Identifier::Name, Identifier::Name]] {
        let unsure = Opening { confirmed, ..opening() };
        assert_eq!(cart.handle(Input::Open(unsure)), refused(Refusal::NotIdentified));
    }
    assert!(cart.visit.open().is_none());
    cart.open();
    assert_eq!(cart.handle(Input::Open(opening())), refused(Refusal::EncounterOpen));
}

#[test]
fn what_is_kept_tells_the_story_in_order() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let reading = cart.reading("cuff", "a");
    cart.hear(reading).unwrap();
    cart.end();
    let kinds: Vec<_> = cart.kept.iter().map(|entry| (entry.encounter, &entry.body)).collect();
    assert!(
        matches!(
            kinds[..],
            [(a, EntryBody::Opened(_)), (b, EntryBody::Reading(_)), (c, EntryBody::Closed)]
                if a == encounter && b == encounter && c == encounter
        ),
        "{kinds:?}"
    );
}

#[test]
fn without_an_encounter_a_reading_is_nobodys() {
    let mut cart = Cart::new();
    let reading = cart.reading("cuff", "a");
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::NoEncounter)));
    cart.open();
    cart.end();
    let reading = cart.reading("cuff", "b");
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::NoEncounter)));
}

#[test]
fn a_device_that_is_not_armed_is_nobodys_until_it_is() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let reading = cart.reading("borrowed", "a");
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::NotArmed)));
    cart.handle(Input::Arm(DeviceId("borrowed".into())));
    let reading = cart.reading("borrowed", "b");
    assert_eq!(cart.hear(reading), Ok(encounter));
}

#[test]
fn a_reading_fits_from_two_minutes_before_arming_to_two_minutes_from_now() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    cart.wait(10 * MINUTE);
    for (from_now, expected) in [
        (-12 * MINUTE - 1, Err(Some(Unassigned::TooOld))),
        (-12 * MINUTE, Ok(encounter)),
        (0, Ok(encounter)),
        (2 * MINUTE, Ok(encounter)),
        (2 * MINUTE + 1, Err(Some(Unassigned::FromTheFuture))),
    ] {
        let reading = cart.remembered(from_now);
        assert_eq!(cart.hear(reading), expected, "{from_now} ms from now");
    }
}

#[test]
fn a_device_that_comes_back_was_this_patients_all_the_time() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    cart.wait(20 * MINUTE);
    cart.handle(Input::Arm(DeviceId("thermometer".into())));
    let reading = cart.remembered(-15 * MINUTE);
    assert_eq!(cart.hear(reading), Ok(encounter));
}

#[test]
fn what_the_patient_before_left_in_a_memory_is_not_this_patients() {
    let mut cart = Cart::new();
    cart.open();
    cart.wait(MINUTE);
    cart.end();
    cart.wait(30 * SECOND);
    cart.open();
    let reading = cart.remembered(-31 * SECOND);
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::TooOld)));
    cart.handle(Input::Measure(DeviceId("thermometer".into())));
    let reading = cart.remembered(-32 * SECOND);
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::TooOld)));
}

fn breaths(per_minute: u16) -> Observed {
    Observed { what: Finding::RespiratoryRate { per_minute }, by: "Grace Okafor".into() }
}

#[test]
fn what_a_nurse_observes_is_kept_with_her_name_while_an_encounter_is_open() {
    let mut cart = Cart::new();
    let counted = || Input::Observed(breaths(18));
    assert_eq!(cart.handle(counted()), refused(Refusal::NoEncounter));
    let encounter = cart.open();
    assert!(matches!(cart.handle(counted())[..], [Effect::Keep(_)]));
    let kept = cart.kept.last().unwrap();
    assert_eq!((kept.encounter, &kept.body), (encounter, &EntryBody::Observed(breaths(18))));
    cart.end();
    assert_eq!(cart.handle(counted()), refused(Refusal::NoEncounter));
}

#[test]
fn a_respiratory_rate_that_nobody_counts_is_refused() {
    let mut cart = Cart::new();
    cart.open();
    let rate = |per_minute| Input::Observed(breaths(per_minute));
    assert_eq!(cart.handle(rate(100)), refused(Refusal::NotUnderstood));
    assert!(matches!(cart.handle(rate(99))[..], [Effect::Keep(_)]));
    assert!(matches!(cart.handle(rate(0))[..], [Effect::Keep(_)]));
}

fn sound(began: Timestamp, millis: u32) -> Input {
    Input::Auscultation(Auscultation {
        sha256: "00".repeat(32),
        media_type: "audio/wav".into(),
        bytes: 96_044,
        site: AuscultationSite::Mitral,
        began,
        millis,
        gaps: Vec::new(),
    })
}

#[test]
fn a_sound_is_of_whoever_was_listened_to() {
    let mut cart = Cart::new();
    let before = cart.now;
    assert_eq!(cart.handle(sound(before, 9_000)), refused(Refusal::NoEncounter));
    cart.wait(SECOND);
    let encounter = cart.open();
    assert_eq!(cart.handle(sound(before, 9_000)), refused(Refusal::OtherEncounter));
    assert_eq!(cart.handle(sound(cart.now, 0)), refused(Refusal::NotUnderstood));
    cart.handle(sound(cart.now, 9_000));
    let kept = cart.kept.last().unwrap();
    assert!(matches!(kept.body, EntryBody::Auscultation(_)) && kept.encounter == encounter);
}

#[test]
fn a_repeat_changes_nothing() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let reading = cart.remembered(-SECOND);
    assert_eq!(cart.hear(reading.clone()), Ok(encounter));
    cart.wait(5 * MINUTE);
    let again = Reading { received: cart.now, ..reading.clone() };
    assert_eq!(cart.hear(again.clone()), Err(None));
    cart.end();
    assert_eq!(cart.hear(again), Err(None), "and is not even put into the tray");
}

#[test]
fn the_same_values_later_are_a_measurement_of_their_own() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let first = cart.reading("cuff", "120/80");
    assert_eq!(cart.hear(first), Ok(encounter));
    cart.wait(3 * SECOND);
    let repeated_frame = cart.reading("cuff", "120/80");
    assert_eq!(cart.hear(repeated_frame), Err(None));
    cart.wait(5 * MINUTE);
    let second = cart.reading("cuff", "120/80");
    assert_eq!(cart.hear(second), Ok(encounter));
}

#[test]
fn a_cuff_reading_belongs_to_the_encounter_in_which_it_was_started() {
    let mut cart = Cart::new();
    let first = cart.open();
    assert_eq!(cart.handle(Input::Measure(cuff())), [Effect::Start(cuff())]);
    cart.wait(20 * SECOND);
    let effects = cart.end();
    assert!(matches!(&effects[..], [Effect::Stop(device), Effect::Keep(_)] if *device == cuff()));
    let second = cart.open();
    cart.wait(10 * SECOND);
    let late = cart.reading("cuff", "a");
    assert_eq!(cart.hear(late), Ok(first));
    let next = cart.reading("cuff", "b");
    assert_eq!(cart.hear(next), Ok(second));
}

#[test]
fn a_measurement_that_failed_binds_nothing() {
    let mut cart = Cart::new();
    cart.open();
    cart.handle(Input::Measure(cuff()));
    assert_eq!(cart.handle(Input::Measure(cuff())), refused(Refusal::DeviceBusy));
    cart.handle(Input::MeasurementOver(cuff()));
    cart.end();
    let reading = cart.reading("cuff", "a");
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::NoEncounter)));
}

#[test]
fn nobody_waits_for_a_measurement_longer_than_five_minutes() {
    let mut cart = Cart::new();
    cart.open();
    cart.handle(Input::Measure(cuff()));
    cart.wait(5 * MINUTE + 1);
    assert_eq!(cart.handle(Input::Measure(cuff())), [Effect::Start(cuff())]);
    cart.end();
    cart.wait(5 * MINUTE + 1);
    let reading = cart.reading("cuff", "a");
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::NoEncounter)));
}

#[test]
fn without_an_encounter_nothing_is_measured_kept_or_ended() {
    let mut cart = Cart::new();
    assert_eq!(cart.handle(Input::Measure(cuff())), refused(Refusal::NoEncounter));
    assert_eq!(cart.end(), refused(Refusal::NoEncounter));
}

#[test]
fn a_clock_that_is_set_back_does_not_part_a_patient_from_the_readings() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    cart.wait(-60 * MINUTE);
    let reading = cart.reading("cuff", "a");
    assert_eq!(cart.hear(reading), Ok(encounter));
}

#[test]
fn a_restart_finds_back_into_the_encounter() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    cart.wait(MINUTE);
    let reading = cart.remembered(-SECOND);
    assert_eq!(cart.hear(reading.clone()), Ok(encounter));
    cart.visit = Visit::resume(&cart.kept, opening().devices);
    assert_eq!(cart.visit.open().unwrap().id, encounter);
    assert_eq!(cart.hear(reading), Err(None), "what was kept before is known");
    let reading = cart.remembered(-2 * SECOND);
    assert_eq!(cart.hear(reading), Ok(encounter));
    let older = cart.remembered(-MINUTE - SECOND);
    assert_eq!(cart.hear(older), Err(Some(Unassigned::TooOld)));
}

#[test]
fn a_restart_after_the_end_opens_nothing() {
    let mut cart = Cart::new();
    cart.open();
    cart.end();
    cart.visit = Visit::resume(&cart.kept, opening().devices);
    assert!(cart.visit.open().is_none());
}

fn refused(why: Refusal) -> Vec<Effect> {
    vec![Effect::Refuse(why)]
}
