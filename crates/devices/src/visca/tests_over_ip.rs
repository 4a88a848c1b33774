//! The camera driver with numbered datagrams.

use super::{
    bench::{Bench, LEFT},
    *,
};
use crate::{Failure, Position, Ptz};

const RESET: &str = "020000010000000001";
const RESET_DONE: &str = "020100010000000001";
const PAN_TILT_STOP: &str = "8101060118140303ff";
const ZOOM_STOP: &str = "8101040700ff";

fn up() -> Bench {
    Bench::on(Wire::Numbered { last: 0 })
}

/// Set up, and at rest after commands 1 and 2; the reset is over.
fn ready() -> Bench {
    let mut bench = up();
    bench.says(RESET_DONE);
    for number in [1, 2] {
        bench.says(&reply(number, "9041ff"));
        bench.says(&reply(number, "9051ff"));
    }
    bench.pass(1_000);
    bench.written.clear();
    bench.reports.clear();
    bench
}

fn command(number: u32, packet: &str) -> String {
    format!("0100{:04x}{number:08x}{packet}", packet.len() / 2)
}

fn reply(number: u32, packet: &str) -> String {
    format!("0111{:04x}{number:08x}{packet}", packet.len() / 2)
}

fn wrong_number(number: u32) -> String {
    format!("02010002{number:08x}0f01")
}

#[test]
fn the_count_is_reset_and_the_camera_stopped_when_the_link_opens() {
    let mut bench = up();
    assert_eq!(bench.written(), RESET);
    bench.says(RESET_DONE);
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
    let stops = [command(1, PAN_TILT_STOP), command(2, ZOOM_STOP)];
    assert_eq!(bench.written(), stops.join(" "));
}

#[test]
fn a_camera_that_ignores_the_reset_is_stopped_all_the_same() {
    let mut bench = up();
    bench.pass(600);
    let said = bench.written();
    assert!(said.starts_with(&[RESET; 3].join(" ")), "{said}");
    assert!(said.ends_with(&command(2, ZOOM_STOP)), "{said}");
}

#[test]
fn a_lost_command_is_repeated_with_its_number() {
    let mut bench = ready();
    bench.asks(Ptz::Save(5));
    let save = command(3, "8101043f0105ff");
    bench.pass(1_200);
    assert_eq!(bench.written(), format!("{save} {save} {save}"));
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}

#[test]
fn a_repeated_command_that_the_camera_has_had_is_done() {
    let mut bench = ready();
    bench.asks(Ptz::Save(5));
    bench.pass(200);
    bench.says(&wrong_number(3));
    bench.pass(5_000);
    let save = command(3, "8101043f0105ff");
    assert_eq!(bench.written(), format!("{save} {save}"));
    assert_eq!(bench.reports, []);
}

#[test]
fn a_memory_waits_until_a_reset_has_settled() {
    let mut bench = up();
    bench.says(RESET_DONE);
    for number in [1, 2] {
        bench.says(&reply(number, "9041ff"));
        bench.says(&reply(number, "9051ff"));
    }
    bench.written();
    bench.asks(Ptz::Save(5));
    bench.pass(999);
    assert_eq!(bench.written(), "");
    bench.pass(1);
    assert_eq!(bench.written(), command(3, "8101043f0105ff"));
}

#[test]
fn a_stop_with_a_wrong_number_is_written_again_with_another() {
    let mut bench = ready();
    bench.asks(LEFT);
    bench.says(&reply(3, "9041ff"));
    bench.says(&reply(3, "9051ff"));
    bench.written();
    bench.asks(Ptz::Stop);
    bench.written();
    bench.says(&wrong_number(4));
    assert_eq!(bench.written(), command(6, PAN_TILT_STOP));
    bench.says(&wrong_number(6));
    let said = bench.written();
    assert_eq!(said, format!("020000010000000601 {}", command(7, PAN_TILT_STOP)));
    bench.says(&wrong_number(7));
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}

#[test]
fn an_answer_belongs_to_the_command_of_its_number() {
    let mut bench = ready();
    bench.asks(LEFT);
    bench.asks(Ptz::Stop);
    bench.written();
    // The stops are taken, the older movement is not: it is not worth repeating.
    for number in [5, 4] {
        bench.says(&reply(number, "9042ff"));
        bench.says(&reply(number, "9052ff"));
    }
    bench.pass(5_000);
    assert_eq!(bench.written(), "");
    assert_eq!(bench.reports, []);
}

#[test]
fn a_second_copy_of_an_answer_changes_nothing() {
    let mut bench = ready();
    bench.asks(Ptz::Home);
    for answer in ["9041ff", "9041ff", "9051ff", "9041ff", "9051ff"] {
        bench.says(&reply(3, answer));
    }
    bench.pass(60_000);
    assert_eq!(bench.reports, [], "no socket is waited for");
}

#[test]
fn inquiries_have_their_own_type() {
    let mut bench = ready();
    bench.asks(Ptz::Locate);
    assert_eq!(bench.written(), "011000050000000381090612ff 011000050000000481090447ff");
    bench.says(&reply(4, "905000000000ff"));
    bench.says(&reply(3, "90500000000000000000ff"));
    let middle = Position { pan: 0.0, tilt: 0.0, zoom: 0.0 };
    assert_eq!(bench.reports, [Report::Position(middle)]);
}

#[test]
fn datagrams_that_are_none_are_told() {
    let mut bench = ready();
    for bytes in
        ["9041ff", "0111000300000001 9041", "0111000300000001 904100", "0100000300000001 9041ff"]
    {
        bench.says(bytes);
    }
    assert_eq!(bench.reports.len(), 4);
}

#[test]
fn raw_datagrams_are_packets_each() {
    let mut bench = Bench::on(Wire::Plain(Channel::Datagram));
    assert_eq!(bench.written(), "883001ff");
    bench.says("906002ff");
    bench.says("906002ff");
    bench.says("9041");
    bench.says("ff");
    bench.written();
    bench.asks(LEFT);
    bench.says("9041ff9051ff");
    bench.says("9042ff9052ff");
    assert_eq!(bench.written(), "8101060118140103ff");
    assert_eq!(bench.reports.len(), 3, "ready, and two that are none: {:?}", bench.reports);
}
