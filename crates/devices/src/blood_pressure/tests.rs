//! What a cuff does when it is spoken with, and when it misbehaves.

use proptest::prelude::*;

use super::{quirks::OWN_CLOCK, *};
use crate::{clock::TEST, gatt::CURRENT_TIME, testdata::hex};

const BATTERY: Channel = Channel::sig(0x180F, 0x2A19);
const SERIAL: Channel = Channel::sig(0x180A, 0x2A25);

fn connected(quirks: &'static Quirks) -> Cuff {
    let mut driver = Cuff::new(quirks);
    let _ = driver.handle(0, Event::Up(TEST));
    let _ = driver.handle(quirks.subscribe_delay_ms, Event::Timer);
    driver
}

fn send(driver: &mut Cuff, channel: Channel, bytes: &str) -> Vec<Action> {
    driver.handle(1_000, Event::Bytes { channel, bytes: &hex(bytes) })
}

fn indicate(driver: &mut Cuff, bytes: &str) -> Report {
    let actions = send(driver, MEASUREMENT, bytes);
    let [Action::Report(report)] = &actions[..] else { panic!("{actions:?}") };
    report.clone()
}

fn measured(report: Report) -> (BloodPressure, Measured) {
    let Report::Measured(measured) = report else { panic!("{report:?}") };
    let Measurement::BloodPressure(pressure) = measured.measurement.clone() else { panic!() };
    (pressure, measured)
}

