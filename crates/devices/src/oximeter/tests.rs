//! What an oximeter does when it is spoken with, and when it misbehaves.

use proptest::prelude::*;

use super::*;
use crate::{clock::TEST, said::without_live, testdata::hex};

fn connected() -> Oximeter {
    let mut driver = Oximeter::new();
    let _ = driver.handle(0, Event::Up(TEST));
    driver
}

fn word(action: Action) -> String {
    match action {
        Action::Report(Report::Measured(Measured { measurement, quality, .. })) => {
            let Measurement::Oximetry(Oximetry { spo2, pulse }) = measurement else { panic!() };
            format!("{spo2} % {pulse:?} {quality:?}")
        }
        Action::Report(Report::Status(Status::NotOnPatient)) => "off".to_owned(),
        Action::Report(Report::Status(Status::Measuring { .. })) => "on".to_owned(),
        Action::Report(Report::Failed(failure)) => format!("{failure:?}"),
        Action::Report(Report::Malformed(wrong)) => wrong.what.to_string(),
        other => format!("{other:?}"),
    }
}

fn send(driver: &mut Oximeter, channel: Channel, bytes: &str) -> Vec<Action> {
    driver.handle(0, Event::Bytes { channel, bytes: &hex(bytes) })
}

fn spot(bytes: &str, expected: &str) {
    let said: Vec<String> = send(&mut connected(), SPOT, bytes).into_iter().map(word).collect();
    assert_eq!(said, [expected], "{bytes}");
}

/// One live value every second, from second `from` on; what was said, with the second.
fn feed(driver: &mut Oximeter, from: Millis, count: Millis, bytes: &str) -> Vec<String> {
    let bytes = &hex(bytes);
    let mut said = Vec::new();
    for second in from..from + count {
        let event = Event::Bytes { channel: CONTINUOUS, bytes };
        let actions = driver.handle(second * 1_000, event);
        let lasting = without_live(actions).into_iter();
        said.extend(lasting.map(|action| format!("{second} {}", word(action))));
    }
    said
}

#[test]
fn a_finished_measurement_is_a_reading_with_its_remarks() {
    spot("00 6200 4800", "98 % Some(72) []");
    spot("00 6200 ff07", "98 % None []");
    spot("02 6200 4800 0041", "98 % Some(72) [Questionable]");
    spot("02 6200 4800 0004", "98 % Some(72) [Demonstration]");
    spot("04 6200 4800 200000", "98 % Some(72) [LowPerfusion]");
    spot("00 4500 4800", "69 % Some(72) [Unusual]");
}

#[test]
fn a_measurement_that_failed_gives_no_number() {
    spot("00 ff07 ff07", "Device");
    spot("00 0008 4800", "Device");
    spot("02 6200 4800 0080", "Device");
    spot("02 6200 4800 0020", "Device");
    spot("04 6200 4800 000800", "NoPulse");
    spot("00 6e00 4800", "implausible");
    spot("00 6200 48", "length");
}

fn measured(driver: &mut Oximeter, bytes: &str) -> Measured {
    let actions = send(driver, SPOT, bytes);
    let [Action::Report(Report::Measured(measured))] = &actions[..] else { panic!("{actions:?}") };
    measured.clone()
}

#[test]
fn a_stored_measurement_has_its_own_time() {
    let mut driver = connected();
    send(&mut driver, CURRENT_TIME, "ea07 0b16 082a00 07 00 00");
    let stored = measured(&mut driver, "03 6200 4800 ea07 0b16 080000 0002");
    assert_eq!(stored.corrected_time.unwrap().to_string(), "2026-11-22T07:00:00.000Z");
    assert_eq!(stored.quality, []);
}

#[test]
fn the_time_of_a_clock_that_was_never_set_is_dropped() {
    let stored = measured(&mut connected(), "13 6200 4800 ea07 0b16 080000 0002");
    assert_eq!((stored.device_time, stored.corrected_time), (None, None));
    assert!(stored.undated);
    assert_eq!(stored.quality, [Quality::Questionable]);
    let fresh = measured(&mut connected(), "11 6200 4800 ea07 0b16 080000");
    assert_eq!((fresh.device_time, fresh.undated, fresh.quality), (None, false, vec![]));
}

#[test]
fn a_stored_measurement_without_a_time_is_not_taken_as_of_now() {
    let check = |bytes: &str, undated: bool| {
        assert_eq!(measured(&mut connected(), bytes).undated, undated, "{bytes}");
    };
    check("02 6200 4800 0002", true);
    check("03 6200 4800 0000 0b16 080000 0002", true);
    check("03 6200 4800 ea07 0b16 080000 0002", false);
    check("02 6200 4800 0001", false);
    check("00 6200 4800", false);
}

