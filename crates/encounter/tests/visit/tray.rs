//! What must never be bound by itself, and what a person may do about it.

use cart_api::{Identifier, Refusal};
use clinical::{DeviceId, EncounterId, EntryBody, Quality, Reading, Timestamp};
use encounter::{Effect, Input, Unassigned};
use proptest::prelude::*;

use crate::{
    cart::{Cart, MINUTE, SECOND, cuff, opening},
    refused,
};

#[test]
fn a_device_whose_clock_is_a_year_off_is_bound_by_the_corrected_time() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let year = 365 * 24 * 60 * MINUTE;
    let device_time = Some(cart.now.plus_millis(-year));
    let corrected_time = Some(cart.now.plus_millis(-SECOND));
    let reading = Reading { device_time, corrected_time, ..cart.reading("cuff", "a") };
    assert_eq!(cart.hear(reading), Ok(encounter));
}

#[test]
fn a_time_that_could_not_be_corrected_binds_nothing() {
    let mut cart = Cart::new();
    cart.open();
    let device_time = Some(cart.now);
    let reading = Reading { device_time, ..cart.reading("cuff", "a") };
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::TimeUnknown)));
}

#[test]
fn a_record_of_a_memory_that_says_no_time_is_nobodys() {
    let mut cart = Cart::new();
    cart.open();
    let reading = Reading { sequence: Some(7), ..cart.reading("thermometer", "frame") };
    assert_eq!(cart.hear(reading), Err(Some(Unassigned::TimeUnknown)));
}

#[test]
fn a_value_out_of_a_memory_without_times_is_nobodys_and_the_awaited_one_still_bound() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    cart.handle(Input::Measure(cuff()));
    let stored = cart.reading("cuff", "stored");
    let said = cart.handle(Input::Undated(stored.clone()));
    let why = Unassigned::TimeUnknown;
    assert_eq!(said, [Effect::KeepUnassigned { reading: stored.clone(), why }]);
    assert_eq!(cart.handle(Input::Undated(stored)), []);
    let measured = cart.reading("cuff", "measured");
    assert_eq!(cart.hear(measured), Ok(encounter));
}

#[test]
fn control_solution_and_demonstrations_are_never_a_patients_not_even_claimed() {
    for quality in [Quality::ControlSolution, Quality::Demonstration] {
        let mut cart = Cart::new();
        cart.open();
        cart.handle(Input::Measure(cuff()));
        let reading = Reading { quality: vec![quality], ..cart.reading("cuff", "a") };
        assert_eq!(cart.hear(reading.clone()), Err(Some(Unassigned::NotAPatients)));
        assert_eq!(cart.handle(claim(reading, &BOTH)), refused(Refusal::NotAPatients));
    }
}

const BOTH: [Identifier; 2] = [Identifier::Name, Identifier::Number];

fn claim(reading: Reading, confirmed: &[Identifier]) -> Input {
    Input::Claim { reading, confirmed: confirmed.to_vec() }
}

#[test]
fn a_claim_needs_an_open_encounter_and_two_identifiers() {
    let mut cart = Cart::new();
    let reading = cart.reading("borrowed", "a");
    assert_eq!(cart.handle(claim(reading.clone(), &BOTH)), refused(Refusal::NoEncounter));
    let encounter = cart.open();
    for confirmed in [&[][..], &[Identifier::Name], &[Identifier::Name, Identifier::Name]] {
        let effects = cart.handle(claim(reading.clone(), confirmed));
        assert_eq!(effects, refused(Refusal::NotIdentified));
    }
    let effects = cart.handle(claim(reading.clone(), &BOTH));
    let [Effect::KeepClaimed(entry)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((entry.encounter, &entry.body), (encounter, &EntryBody::Reading(reading)));
}

#[test]
fn a_record_is_known_by_number_and_time_and_a_cleared_memory_counts_anew() {
    let mut cart = Cart::new();
    let encounter = cart.open();
    let first = Reading { sequence: Some(1), ..cart.remembered(-SECOND) };
    assert_eq!(cart.hear(first.clone()), Ok(encounter));
    cart.wait(MINUTE);
    let again = Reading { received: cart.now, raw_sha256: "other context".into(), ..first };
    assert_eq!(cart.hear(again), Err(None), "number and time are the same");
    let counted_anew = Reading { sequence: Some(1), ..cart.remembered(-SECOND) };
    assert_eq!(cart.hear(counted_anew), Ok(encounter));
}

#[derive(Clone, Debug)]
enum Step {
    Open,
    End,
    Arm(usize),
    Wait(i64),
    /// A device, and how far from now it measured; `None`: it does not say.
    Hear(usize, Option<i64>),
}

const DEVICES: [&str; 3] = ["cuff", "thermometer", "borrowed"];

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES.len();
    prop_oneof![
        2 => Just(Step::Open),
        2 => Just(Step::End),
        2 => device.clone().prop_map(Step::Arm),
        3 => (0..5 * MINUTE).prop_map(Step::Wait),
        9 => (device, proptest::option::of(-20 * MINUTE..10 * MINUTE))
            .prop_map(|(device, from_now)| Step::Hear(device, from_now)),
    ]
}

/// What a nurse would say is armed since when, kept beside the rules.
#[derive(Default)]
struct Truth {
    open: Option<EncounterId>,
    armed: Vec<(&'static str, Timestamp)>,
}

impl Truth {
    fn arm(&mut self, device: &'static str, now: Timestamp) {
        if self.open.is_some() && !self.armed.iter().any(|(armed, _)| *armed == device) {
            self.armed.push((device, now));
        }
    }

    fn allows(
        &self,
        encounter: EncounterId,
        device: &str,
        measured: Option<Timestamp>,
        now: Timestamp,
    ) -> bool {
        let since = self.armed.iter().find(|(armed, _)| *armed == device).map(|(_, since)| *since);
        let fits = |since: Timestamp| {
            measured.is_none_or(|measured| {
                measured >= since.plus_millis(-2 * MINUTE)
                    && measured <= now.plus_millis(2 * MINUTE)
            })
        };
        self.open == Some(encounter) && since.is_some_and(fits)
    }
}

proptest! {
    #[test]
    fn no_reading_is_bound_outside_the_window_or_of_a_device_that_is_not_armed(
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let (mut cart, mut truth) = (Cart::new(), Truth::default());
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Open if truth.open.is_none() => {
                    truth = Truth { open: Some(cart.open()), armed: Vec::new() };
                    for device in &DEVICES[..opening().devices.len()] {
                        truth.arm(device, cart.now);
                    }
                }
                Step::End if truth.open.is_some() => {
                    cart.end();
                    truth = Truth::default();
                }
                Step::Open | Step::End => {}
                Step::Arm(device) => {
                    cart.handle(Input::Arm(DeviceId(DEVICES[device].into())));
                    truth.arm(DEVICES[device], cart.now);
                }
                Step::Wait(ms) => cart.wait(ms),
                Step::Hear(device, from_now) => {
                    let measured = from_now.map(|from_now| cart.now.plus_millis(from_now));
                    let bytes = number.to_string();
                    let reading = Reading {
                        device_time: measured,
                        corrected_time: measured,
                        ..cart.reading(DEVICES[device], &bytes)
                    };
                    if let Ok(encounter) = cart.hear(reading) {
                        prop_assert!(truth.allows(encounter, DEVICES[device], measured, cart.now));
                    }
                }
            }
        }
    }
}
