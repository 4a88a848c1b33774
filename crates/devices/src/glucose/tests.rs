//! What a glucose meter sends, and what becomes of it.

use clinical::{GlucoseSample, GlucoseUnit, Meal, Quality, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::{
    clock::TEST,
    said::{measured, written_to},
    testdata::hex,
};

const DAY: i64 = 86_400_000;

/// The link opens, and the meter answers to all that it is asked.
fn opened(driver: &mut Meter, now: Millis, serial: &[u8], shown: Option<&str>) -> Vec<Action> {
    let mut actions = driver.handle(now, Event::Up(TEST));
    actions.extend(gives(driver, now, SERIAL, serial));
    actions.extend(match shown {
        Some(time) => gives(driver, now, CURRENT_TIME, &hex(time)),
        None => driver.handle(now, Event::Refused(CURRENT_TIME)),
    });
    actions.extend(gives(driver, now, FEATURE, &[0, 0]));
    actions.extend(driver.handle(driver.deadline().unwrap(), Event::Timer));
    actions
}

fn gives(driver: &mut Meter, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
    driver.handle(now, Event::Bytes { channel, bytes })
}

/// A driver that has asked for all records and been told how many there are.
fn fetching(count: u16) -> Meter {
    let mut driver = Meter::default();
    let actions = opened(&mut driver, 0, b"M1", None);
    assert_eq!(written(&actions), ["0401"]);
    let [low, high] = count.to_le_bytes();
    let actions = gives(&mut driver, 600, CONTROL, &[5, 0, low, high]);
    assert_eq!(written(&actions), ["0101"]);
    driver
}

fn written(actions: &[Action]) -> Vec<String> {
    written_to(CONTROL, actions)
}

fn only(actions: &[Action]) -> Measured {
    let [measured] = &measured(actions)[..] else { panic!("{actions:?}") };
    measured.clone()
}

fn glucose(measured: &Measured) -> &Glucose {
    let Measurement::Glucose(glucose) = &measured.measurement else { panic!("{measured:?}") };
    glucose
}

/// 95 mg/dL in capillary whole blood, at 2026-11-22T08:40:00 of the meter's clock.
fn record(flags: u8, sequence: u16) -> Vec<u8> {
    let [low, high] = sequence.to_le_bytes();
    [&[flags | 0x02, low, high][..], &hex("ea070b16082800 5fb011")].concat()
}

#[test]
fn everything_else_is_asked_before_the_records_are() {
    let mut driver = Meter::default();
    let actions = driver.handle(0, Event::Up(TEST));
    let place = |wanted: Action| actions.iter().position(|action| *action == wanted).unwrap();
    assert!(place(Action::Read(CURRENT_TIME)) < place(Action::Subscribe(MEASUREMENT)));
    assert!(place(Action::Subscribe(CONTROL)) < place(Action::Read(FEATURE)));
    assert_eq!(written(&actions), Vec::<String>::new());
    assert_eq!(written(&driver.handle(30_000, Event::Timer)), ["0401"]);
}

#[test]
fn a_record_becomes_a_reading_in_the_unit_of_the_meter() {
    let mut driver = fetching(1);
    let said = only(&gives(&mut driver, 700, MEASUREMENT, &record(0, 42)));
    let expected = Glucose {
        concentration: 95_u16.into(),
        unit: GlucoseUnit::MgPerDl,
        sample: Some(GlucoseSample::CapillaryWholeBlood),
        meal: None,
    };
    assert_eq!(*glucose(&said), expected);
    assert_eq!(said.sequence, Some(42));
    assert_eq!(said.serial.as_deref(), Some("M1"));
    assert_eq!(said.device_time.unwrap().to_string(), "2026-11-22T08:40:00.000Z");
    assert_eq!(said.corrected_time.unwrap().to_string(), "2026-11-22T07:40:00.000Z");
    assert_eq!(said.raw, record(0, 42));
}

#[test]
fn what_the_patient_told_the_meter_is_joined() {
    let mut driver = fetching(2);
    assert_eq!(gives(&mut driver, 700, MEASUREMENT, &record(0x10, 1)), []);
    assert_eq!(gives(&mut driver, 700, MEASUREMENT, &record(0x10, 2)), []);
    assert_eq!(gives(&mut driver, 700, CONTEXT, &hex("02 0900 03")), [], "of no record");
    let first = only(&gives(&mut driver, 700, CONTEXT, &hex("02 0100 02")));
    assert_eq!((first.sequence, glucose(&first).meal), (Some(1), Some(Meal::AfterMeal)));
    let second = only(&gives(&mut driver, 700, CONTROL, &hex("06000101")));
    assert_eq!((second.sequence, glucose(&second).meal), (Some(2), None));
}

#[test]
fn records_whose_context_never_comes_are_few_and_not_lost() {
    let mut driver = fetching(500);
    let mut said = Vec::new();
    for number in 1..=500 {
        said.extend(gives(&mut driver, 700, MEASUREMENT, &record(0x10, number)));
        assert!(driver.held.len() <= HELD);
    }
    said.extend(gives(&mut driver, 700, CONTROL, &hex("06000101")));
    let numbers: Vec<_> = measured(&said).iter().map(|it| it.sequence.unwrap()).collect();
    assert_eq!(numbers, (1..=500).collect::<Vec<_>>());
}

#[test]
fn five_hundred_records_come_and_the_next_question_is_for_newer_ones() {
    let mut driver = fetching(500);
    let mut readings = 0;
    for number in 1..=500 {
        readings += measured(&gives(&mut driver, 700, MEASUREMENT, &record(0, number))).len();
    }
    assert_eq!(readings, 500);
    assert_eq!(gives(&mut driver, 800, CONTROL, &hex("06000101")), []);
    assert_eq!(driver.deadline(), None);
    let actions = driver.handle(900, Event::Command(Command::Measure));
    assert_eq!(written(&actions), ["040301f501"]);
}

#[test]
fn a_link_lost_inside_the_procedure_is_taken_up_at_the_same_meter() {
    let mut driver = fetching(3);
    for number in 1..=2 {
        gives(&mut driver, 700, MEASUREMENT, &record(0, number));
    }
    assert_eq!(gives(&mut driver, 700, MEASUREMENT, &record(0x10, 3)), []);
    assert_eq!(only(&driver.handle(800, Event::Down)).sequence, Some(3));
    assert_eq!(driver.deadline(), None);
    assert_eq!(written(&opened(&mut driver, 900, b"M1", None)), ["0403010400"]);
}

#[test]
fn another_meter_or_another_link_is_asked_for_everything() {
    let mut driver = fetching(2);
    gives(&mut driver, 700, MEASUREMENT, &record(0, 1));
    let _ = driver.handle(800, Event::Down);
    assert_eq!(written(&opened(&mut driver, 900, b"M2", None)), ["0401"]);

    let mut driver = fetching(1);
    gives(&mut driver, 700, MEASUREMENT, &record(0, 1));
    gives(&mut driver, 700, CONTROL, &hex("06000101"));
    let _ = driver.handle(800, Event::Down);
    assert_eq!(written(&opened(&mut driver, 900, b"M1", None)), ["0401"]);
}

#[test]
fn a_meter_whose_clock_is_a_year_off_is_put_right_and_told() {
    let mut driver = Meter::default();
    // The cart's wall shows 2026-11-22T08:42:00.
    let actions = opened(&mut driver, 0, b"M1", Some("e9070b16082a00 06 00 00"));
    assert_eq!(written_to(CURRENT_TIME, &actions), [""; 0], "its records first");
    gives(&mut driver, 600, CONTROL, &hex("05000100"));
    let year_ago = hex("02 0100 e9070b16082800 5fb011");
    let said = only(&gives(&mut driver, 700, MEASUREMENT, &year_ago));
    assert_eq!(said.quality, [Quality::ClockOff]);
    let shown: Timestamp = "2025-11-22T08:40:00Z".parse().unwrap();
    assert_eq!(said.device_time, Some(shown));
    let true_time = said.corrected_time.unwrap();
    assert_eq!(true_time, TEST.utc.plus_millis(-120_000));
    assert_eq!(true_time.millis_since(shown), 365 * DAY - 3_600_000);
    let done = gives(&mut driver, 700, CONTROL, &hex("06000101"));
    assert_eq!(written_to(CURRENT_TIME, &done), ["ea070b16082a0007b302"]);
}

/// An hour fast, it would show what was measured an hour ago as of now.
#[test]
fn what_a_cut_link_left_in_a_fast_meter_is_put_right_also_by_a_cart_that_forgot_it() {
    let fast = Some("ea070b16092a00 07 00 00");
    for mut driver in [Meter::default(), Meter::default()] {
        let mut actions = opened(&mut driver, 0, b"M1", fast);
        actions.extend(gives(&mut driver, 600, CONTROL, &hex("05000200")));
        let an_hour_ago = hex("02 0100 ea070b16082a00 5fb011");
        let reported = gives(&mut driver, 700, MEASUREMENT, &an_hour_ago);
        let said = only(&reported);
        assert_eq!(said.corrected_time, Some(TEST.utc.plus_millis(-3_600_000)));
        actions.extend(driver.handle(800, Event::Down));
        assert_eq!(written_to(CURRENT_TIME, &actions), [""; 0], "the meter stays as it is");
    }
}

#[test]
fn a_clock_that_meter_and_cart_find_wrong_is_told_once() {
    let mut driver = Meter::default();
    opened(&mut driver, 0, b"M1", Some("e9070b16082a00 06 00 00"));
    gives(&mut driver, 600, CONTROL, &hex("05000100"));
    let time_fault = hex("0a 0100 e9070b16082800 5fb011 0008");
    let said = only(&gives(&mut driver, 700, MEASUREMENT, &time_fault));
    assert_eq!(said.quality, [Quality::ClockOff]);
}

#[test]
fn a_clock_that_cannot_be_set_is_no_failure() {
    let mut driver = Meter::default();
    opened(&mut driver, 0, b"M1", Some("e9070b16082a00 06 00 00"));
    assert_eq!(written(&gives(&mut driver, 600, CONTROL, &hex("05000100"))), ["0101"]);
    gives(&mut driver, 700, MEASUREMENT, &record(0, 1));
    let done = gives(&mut driver, 700, CONTROL, &hex("06000101"));
    assert_eq!(written_to(CURRENT_TIME, &done).len(), 1);
    assert_eq!(driver.handle(800, Event::Refused(CURRENT_TIME)), []);
}

#[test]
fn control_solution_stays_visible_as_what_it_is() {
    let mut driver = fetching(1);
    let bytes = hex("02 0100 ea070b16082800 5fb01a");
    let said = only(&gives(&mut driver, 700, MEASUREMENT, &bytes));
    assert_eq!(said.quality, [Quality::ControlSolution]);
    assert_eq!(glucose(&said).sample, None);
}

#[test]
fn a_record_without_a_number_is_a_failure() {
    let mut driver = fetching(3);
    let failed = [Action::Report(Report::Failed(Failure::Device))];
    let head = "ea070b16082800";
    assert_eq!(gives(&mut driver, 700, MEASUREMENT, &hex(&format!("00 0100 {head}"))), failed);
    let not_a_number = hex(&format!("02 0200 {head} ff0711"));
    assert_eq!(gives(&mut driver, 700, MEASUREMENT, &not_a_number), failed);
    let blood_of_stone = hex(&format!("02 0300 {head} 1e0011"));
    let said = gives(&mut driver, 700, MEASUREMENT, &blood_of_stone);
    let [Action::Report(Report::Malformed(wrong))] = &said[..] else { panic!("{said:?}") };
    assert_eq!(wrong.what, Wrong::Implausible);
}

#[test]
fn silence_is_ended_and_told() {
    let mut driver = fetching(2);
    gives(&mut driver, 10_000, MEASUREMENT, &record(0, 1));
    assert_eq!(driver.deadline(), Some(40_000));
    let actions = driver.handle(40_000, Event::Timer);
    assert_eq!(written(&actions), ["0300"]);
    assert_eq!(actions[1], Action::Report(Report::Failed(Failure::TimedOut)));
}

#[test]
fn who_stops_it_gets_what_has_come() {
    let mut driver = fetching(2);
    gives(&mut driver, 700, MEASUREMENT, &record(0x10, 1));
    let actions = driver.handle(800, Event::Command(Command::StopMeasuring));
    assert_eq!(written(&actions), ["0300"]);
    assert_eq!(only(&actions).sequence, Some(1));
    assert_eq!(actions.last(), Some(&Action::Report(Report::Failed(Failure::Stopped))));
}

#[test]
fn only_what_a_meter_cannot_do_without_is_missed() {
    let failed = [Action::Report(Report::Failed(Failure::Device))];
    for channel in [MEASUREMENT, CONTROL] {
        let mut driver = Meter::default();
        let _ = driver.handle(0, Event::Up(TEST));
        assert_eq!(driver.handle(0, Event::Refused(channel)), failed);
        assert_eq!(driver.deadline(), None);
    }
    let mut driver = Meter::default();
    let _ = driver.handle(0, Event::Up(TEST));
    for channel in [CONTEXT, SERIAL, CURRENT_TIME, FEATURE] {
        assert_eq!(driver.handle(0, Event::Refused(channel)), []);
    }
    assert_eq!(driver.deadline(), Some(500));
}

#[test]
fn without_a_link_nothing_is_asked() {
    let mut driver = Meter::default();
    assert_eq!(driver.handle(0, Event::Command(Command::Measure)), []);
    let mut driver = fetching(1);
    let _ = driver.handle(700, Event::Down);
    assert_eq!(driver.handle(800, Event::Command(Command::Measure)), []);
    assert_eq!(driver.deadline(), None);
}

proptest! {
    #[test]
    fn any_bytes_are_readings_or_named_faults(
        values in proptest::collection::vec(
            (0_usize..4, proptest::collection::vec(any::<u8>(), 0..40)), 0..40),
    ) {
        let mut driver = fetching(9);
        for (place, bytes) in values {
            let channel = [MEASUREMENT, CONTEXT, CONTROL, CURRENT_TIME][place];
            for action in gives(&mut driver, 1_000, channel, &bytes) {
                if let Action::Report(Report::Malformed(wrong)) = action {
                    prop_assert!(wrong.bytes.len() <= Malformation::LIMIT);
                }
            }
            prop_assert!(driver.held.len() <= HELD);
        }
    }
}
