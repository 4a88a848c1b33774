//! What a scale sends, and what becomes of it.

use clinical::{BodyComposition, Decimal, Quality};
use proptest::prelude::*;

use super::{
    quirks::{AND, AND_CLOCK, AND_WEIGHT, BEURER, STANDARD},
    *,
};
use crate::{clock::TEST, gatt::CURRENT_TIME, testdata::hex};

/// Captured from a Beurer BF720 and a BF788: 79.96 kg; fat 19.4 %; no contact.
const WEIGHING: &str = "0e783eea07050c12353601ee002607";
const BODY: &str = "9803c200df1a9701cc2fca21a811";
const NO_CONTACT: &str = "9803000096230000000000000000";

fn scale() -> Scale {
    let mut driver = Scale::new(&STANDARD);
    let _ = driver.handle(0, Event::Up(TEST));
    driver
}

fn gives(driver: &mut Scale, channel: Channel, bytes: &str) -> Vec<Action> {
    driver.handle(1_000, Event::Bytes { channel, bytes: &hex(bytes) })
}

fn only(actions: &[Action]) -> Measured {
    let [Action::Report(Report::Measured(measured))] = actions else { panic!("{actions:?}") };
    measured.clone()
}

fn kilograms(measured: &Measured) -> String {
    let Measurement::Weight(weight) = &measured.measurement else { panic!("{measured:?}") };
    weight.kilograms.to_string()
}

fn body(measured: &Measured) -> &BodyComposition {
    let Measurement::BodyComposition(body) = &measured.measurement else { panic!("{measured:?}") };
    body
}

fn failed() -> Vec<Action> {
    vec![Action::Report(Report::Failed(Failure::Device))]
}

#[test]
fn a_weighing_and_what_was_found_in_the_body_are_two_readings_of_one_time() {
    let mut driver = scale();
    let weight = only(&gives(&mut driver, WEIGHT, WEIGHING));
    assert_eq!(kilograms(&weight), "79.96");
    assert_eq!(weight.device_time.unwrap().to_string(), "2026-05-12T18:53:54.000Z");
    assert_eq!(weight.corrected_time.unwrap().to_string(), "2026-05-12T17:53:54.000Z");
    let found = only(&gives(&mut driver, COMPOSITION, BODY));
    assert_eq!(body(&found).fat_percent, Decimal::new(194, -1));
    assert_eq!(body(&found).water_kg, Some(Decimal::new(4325, -2)));
    assert_eq!(found.device_time, weight.device_time);
    assert_eq!(found.corrected_time, weight.corrected_time);
}

#[test]
fn what_did_not_succeed_is_a_failure_and_never_a_number() {
    let mut driver = scale();
    assert_eq!(gives(&mut driver, WEIGHT, "00ffff"), failed());
    assert_eq!(gives(&mut driver, COMPOSITION, NO_CONTACT), failed());
    assert_eq!(gives(&mut driver, COMPOSITION, "0000ffff"), failed());
    let said = gives(&mut driver, WEIGHT, "000000");
    let [Action::Report(Report::Malformed(wrong))] = &said[..] else { panic!("{said:?}") };
    assert_eq!(wrong.what, Wrong::Implausible);
}

#[test]
fn a_scale_that_speaks_pounds_gives_kilograms() {
    let weight = only(&gives(&mut scale(), WEIGHT, "01543d"));
    assert_eq!(kilograms(&weight), "71.21");
    assert_eq!(weight.corrected_time, None);
}

#[test]
fn stored_weighings_come_one_after_the_other() {
    let mut driver = scale();
    let weights: Vec<_> = (0_u16..500)
        .map(|number| {
            let [low, high] = (14_000 + number).to_le_bytes();
            let bytes = &[0, low, high];
            only(&driver.handle(1_000, Event::Bytes { channel: WEIGHT, bytes }))
        })
        .collect();
    assert_eq!(weights.len(), 500);
    assert_eq!(kilograms(&weights[499]), "72.495");
}