#[test]
fn a_finger_gives_a_reading_after_four_seconds_and_then_one_a_minute() {
    let said = feed(&mut connected(), 0, 70, "00 6200 4800");
    assert_eq!(said, ["0 on", "4 98 % Some(72) []", "64 98 % Some(72) []"]);
}

#[test]
fn a_finger_that_is_taken_out_is_told_once_and_settles_anew() {
    let mut driver = connected();
    feed(&mut driver, 0, 10, "00 6200 4800");
    assert_eq!(feed(&mut driver, 10, 3, "08 6200 4800 000800"), ["10 off"]);
    assert_eq!(feed(&mut driver, 13, 5, "00 6200 4800"), ["13 on", "17 98 % Some(72) []"]);
}

#[test]
fn what_the_oximeter_does_not_stand_by_is_never_a_reading() {
    for bytes in ["00 ff07 ff07", "00 6200 ff07", "04 6200 4800 0080", "04 6200 4800 0020"] {
        assert_eq!(feed(&mut connected(), 0, 70, bytes), ["0 on"], "{bytes}");
    }
}

#[test]
fn a_remark_stays_with_a_reading_while_it_may_be_averaged_in() {
    let mut driver = connected();
    feed(&mut driver, 0, 2, "08 6200 4800 400000");
    assert_eq!(feed(&mut driver, 2, 3, "00 6200 4800"), ["4 98 % Some(72) [Artifact]"]);
    driver.live.ask();
    assert_eq!(feed(&mut driver, 5, 1, "00 6200 4800"), ["5 98 % Some(72) []"]);
}

#[test]
fn a_demonstration_is_marked_live_too() {
    let said = feed(&mut connected(), 0, 5, "04 6200 4800 0004");
    assert_eq!(said, ["0 on", "4 98 % Some(72) [Demonstration]"]);
}

#[test]
fn an_oximeter_that_falls_silent_has_failed_and_one_that_finished_has_not() {
    let mut driver = connected();
    send(&mut driver, SPOT, "00 6200 4800");
    assert_eq!(driver.deadline(), None);
    feed(&mut driver, 0, 6, "00 6200 4800");
    let failed = [Action::Report(Report::Failed(Failure::Device))];
    assert_eq!(driver.handle(10_000, Event::Timer), failed);
}

#[test]
fn an_oximeter_may_have_either_measurement_but_needs_one() {
    let mut driver = connected();
    assert_eq!(driver.handle(0, Event::Refused(CURRENT_TIME)), []);
    assert_eq!(driver.handle(0, Event::Refused(SPOT)), []);
    let failed = [Action::Report(Report::Failed(Failure::Device))];
    assert_eq!(driver.handle(0, Event::Refused(CONTINUOUS)), failed);
    let _ = driver.handle(0, Event::Up(TEST));
    assert_eq!(driver.handle(0, Event::Refused(CONTINUOUS)), []);
}

#[test]
fn another_connection_settles_anew() {
    let mut driver = connected();
    feed(&mut driver, 0, 4, "08 6200 4800 400000");
    let _ = driver.handle(3_500, Event::Down);
    assert_eq!(driver.deadline(), None);
    let _ = driver.handle(3_600, Event::Up(TEST));
    assert_eq!(feed(&mut driver, 4, 5, "00 6200 4800"), ["4 on", "8 98 % Some(72) []"]);
}

proptest! {
    #[test]
    fn malformed_bytes_are_named_and_never_a_reading(
        bytes in proptest::collection::vec(any::<u8>(), 0..30),
        live in any::<bool>(),
    ) {
        let mut driver = connected();
        feed(&mut driver, 0, 5, "00 6200 4800");
        driver.live.ask();
        let channel = if live { CONTINUOUS } else { SPOT };
        let actions = driver.handle(5_000, Event::Bytes { channel, bytes: &bytes });
        let sound = match live {
            true => Continuous::read(&bytes).is_ok(),
            false => Spot::read(&bytes).is_ok(),
        };
        let malformed = matches!(&actions[..], [Action::Report(Report::Malformed(_))]);
        prop_assert!(sound || malformed, "{:?}", actions);
    }

    #[test]
    fn remarks_are_bounded_however_fast_values_come(count in 0usize..100) {
        let mut driver = connected();
        for _ in 0..count {
            let _ = send(&mut driver, CONTINUOUS, "08 6200 4800 400000");
        }
        prop_assert!(driver.remarked.len() <= REMEMBERED);
    }
}
