//! What a continuous glucose monitor sends, and what becomes of it.

use clinical::Decimal;
use proptest::prelude::*;

use super::*;
use crate::{
    clock::TEST,
    said::{measured, written_to},
    testdata::hex,
};

/// Interstitial fluid of the belly.
const WITHOUT_CRC: &str = "000000 59 ffff";
/// The cart's wall shows 2026-11-22T08:42:00.
const TWO_HOURS_AGO: &str = "ea070b16062a00 04 00";

/// The link opens, and the sensor answers to all that it is asked.
fn opened(driver: &mut Sensor, now: Millis, start: &str, status: &str) -> Vec<Action> {
    let mut actions = driver.handle(now, Event::Up(TEST));
    actions.extend(gives(driver, now, FEATURE, &hex(WITHOUT_CRC)));
    actions.extend(gives(driver, now, START, &hex(start)));
    actions.extend(gives(driver, now, STATUS, &hex(status)));
    actions.extend(driver.handle(driver.deadline().unwrap(), Event::Timer));
    actions
}

fn sensor() -> Sensor {
    let mut driver = Sensor::default();
    let actions = opened(&mut driver, 0, TWO_HOURS_AGO, "7800 000000");
    assert_eq!(written(&actions), ["0401"]);
    driver
}

fn gives(driver: &mut Sensor, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
    driver.handle(now, Event::Bytes { channel, bytes })
}

fn written(actions: &[Action]) -> Vec<String> {
    written_to(CONTROL, actions)
}

fn notified(driver: &mut Sensor, bytes: &str) -> Measured {
    let actions = gives(driver, 1_000, MEASUREMENT, &hex(bytes));
    let [measured] = &measured(&actions)[..] else { panic!("{actions:?}") };
    measured.clone()
}

fn wrong(actions: &[Action]) -> Wrong {
    let [Action::Report(Report::Malformed(wrong))] = actions else { panic!("{actions:?}") };
    wrong.what
}

#[test]
fn a_notification_is_a_reading_of_interstitial_fluid() {
    let said = notified(&mut sensor(), "06007800 7800");
    let expected = Glucose {
        concentration: Decimal::new(120, 0),
        unit: GlucoseUnit::MgPerDl,
        sample: Some(GlucoseSample::InterstitialFluid),
        meal: None,
    };
    assert_eq!(said.measurement, Measurement::Glucose(expected));
    assert_eq!(said.quality, []);
    assert_eq!(said.device_time, Some(TEST.wall()));
    assert_eq!(said.corrected_time, Some(TEST.utc));
}

#[test]
fn a_sensor_whose_clock_is_a_year_off_is_put_right_and_told() {
    let mut driver = Sensor::default();
    opened(&mut driver, 0, "e9070b16062a00 04 00", "7800 000000");
    let said = notified(&mut driver, "06007800 7600");
    assert_eq!(said.quality, [Quality::ClockOff]);
    assert_eq!(said.corrected_time, Some(TEST.utc.plus_millis(-120_000)));
    assert_eq!(said.device_time.unwrap().to_string(), "2025-11-22T08:40:00.000Z");
}

#[test]
fn a_session_that_nobody_told_the_time_still_has_one() {
    let mut driver = Sensor::default();
    opened(&mut driver, 0, "000000000000008000", "7800 000000");
    let said = notified(&mut driver, "06007800 7600");
    assert_eq!((said.device_time, said.quality.len()), (None, 0));
    assert_eq!(said.corrected_time, Some(TEST.utc.plus_millis(-120_000)));
}

#[test]
fn a_sensor_without_status_is_believed() {
    let mut driver = Sensor::default();
    let _ = driver.handle(0, Event::Up(TEST));
    gives(&mut driver, 0, START, &hex(TWO_HOURS_AGO));
    assert_eq!(driver.handle(0, Event::Refused(STATUS)), []);
    assert_eq!(driver.deadline(), Some(500));
    let said = notified(&mut driver, "06007800 7800");
    assert_eq!(said.corrected_time, Some(TEST.utc));
}

#[test]
fn a_record_of_a_session_whose_begin_nobody_knows_is_of_any_day() {
    let mut driver = Sensor::default();
    let _ = driver.handle(0, Event::Up(TEST));
    assert_eq!(driver.handle(0, Event::Refused(START)), []);
    assert_eq!(driver.handle(0, Event::Refused(STATUS)), []);
    assert!(notified(&mut driver, "06007800 7800").undated);
}

#[test]
fn five_hundred_stored_records_come_and_are_not_asked_for_again() {
    let mut driver = sensor();
    assert_eq!(written(&gives(&mut driver, 600, CONTROL, &hex("0500f401"))), ["0101"]);
    let mut readings = 0;
    for minutes in (5_u16..=2_500).step_by(5) {
        let [low, high] = minutes.to_le_bytes();
        let bytes = [6, 0, 0x78, 0, low, high];
        readings += measured(&gives(&mut driver, 700, MEASUREMENT, &bytes)).len();
    }
    assert_eq!(readings, 500);
    assert_eq!(gives(&mut driver, 800, CONTROL, &hex("06000101")), []);
    let _ = driver.handle(900, Event::Down);
    let again = opened(&mut driver, 1_000, TWO_HOURS_AGO, "7800 000000");
    assert_eq!(written(&again), ["040301c509"]);
}

