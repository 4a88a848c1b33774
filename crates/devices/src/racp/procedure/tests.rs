//! The talk with a device about its stored records, step by step.

use proptest::prelude::*;

use super::*;
use crate::testdata::hex;

fn words(steps: &[Step]) -> Vec<String> {
    let word = |step: &Step| match step {
        Step::Write(bytes) => Request::from_bytes(bytes).unwrap().to_string(),
        Step::Done => "done".to_owned(),
        Step::Failed(failure) => format!("{failure:?}"),
    };
    steps.iter().map(word).collect()
}

/// On an open link, with nothing under way.
fn opened() -> Procedure {
    Procedure { state: State::Idle, ..Procedure::default() }
}

fn reopen(procedure: &mut Procedure, now: Millis) -> Vec<String> {
    assert_eq!(procedure.deadline(), None);
    procedure.up(now);
    procedure.ready(now);
    words(&procedure.timer(now + PAUSE))
}

fn answer(procedure: &mut Procedure, now: Millis, bytes: &str) -> Vec<String> {
    words(&procedure.response(now, &hex(bytes)).unwrap())
}

/// Begins, is told a count, and is left where records come.
fn reporting(count: &str) -> Procedure {
    let mut procedure = opened();
    assert_eq!(words(&procedure.begin(0)), ["report number of all records"]);
    assert_eq!(answer(&mut procedure, 0, count), ["report all records"]);
    procedure
}

#[test]
fn five_hundred_records_are_counted_fetched_and_not_fetched_again() {
    let mut procedure = reporting("0500f401");
    for number in 1..=500_u16 {
        procedure.record(u64::from(number) * 20, number);
    }
    assert_eq!(answer(&mut procedure, 10_000, "06000101"), ["done"]);
    assert_eq!(procedure.deadline(), None);
    let later = words(&procedure.begin(20_000));
    assert_eq!(later, ["report number of records with sequence >= 0x01F5"]);
    assert_eq!(answer(&mut procedure, 20_000, "05000000"), ["done"]);
}

#[test]
fn an_empty_memory_is_done_at_once() {
    let mut procedure = opened();
    assert_eq!(procedure.begin(0).len(), 1);
    assert_eq!(answer(&mut procedure, 0, "06000406"), ["done"]);
    assert_eq!(answer(&mut reporting("05000100"), 0, "06000106"), ["done"]);
}

#[test]
fn one_procedure_runs_at_a_time() {
    let mut procedure = reporting("05000200");
    assert_eq!(procedure.begin(1), []);
    assert_eq!(procedure.abort(2).len(), 2);
    assert_eq!(procedure.begin(3), [], "the device has not let go yet");
    assert_eq!(answer(&mut procedure, 4, "06000301"), Vec::<String>::new());
    assert_eq!(words(&procedure.begin(5)), ["report number of all records"]);
}

#[test]
fn thirty_seconds_without_a_record_abort_it() {
    let mut procedure = reporting("05000300");
    procedure.record(29_999, 1);
    assert_eq!(procedure.timer(59_998), []);
    assert_eq!(words(&procedure.timer(59_999)), ["abort", "TimedOut"]);
    assert_eq!(procedure.timer(89_998), []);
    assert_eq!(procedure.timer(89_999), []);
    let again = words(&procedure.begin(90_000));
    assert_eq!(again, ["report number of records with sequence >= 0x0002"]);
}

#[test]
fn a_lost_link_is_taken_up_where_it_was_lost() {
    let mut procedure = reporting("05000400");
    procedure.record(0, 7);
    procedure.record(0, 9);
    procedure.down();
    assert_eq!(procedure.begin(1), [], "there is no link");
    let again = reopen(&mut procedure, 2);
    assert_eq!(again, ["report number of records with sequence >= 0x000A"]);
}

#[test]
fn records_out_of_order_are_all_asked_for_again() {
    let mut procedure = reporting("05000400");
    for number in [9, 8, 10] {
        procedure.record(0, number);
    }
    procedure.down();
    assert_eq!(reopen(&mut procedure, 1), ["report number of all records"]);
}

