//! The cuff driver against frames of public test suites, and against what goes wrong.

use proptest::prelude::*;

use super::{
    bench::{Bench, FINISHED, GOOD, empty_result, failed_result, framed},
    *,
};
use crate::{Malformation, Wrong, testdata::hex};

#[test]
fn a_module_is_ready_when_it_first_answers() {
    let mut bench = Bench::up();
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
    bench.pass(60_000);
    assert_eq!(bench.written.len(), 1, "an idle module is left alone");
}

#[test]
fn a_module_that_comes_late_is_found() {
    let mut bench = Bench::up();
    bench.event(Event::Down);
    bench.reports.clear();
    bench.answers = false;
    bench.event(Event::Up(crate::clock::TEST));
    bench.pass(10_000);
    assert_eq!(bench.reports, []);
    bench.answers = true;
    bench.pass(2_000);
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
}

#[test]
fn a_measurement_shows_the_pressure_and_ends_with_the_value() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pass(300);
    bench.result = empty_result();
    for pressure in [20, 90, 170, 120, 70, 30] {
        bench.pressure = pressure;
        bench.pass(500);
    }
    bench.result = hex(GOOD);
    bench.pressure = 3;
    bench.pass(1_000);
    assert_eq!(bench.values(), ["115/74 (Some(88)) Some(85)"]);
    assert_eq!(bench.failures(), []);
    let cuff = Report::Status(Status::Measuring { cuff_mmhg: Some(170) });
    assert!(bench.reports.contains(&cuff));
    assert_eq!(bench.driver.deadline(), None, "nothing is asked after the end");
    assert_eq!(bench.aborts(), 0);
}

#[test]
fn the_word_finished_ends_a_measurement_before_the_cuff_is_empty() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 150;
    bench.pass(2_000);
    bench.pressure = 40;
    bench.result = hex(GOOD);
    bench.bytes(&hex(FINISHED));
    bench.pass(1_000);
    assert_eq!(bench.values().len(), 1);
}

#[test]
fn the_result_of_an_earlier_patient_is_never_reported_again() {
    let mut bench = Bench::up();
    bench.result = hex(GOOD);
    bench.measure();
    bench.inflate_and_deflate();
    bench.pass(10_000);
    assert_eq!(bench.values(), [""; 0]);
    assert_eq!(bench.failures(), [Failure::Device]);
}

#[test]
fn a_result_without_inflation_is_not_believed() {
    let mut bench = Bench::up();
    bench.result = hex(GOOD);
    bench.measure();
    bench.pass(3_000);
    bench.bytes(&hex(FINISHED));
    bench.pass(40_000);
    assert_eq!(bench.values(), [""; 0]);
    assert_eq!(bench.failures(), [Failure::LooseCuff]);
}

#[test]
fn an_error_code_is_a_failure_of_the_device() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 150;
    bench.pass(2_000);
    bench.pressure = 0;
    bench.result = failed_result(0x11);
    bench.pass(2_000);
    assert_eq!(bench.failures(), [Failure::Device]);
    assert_eq!(bench.values(), [""; 0]);
}

#[test]
fn zeros_are_no_pressure() {
    let mut bench = Bench::up();
    bench.measure();
    bench.inflate_and_deflate();
    let mut data = [0; 21];
    data[16] = 1;
    bench.result = framed(&data);
    bench.pass(10_000);
    assert_eq!(bench.values(), [""; 0]);
    assert_eq!(bench.failures(), [Failure::Device]);
}

#[test]
fn a_second_inflation_is_waited_for() {
    let mut bench = Bench::up();
    bench.measure();
    bench.inflate_and_deflate();
    bench.pass(2_000);
    bench.pressure = 180;
    bench.pass(10_000);
    assert_eq!(bench.failures(), []);
    bench.pressure = 0;
    bench.result = hex(GOOD);
    bench.pass(2_000);
    assert_eq!(bench.values().len(), 1);
}

#[test]
fn a_cuff_that_never_fills_is_loose_and_the_pump_is_stopped() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 12;
    bench.pass(31_000);
    assert_eq!(bench.failures(), [Failure::LooseCuff]);
    assert!(bench.aborts() >= 1);
}