fn check(bytes: &str, expected: &str) {
    let said = match indicate(&mut connected(&STANDARD), bytes) {
        Report::Measured(measured) => {
            let Measurement::BloodPressure(pressure) = measured.measurement else { panic!() };
            let BloodPressure { systolic, diastolic, mean, pulse } = pressure;
            format!("{systolic}/{diastolic} {mean:?} {pulse:?} {:?}", measured.quality)
        }
        Report::Failed(failure) => format!("{failure:?}"),
        Report::Malformed(malformation) => malformation.what.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(said, expected, "{bytes}");
}

#[test]
fn a_measurement_is_told_with_its_remarks() {
    check("00 8000 5200 6100", "128/82 Some(97) None []");
    check("04 8000 5200 6100 4800", "128/82 Some(97) Some(72) []");
    check("01 ab f0 6df0 81f0", "128.3/81.8 Some(96.8) None []");
    check(
        "10 8000 5200 6100 2700",
        "128/82 Some(97) None [Motion, LooseCuff, IrregularPulse, WrongPosition]",
    );
    check("10 8000 5200 6100 0800", "128/82 Some(97) None [PulseOutOfRange]");
    check("10 8000 5200 6100 1000", "128/82 Some(97) None [PulseOutOfRange]");
    check("10 8000 5200 6100 c0ff", "128/82 Some(97) None []");
}

#[test]
fn what_a_cuff_did_not_measure_is_missing() {
    check("04 8000 5200 ff07 ff07", "128/82 None None []");
    check("04 8000 5200 0000 0000", "128/82 None None []");
}

#[test]
fn a_cuff_that_could_not_measure_gives_no_number() {
    check("00 ff07 ff07 ff07", "Device");
    check("00 ff07 5200 6100", "Device");
    check("00 8000 fe07 6100", "Device");
    check("10 ff07 ff07 ff07 0200", "LooseCuff");
    check("10 ff07 ff07 ff07 0100", "Motion");
}

#[test]
fn a_pressure_that_nobody_has_is_refused_and_a_seldom_one_asked_about() {
    check("00 5200 8000 6100", "implausible");
    check("00 ff17 5200 6100", "implausible");
    check("00 0000 0000 0000", "implausible");
    check("00 0501 5200 6100", "261/82 Some(97) None [Unusual]");
    check("00 8000", "length");
}

#[test]
fn everything_is_asked_before_stored_measurements_may_come() {
    let actions = Cuff::new(&STANDARD).handle(0, Event::Up(TEST));
    assert_eq!(actions.last(), Some(&Action::Subscribe(MEASUREMENT)));
    for channel in [SERIAL, CURRENT_TIME, BATTERY] {
        assert!(actions.contains(&Action::Read(channel)), "{channel:?}");
    }
}

#[test]
fn a_bm85_is_subscribed_to_when_it_listens() {
    let mut driver = Cuff::new(&BEURER_BM85);
    let actions = driver.handle(50, Event::Up(TEST));
    assert!(!actions.contains(&Action::Subscribe(MEASUREMENT)));
    assert_eq!(driver.deadline(), Some(150));
    assert_eq!(driver.handle(149, Event::Timer), []);
    let actions = driver.handle(150, Event::Timer);
    assert_eq!(actions.last(), Some(&Action::Subscribe(MEASUREMENT)));
    assert_eq!(driver.deadline(), None);
    assert_eq!(driver.handle(151, Event::Timer), []);
}

#[test]
fn a_link_that_is_lost_before_the_subscription_asks_for_none() {
    let mut driver = Cuff::new(&BEURER_BM85);
    let _ = driver.handle(0, Event::Up(TEST));
    assert_eq!(driver.handle(50, Event::Down), []);
    assert_eq!(driver.handle(100, Event::Timer), []);
}

#[test]
fn a_bm85_is_read_the_same_whether_it_is_known_or_not() {
    for quirks in [&BEURER_BM85, &STANDARD] {
        let report = indicate(&mut connected(quirks), "56760050000000ea07080b141b00003c000004");
        let (pressure, measured) = measured(report);
        assert_eq!((pressure.pulse, pressure.mean), (Some(60_u16.into()), None));
        assert_eq!(measured.quality, [Quality::IrregularPulse]);
    }
    let standard = indicate(&mut connected(&BEURER_BM85), "167c0056006100e807060f11111b33002700");
    assert!(matches!(standard, Report::Malformed(_)), "{standard:?}");
}

#[test]
fn stored_measurements_of_a_clock_a_year_off_are_put_right_and_the_clock_is_set() {
    let mut driver = connected(&STANDARD);
    let set = send(&mut driver, CURRENT_TIME, "e907 0b16 082a01 06 00 00");
    let right = hex("ea070b16082a01 07 00 02");
    assert_eq!(set, [Action::Write { channel: CURRENT_TIME, bytes: right }]);
    // Half an hour ago by the device's old clock, then just now by its new one.
    let (_, old) = measured(indicate(&mut driver, "02 8000 5200 6100 e907 0b16 080c01"));
    assert_eq!(old.device_time.unwrap().to_string(), "2025-11-22T08:12:01.000Z");
    assert_eq!(old.corrected_time.unwrap().to_string(), "2026-11-22T07:12:01.000Z");
    assert_eq!(old.quality, [Quality::ClockOff]);
    let (_, new) = measured(indicate(&mut driver, "02 8000 5200 6100 ea07 0b16 082a01"));
    assert_eq!(new.corrected_time.unwrap().to_string(), "2026-11-22T07:42:01.000Z");
    assert_eq!(new.quality, []);
}

#[test]
fn a_cuff_that_does_not_let_its_clock_be_set_still_measures() {
    let mut driver = connected(&AND_UA651);
    let set = send(&mut driver, OWN_CLOCK, "d007 0101 000000");
    assert!(matches!(&set[..], [Action::Write { channel: OWN_CLOCK, .. }]), "{set:?}");
    assert_eq!(driver.handle(1_000, Event::Refused(OWN_CLOCK)), []);
    measured(indicate(&mut driver, "02 8000 5200 6100 d007 0101 000000"));
}

#[test]
fn a_year_that_is_unknown_is_no_time() {
    let (_, measured) =
        measured(indicate(&mut connected(&STANDARD), "02 8000 5200 6100 0000 0411 14293b"));
    assert_eq!((measured.device_time, measured.corrected_time), (None, None));
    // It may have been stored on any day: it must not pass for one of now.
    assert!(measured.undated);
}

#[test]
fn the_pressure_in_the_cuff_is_a_status_and_no_reading() {
    let measuring =
        |cuff_mmhg| vec![Action::Report(Report::Status(Status::Measuring { cuff_mmhg }))];
    let driver = &mut connected(&STANDARD);
    assert_eq!(send(driver, CUFF_PRESSURE, "00 d7f0 ff07 ff07"), measuring(Some(22)));
    assert_eq!(send(driver, CUFF_PRESSURE, "01 1400 ff07 ff07"), measuring(Some(150)));
    assert_eq!(send(driver, CUFF_PRESSURE, "00 ff07 ff07 ff07"), measuring(None));
    assert_eq!(send(driver, CUFF_PRESSURE, "00 ff17 ff07 ff07"), measuring(None));
    assert!(matches!(
        &send(driver, CUFF_PRESSURE, "00 d7f0")[..],
        [Action::Report(Report::Malformed(_))]
    ));
}

#[test]
fn only_a_cuff_that_cannot_be_subscribed_to_has_failed() {
    let mut driver = connected(&STANDARD);
    for channel in [SERIAL, BATTERY, CUFF_PRESSURE] {
        assert_eq!(driver.handle(0, Event::Refused(channel)), []);
    }
    let elsewhere = driver.handle(0, Event::Refused(CURRENT_TIME));
    assert_eq!(elsewhere, [Action::Read(OWN_CLOCK)]);
    let failed = driver.handle(0, Event::Refused(MEASUREMENT));
    assert_eq!(failed, [Action::Report(Report::Failed(Failure::Device))]);
}

proptest! {
    #[test]
    fn any_bytes_are_a_reading_or_a_named_fault(
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
        known in any::<bool>(),
    ) {
        let mut driver = connected(if known { &BEURER_BM85 } else { &STANDARD });
        let actions = driver.handle(0, Event::Bytes { channel: MEASUREMENT, bytes: &bytes });
        prop_assert_eq!(actions.len(), 1);
        let sound = driver.read(&bytes).is_ok();
        let reading = matches!(actions[0], Action::Report(Report::Measured(_)));
        prop_assert!(sound || !reading);
    }
}
