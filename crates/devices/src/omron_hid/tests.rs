//! What a cuff on USB is asked, and what becomes of its reports.

use proptest::prelude::*;

use super::*;
use crate::{clock, testdata::hex};

fn up() -> Omron790 {
    let mut driver = Omron790::default();
    let told = driver.handle(0, Event::Up(clock::TEST));
    let mode = Action::Write { channel: Channel::HidFeature, bytes: vec![0x74, 0xBC] };
    assert_eq!(told[0], mode);
    assert_eq!(told.len(), 3);
    driver
}

fn feed(driver: &mut Omron790, reports: &[&str]) -> Vec<Action> {
    let one = |report: &&str| {
        let bytes = &hex(report);
        driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes })
    };
    reports.iter().flat_map(one).collect()
}

const OK: &str = "024f4b0000000000";
const NO: &str = "024e4f0000000000";
const ONE: [&str; 2] = ["074f4b00000a0001", "010b000000000000"];
const NONE: [&str; 2] = ["074f4b00000a0000", "010a000000000000"];
const READING: [&str; 3] = ["074f4b0007010300", "0706330000704b47", "0300004c00000000"];

fn writes(request: Request) -> Vec<Action> {
    let reports = request.reports().into_iter();
    reports.map(|bytes| Action::Write { channel: Channel::Hid, bytes }).collect()
}

#[test]
fn both_banks_are_read_and_it_is_switched_off() {
    let driver = &mut up();
    assert_eq!(feed(driver, &[OK]), writes(Request::Count { bank: 0 }));
    assert_eq!(feed(driver, &ONE), writes(Request::Reading { bank: 0, index: 0 }));
    let told = feed(driver, &READING);
    let Action::Report(Report::Measured(measured)) = &told[0] else { panic!("{told:?}") };
    assert_eq!(measured.device_time.unwrap().to_string(), "2007-01-03T00:06:51.000Z");
    assert_eq!(told[1..], writes(Request::Count { bank: 1 }));
    assert_eq!(feed(driver, &NONE), writes(Request::End));
    let told = feed(driver, &["054f46460d0a0000"]);
    assert_eq!(told, [Action::Report(Report::Status(Status::Ready))]);
    assert_eq!(driver.deadline(), None);
}

#[test]
fn what_is_answered_no_is_asked_again() {
    let driver = &mut up();
    feed(driver, &[OK]);
    feed(driver, &ONE);
    assert_eq!(feed(driver, &[NO]), writes(Request::Reading { bank: 0, index: 0 }));
    for _ in 0..8 {
        feed(driver, &[NO]);
    }
    let failed = Action::Report(Report::Failed(Failure::TimedOut));
    assert_eq!(feed(driver, &[NO]), [failed]);
}

#[test]
fn a_damaged_reading_is_asked_for_again() {
    let driver = &mut up();
    feed(driver, &[OK]);
    feed(driver, &ONE);
    let told = feed(driver, &["074f4b0007010301", READING[1], READING[2]]);
    let Action::Report(Report::Malformed(said)) = &told[0] else { panic!("{told:?}") };
    assert_eq!(said.what, Wrong::Checksum);
    assert_eq!(told[1..], writes(Request::Reading { bank: 0, index: 0 }));
}

#[test]
fn one_that_is_pulled_out_between_two_reports_is_read_from_the_beginning() {
    let driver = &mut up();
    feed(driver, &[OK, ONE[0], ONE[1], READING[0]]);
    assert_eq!(driver.handle(2, Event::Down), []);
    assert_eq!(feed(driver, &READING[1..]), [], "nobody asked for it");
    let told = driver.handle(3, Event::Up(clock::TEST));
    assert_eq!(told[1..], writes(Request::Clear));
    feed(driver, &[OK]);
    feed(driver, &ONE);
    let told = feed(driver, &READING);
    assert!(matches!(told[0], Action::Report(Report::Measured(_))), "{told:?}");
}

#[test]
fn a_cuff_that_does_not_answer_fails() {
    let mut driver = up();
    for second in 1..10 {
        let told = driver.handle(second * 1_000, Event::Timer);
        assert_eq!(told, writes(Request::Clear));
    }
    let failed = Action::Report(Report::Failed(Failure::TimedOut));
    assert_eq!(driver.handle(10_000, Event::Timer), [failed]);
    assert_eq!(driver.deadline(), None);
}

proptest! {
    #[test]
    fn no_damaged_report_is_a_reading(at in 0usize..3, byte in 1usize..8, bit in 0u8..8) {
        let driver = &mut up();
        feed(driver, &[OK]);
        feed(driver, &ONE);
        let mut reports = READING.map(hex);
        reports[at][byte] ^= 1 << bit;
        for bytes in &reports {
            for action in driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes }) {
                let Action::Report(Report::Measured(measured)) = action else { continue };
                // What lies behind the valid bytes of the last report is not looked at.
                prop_assert!(at == 2 && byte > 3, "{measured:?}");
            }
        }
    }

    #[test]
    fn any_reports_are_borne(
        reports in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 0..10), 0..80,
        ),
    ) {
        let driver = &mut up();
        feed(driver, &[OK]);
        for bytes in &reports {
            let told = driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes });
            prop_assert!(told.len() <= 4);
        }
    }
}