#[test]
fn a_clock_a_year_off_is_put_right_and_told() {
    let mut driver = scale();
    let actions = gives(&mut driver, CURRENT_TIME, "e9070b16082a00060000");
    assert!(matches!(&actions[..], [Action::Write { channel: CURRENT_TIME, .. }]));
    let weight = only(&gives(&mut driver, WEIGHT, "02b036e9070b16082900"));
    assert_eq!(weight.quality, [Quality::ClockOff]);
    // The clock was asked a second after the cart's showed what `TEST` says.
    assert_eq!(weight.corrected_time, Some(TEST.utc.plus_millis(-59_000)));
}

#[test]
fn a_weighing_whose_date_is_none_is_not_taken_as_of_now_and_neither_is_its_body() {
    let mut driver = scale();
    let weight = only(&gives(&mut driver, WEIGHT, "02b036 0000000000 0000"));
    assert!(weight.undated);
    assert!(only(&gives(&mut driver, COMPOSITION, BODY)).undated);
    assert!(!only(&gives(&mut driver, WEIGHT, "01543d")).undated);
}

#[test]
fn a_composition_in_two_parts_is_one() {
    let mut driver = scale();
    assert_eq!(gives(&mut driver, COMPOSITION, "1010c200 9701"), []);
    assert_eq!(driver.deadline(), Some(6_000));
    let found = only(&gives(&mut driver, COMPOSITION, "0012c200 a811"));
    assert_eq!(driver.deadline(), None);
    assert_eq!(body(&found).muscle_percent, Some(Decimal::new(407, -1)));
    assert_eq!(body(&found).impedance_ohm, Some(Decimal::new(4520, -1)));
    assert_eq!(found.raw, hex("1010c200 9701 0012c200 a811"));
}

#[test]
fn a_part_that_stays_alone_is_told_as_it_is() {
    let first = "1010c200 9701";
    for event in [Event::Timer, Event::Down, Event::Up(TEST)] {
        let mut driver = scale();
        assert_eq!(gives(&mut driver, COMPOSITION, first), []);
        assert_eq!(driver.handle(5_999, Event::Timer), []);
        let found = only(&driver.handle(6_000, event)[..1]);
        assert_eq!(body(&found).impedance_ohm, None);
    }
    let mut driver = scale();
    assert_eq!(gives(&mut driver, COMPOSITION, first), []);
    let both = gives(&mut driver, COMPOSITION, BODY);
    assert_eq!(both.len(), 2);
    assert_eq!(gives(&mut driver, COMPOSITION, first), []);
    assert_eq!(gives(&mut driver, WEIGHT, "00b036").len(), 2);
}

#[test]
fn a_composition_with_everything_comes_in_two_parts() {
    let mut driver = scale();
    let first = "3e10c800 ea0709040f3500 01 401f 9001 581b";
    assert_eq!(gives(&mut driver, COMPOSITION, first), []);
    let second = "c01fc800e02e882c401f8813983ad606";
    let found = only(&gives(&mut driver, COMPOSITION, second));
    assert_eq!(body(&found).fat_percent, Decimal::new(200, -1));
    assert_eq!(body(&found).muscle_percent, Some(Decimal::new(400, -1)));
    assert_eq!(body(&found).water_kg, Some(Decimal::new(400, -1)));
    assert_eq!(body(&found).impedance_ohm, Some(Decimal::new(5000, -1)));
    assert_eq!(found.device_time.unwrap().to_string(), "2026-09-04T15:53:00.000Z");
}

#[test]
fn parts_of_two_measurements_are_not_joined() {
    for second in ["0012d200 a811", "0412c200 02 a811", "0212c200 ea070904 0f3500 a811"] {
        let mut driver = scale();
        assert_eq!(gives(&mut driver, COMPOSITION, "1010c200 9701"), []);
        let first = only(&gives(&mut driver, COMPOSITION, second));
        assert_eq!(body(&first).impedance_ohm, None, "{second}");
        assert!(driver.part.is_some(), "{second}");
    }
}