#[test]
fn a_link_lost_inside_the_procedure_is_taken_up_in_the_same_session_only() {
    for (start, expected) in [(TWO_HOURS_AGO, "0403010600"), ("ea070b16062b00 04 00", "0401")] {
        let mut driver = sensor();
        gives(&mut driver, 600, CONTROL, &hex("05000300"));
        notified(&mut driver, "06007800 0500");
        let _ = driver.handle(2_000, Event::Down);
        assert_eq!(driver.deadline(), None);
        assert_eq!(written(&opened(&mut driver, 3_000, start, "7800 000000")), [expected]);
    }
}

#[test]
fn the_record_that_came_just_now_is_not_told_twice() {
    let mut driver = sensor();
    assert_eq!(measured(&gives(&mut driver, 1, MEASUREMENT, &hex("060078007800"))).len(), 1);
    assert_eq!(gives(&mut driver, 2, MEASUREMENT, &hex("060078007800")), []);
    let two = hex("060078007900 060079007a00");
    assert_eq!(measured(&gives(&mut driver, 3, MEASUREMENT, &two)).len(), 2);
}

#[test]
fn a_wrong_checksum_is_never_a_reading() {
    let mut driver = sensor();
    driver.session.crc = Crc::Unknown;
    let good = hex("08000c100600596f");
    assert_eq!(measured(&gives(&mut driver, 1, MEASUREMENT, &good)).len(), 1);
    for place in 2..good.len() {
        let mut damaged = good.clone();
        damaged[place] ^= 0x10;
        let said = gives(&mut driver, 1, MEASUREMENT, &damaged);
        assert_eq!(wrong(&said), Wrong::Checksum, "{place}");
    }
    let one_of_two = [&good[..], &hex("08000c100600586f")].concat();
    assert_eq!(wrong(&gives(&mut driver, 1, MEASUREMENT, &one_of_two)), Wrong::Checksum);
}

#[test]
fn a_sensor_that_says_it_has_checksums_cannot_leave_them_out() {
    let mut driver = Sensor::default();
    let _ = driver.handle(0, Event::Up(TEST));
    assert_eq!(gives(&mut driver, 0, FEATURE, &hex("6e9e01168ac1")), []);
    assert_eq!(wrong(&gives(&mut driver, 0, MEASUREMENT, &hex("060078007800"))), Wrong::Length);
    let said = notified(&mut driver, "08000c100600596f");
    let Measurement::Glucose(glucose) = &said.measurement else { panic!() };
    assert_eq!(glucose.sample, Some(GlucoseSample::ArterialPlasma));
    for (channel, bytes) in
        [(FEATURE, "6e9e01168ac2"), (START, "e20704180d08180804e0c3"), (STATUS, "05003f3fffa7e1")]
    {
        assert_eq!(wrong(&gives(&mut driver, 0, channel, &hex(bytes))), Wrong::Checksum);
    }
}

#[test]
fn what_is_no_number_or_no_patient_s_is_told_so() {
    let mut driver = sensor();
    let nothing = gives(&mut driver, 1, MEASUREMENT, &hex("0600ff077800"));
    assert_eq!(nothing, [Action::Report(Report::Failed(Failure::Device))]);
    let doubtful = notified(&mut driver, "07807800790008");
    assert_eq!(doubtful.quality, [Quality::DeviceFault]);
    gives(&mut driver, 1, FEATURE, &hex("0000004affff"));
    let control = notified(&mut driver, "06007800 7a00");
    assert_eq!(control.quality, [Quality::ControlSolution]);
}

#[test]
fn only_what_a_sensor_cannot_do_without_is_missed() {
    let failed = [Action::Report(Report::Failed(Failure::Device))];
    for channel in [MEASUREMENT, CONTROL] {
        let mut driver = Sensor::default();
        let _ = driver.handle(0, Event::Up(TEST));
        assert_eq!(driver.handle(0, Event::Refused(channel)), failed);
    }
    let mut driver = Sensor::default();
    let _ = driver.handle(0, Event::Up(TEST));
    for channel in [FEATURE, START, STATUS] {
        assert_eq!(driver.handle(0, Event::Refused(channel)), []);
    }
    assert_eq!(written(&driver.handle(500, Event::Timer)), ["0401"]);
}

proptest! {
    /// The checksum finds every fault that is no longer than itself.
    #[test]
    fn damage_up_to_the_length_of_the_checksum_is_never_a_reading(
        place in 0_usize..14,
        damage in 1_u16..,
    ) {
        let mut driver = sensor();
        driver.session.crc = Crc::Always;
        let mut bytes = hex("0fe3d2e405000214ff02f0e5f38e3f");
        for (byte, damage) in bytes[place..].iter_mut().zip(damage.to_le_bytes()) {
            *byte ^= damage;
        }
        prop_assert!(measured(&gives(&mut driver, 1, MEASUREMENT, &bytes)).is_empty());
    }

    #[test]
    fn any_bytes_are_readings_or_named_faults(
        values in proptest::collection::vec(
            (0_usize..5, proptest::collection::vec(any::<u8>(), 0..40)), 0..40),
    ) {
        let mut driver = sensor();
        for (place, bytes) in values {
            let channel = [MEASUREMENT, FEATURE, STATUS, START, CONTROL][place];
            for action in gives(&mut driver, 1_000, channel, &bytes) {
                if let Action::Report(Report::Malformed(wrong)) = action {
                    prop_assert!(bytes.starts_with(&wrong.bytes));
                }
            }
        }
    }
}