#[test]
fn another_device_is_asked_for_everything() {
    let mut procedure = reporting("05000100");
    procedure.record(0, 7);
    procedure.down();
    procedure.forget();
    assert_eq!(reopen(&mut procedure, 1), ["report number of all records"]);
}

#[test]
fn after_the_last_number_there_is_everything_is_asked_for() {
    let mut procedure = reporting("05000100");
    procedure.record(0, u16::MAX);
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["done"]);
    assert_eq!(words(&procedure.begin(1)), ["report number of all records"]);
}

#[test]
fn fewer_records_than_counted_are_asked_for_once_more() {
    let mut procedure = reporting("05000200");
    procedure.record(0, 1);
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["report all records"]);
    procedure.record(0, 1);
    procedure.record(0, 2);
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["done"]);

    let mut procedure = reporting("05000200");
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["report all records"]);
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["Device"]);
}

#[test]
fn a_device_that_cannot_count_or_knows_no_bounds_is_asked_for_everything() {
    let mut procedure = opened();
    assert_eq!(procedure.begin(0).len(), 1);
    assert_eq!(answer(&mut procedure, 0, "06000402"), ["report all records"]);
    procedure.record(0, 3);
    assert_eq!(answer(&mut procedure, 0, "06000101"), ["done"]);
    assert_eq!(procedure.begin(1).len(), 1);
    assert_eq!(answer(&mut procedure, 1, "05000100").len(), 1);
    assert_eq!(answer(&mut procedure, 1, "06000104"), ["report all records"]);
    assert_eq!(answer(&mut procedure, 1, "06000108"), ["Device"]);
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    let mut idle = opened();
    assert_eq!(idle.response(0, &hex("06000101")), Err(Wrong::Unexpected));
    let mut running = reporting("05000100");
    assert_eq!(running.response(0, &hex("05000100")), Err(Wrong::Unexpected));
    assert_eq!(running.response(0, &hex("06000201")), Err(Wrong::Unexpected));
    assert_eq!(running.response(0, &hex("0600")), Err(Wrong::Length));
    assert!(running.is_running());
}

#[test]
fn a_refused_write_ends_it() {
    let mut procedure = opened();
    assert_eq!(procedure.begin(0).len(), 1);
    assert_eq!(words(&procedure.refused()), ["Device"]);
    assert_eq!(procedure.refused(), []);
    assert_eq!(procedure.begin(1).len(), 1);
}

#[test]
fn it_begins_half_a_second_after_the_device_is_ready() {
    let mut procedure = Procedure::default();
    procedure.up(0);
    assert_eq!(procedure.begin(1), [], "it is about to begin");
    procedure.ready(1_000);
    assert_eq!(procedure.timer(1_499), []);
    assert_eq!(words(&procedure.timer(1_500)), ["report number of all records"]);
    procedure.ready(1_600);
    assert_eq!(procedure.deadline(), Some(31_500));
}

#[test]
fn it_begins_at_last_even_if_the_device_leaves_a_question_open() {
    let mut procedure = Procedure::default();
    procedure.up(0);
    assert_eq!(procedure.timer(29_999), []);
    assert_eq!(words(&procedure.timer(30_000)), ["report number of all records"]);
}

#[test]
fn a_person_may_stop_it_before_it_begins() {
    let mut procedure = Procedure::default();
    procedure.up(0);
    assert_eq!(words(&procedure.abort(1)), ["Stopped"]);
    assert_eq!(procedure.timer(30_000), []);
}

proptest! {
    #[test]
    fn no_answer_makes_it_wait_for_ever(
        events in proptest::collection::vec(
            (proptest::collection::vec(0_u8..8, 0..7), any::<u16>(), 0_u64..40_000), 0..60),
    ) {
        let mut procedure = opened();
        let mut now = 0;
        for (bytes, number, pause) in events {
            now += pause;
            let _ = procedure.timer(now);
            let _ = procedure.begin(now);
            procedure.record(now, number);
            let _ = procedure.response(now, &bytes);
            prop_assert_eq!(procedure.is_running(), procedure.deadline().is_some());
            prop_assert!(procedure.deadline().is_none_or(|deadline| deadline <= now + PATIENCE));
        }
    }
}