#[test]
fn a_scale_without_the_weight_service_tells_the_weight_with_the_body() {
    let mut driver = scale();
    let bytes = "000e4600401fb036e803";
    assert_eq!(gives(&mut driver, COMPOSITION, bytes).len(), 1);
    assert_eq!(driver.handle(0, Event::Refused(WEIGHT)), []);
    let both = gives(&mut driver, COMPOSITION, bytes);
    assert_eq!(kilograms(&only(&both[..1])), "70.00");
    assert_eq!(body(&only(&both[1..])).fat_percent, Decimal::new(70, -1));
    assert_eq!(driver.handle(0, Event::Refused(COMPOSITION)), failed());
}

#[test]
fn only_a_scale_that_measures_for_known_persons_is_asked_for_consent() {
    let asks = |driver: &mut Scale| {
        let actions = driver.handle(0, Event::Up(TEST));
        actions.iter().any(|action| matches!(action, Action::Write { channel: USER, .. }))
    };
    assert!(!asks(&mut Scale::new(&STANDARD)));
    let mut beurer = Scale::new(&BEURER);
    assert!(asks(&mut beurer));
    let second = gives(&mut beurer, USER, "200205");
    assert_eq!(second, [Action::Write { channel: USER, bytes: hex("0202ea07") }]);
    assert_eq!(gives(&mut beurer, USER, "200201"), []);
    assert!(beurer.handle(0, Event::Up(TEST)).contains(&second[0]), "it remembers who it was");
    assert_eq!(gives(&mut beurer, USER, "200204"), failed());
    assert_eq!(beurer.handle(0, Event::Refused(USER)), failed());
}

#[test]
fn a_scale_with_the_time_in_its_own_service_is_set_there() {
    let mut driver = Scale::new(&AND);
    let _ = driver.handle(0, Event::Up(TEST));
    let asked = driver.handle(0, Event::Refused(CURRENT_TIME));
    assert_eq!(asked, [Action::Read(AND_CLOCK)]);
    let set = gives(&mut driver, AND_CLOCK, "e9070b16082a00");
    let bytes = hex("ea070b16082a01");
    assert_eq!(set, [Action::Write { channel: AND_CLOCK, bytes }]);
}

#[test]
fn a_scale_with_its_own_characteristic_for_the_weight_counts_in_tenths() {
    let mut driver = Scale::new(&AND);
    let actions = driver.handle(0, Event::Up(TEST));
    assert!(actions.contains(&Action::SubscribeIfThere(AND_WEIGHT)));
    assert_eq!(driver.handle(0, Event::Refused(WEIGHT)), []);
    assert_eq!(driver.handle(0, Event::Refused(COMPOSITION)), []);
    let weight = only(&gives(&mut driver, AND_WEIGHT, "021a03e90704170d3a1e"));
    assert_eq!(kilograms(&weight), "79.4");
    assert_eq!(weight.device_time.unwrap().to_string(), "2025-04-23T13:58:30.000Z");
    assert_eq!(driver.handle(0, Event::Refused(AND_WEIGHT)), failed());
}

proptest! {
    #[test]
    fn any_bytes_are_readings_or_named_faults(
        values in proptest::collection::vec(
            (0_usize..3, proptest::collection::vec(any::<u8>(), 0..40)), 0..40),
    ) {
        let mut driver = Scale::new(&BEURER);
        let _ = driver.handle(0, Event::Up(TEST));
        for (place, bytes) in values {
            let channel = [WEIGHT, COMPOSITION, USER][place];
            for action in driver.handle(1_000, Event::Bytes { channel, bytes: &bytes }) {
                if let Action::Report(Report::Malformed(wrong)) = action {
                    prop_assert!(wrong.bytes.len() <= Malformation::LIMIT);
                }
            }
            prop_assert_eq!(driver.deadline().is_some(), driver.part.is_some());
        }
    }
}