#[test]
fn a_cuff_that_stays_full_is_aborted_after_three_minutes() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 150;
    bench.pass(179_000);
    assert_eq!(bench.failures(), []);
    bench.pass(1_500);
    assert_eq!(bench.failures(), [Failure::TimedOut]);
}

#[test]
fn a_stop_is_repeated_until_the_cuff_is_empty() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 150;
    bench.pass(2_000);
    bench.event(Event::Command(Command::StopMeasuring));
    assert_eq!(bench.failures(), [Failure::Stopped]);
    bench.pass(2_500);
    assert_eq!(bench.aborts(), 3);
    bench.pressure = 2;
    bench.pass(60_000);
    assert_eq!(bench.aborts(), 3);
    assert_eq!(bench.driver.deadline(), None);
}

#[test]
fn a_measurement_asked_for_while_the_air_goes_out_starts_afterwards() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 150;
    bench.pass(2_000);
    bench.event(Event::Command(Command::StopMeasuring));
    bench.measure();
    let starts =
        |bench: &Bench| bench.written.iter().filter(|bytes| **bytes == START_MEASUREMENT).count();
    assert_eq!(starts(&bench), 1);
    bench.pressure = 0;
    bench.pass(500);
    assert_eq!(starts(&bench), 2);
}

#[test]
fn a_module_that_falls_silent_is_lost_after_three_seconds() {
    let mut bench = Bench::up();
    bench.measure();
    bench.answers = false;
    bench.pass(3_600);
    assert_eq!(bench.failures(), [Failure::Device]);
}

#[test]
fn nothing_is_asked_of_a_module_whose_cable_is_pulled() {
    let mut bench = Bench::up();
    bench.measure();
    bench.event(Event::Down);
    assert_eq!(bench.driver.deadline(), None);
}

#[test]
fn an_error_without_pressure_in_the_cuff_is_a_loose_cuff() {
    let mut bench = Bench::up();
    bench.measure();
    bench.pressure = 34;
    bench.pass(5_000);
    bench.result = failed_result(0x11);
    bench.bytes(&hex(FINISHED));
    bench.pass(1_000);
    assert_eq!(bench.failures(), [Failure::LooseCuff]);
}

#[test]
fn a_bad_checksum_is_told_and_the_next_frame_is_read() {
    let mut bench = Bench::up();
    bench.measure();
    bench.reports.clear();
    bench.bytes(&hex("3e05960028 3e05960027"));
    let wrong = Malformation { what: Wrong::Checksum, bytes: hex("3e05960028") };
    let status = Report::Status(Status::Measuring { cuff_mmhg: Some(150) });
    assert_eq!(bench.reports, [Report::Malformed(wrong), status]);
}

proptest! {
    #[test]
    fn any_bytes_in_any_chunks_give_the_same(
        bytes in stream(),
        cuts in proptest::collection::vec(1usize..40, 1..60),
        measuring: bool,
    ) {
        prop_assert_eq!(crate::chunks::whole_and_cut(
            || start(measuring), Channel::Stream, &bytes, &cuts
        ), Ok(()));
    }

    #[test]
    fn a_damaged_result_is_never_a_value(at in 0usize..24, flip in 1u8..=255) {
        let mut bench = Bench::up();
        bench.measure();
        bench.inflate_and_deflate();
        let mut result = hex(GOOD);
        result[at] ^= flip;
        bench.result = result;
        bench.pass(1_000);
        prop_assert_eq!(bench.values(), Vec::<String>::new());
    }
}

/// Noise and frames, as a bad line mixes them.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        any::<[u8; 2]>().prop_map(|pressure| framed(&pressure)),
        any::<[u8; 21]>().prop_map(|result| framed(&result)),
        Just(hex(FINISHED)),
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

fn start(measuring: bool) -> Suntech {
    let mut driver = Suntech::new();
    let mut actions = driver.handle(0, Event::Up(crate::clock::TEST));
    if measuring {
        actions.extend(driver.handle(0, Event::Command(Command::Measure)));
    }
    assert!(!actions.is_empty());
    driver
}
