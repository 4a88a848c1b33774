//! The camera driver and what is more than driving: places, memories, focus, questions.

use super::{
    bench::{Bench, LEFT, LEFT_BYTES, STOPS},
    *,
};
use crate::{Failure, Focus, Position, Ptz};

#[test]
fn a_place_is_gone_to_by_head_and_lens() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::To(Position { pan: 1.0, tilt: 0.0, zoom: 1.0 }));
    bench.says("9041ff");
    assert_eq!(bench.written(), "8101060218140009090000000000ff 8101044704000000ff");
    bench.says("9042ff 9051ff 9052ff");
    assert_eq!(bench.driver.deadline(), None);
}

#[test]
fn what_drives_is_stopped_before_it_is_sent_to_a_place() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.says("9041ff 9051ff");
    bench.written();
    bench.asks(Ptz::Recall(5));
    assert_eq!(bench.written(), "8101060118140303ff");
    bench.says("9041ff 9051ff");
    assert_eq!(bench.written(), "8101043f0205ff");
    bench.says("906141ff");
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)], "and it stands");
}

#[test]
fn a_stop_cancels_the_way_to_a_memory() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Recall(5));
    bench.says("9041ff");
    bench.written();
    bench.asks(Ptz::Stop);
    assert_eq!(bench.written(), format!("8121ff {STOPS}"));
}

#[test]
fn a_memory_is_saved_and_forgotten() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Save(5));
    bench.says("9041ff 9051ff");
    bench.asks(Ptz::Clear(5));
    assert_eq!(bench.written(), "8101043f0105ff 8101043f0005ff");
    bench.says("9041ff 9051ff");
    bench.asks(Ptz::Save(200));
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)], "no such number");
    assert_eq!(bench.written(), "");
}

#[test]
fn a_memory_that_is_dropped_for_another_is_told() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Save(1));
    bench.asks(Ptz::Save(2));
    bench.asks(Ptz::Save(3));
    assert_eq!(bench.reports, [Report::Failed(Failure::Stopped)]);
    bench.says("9041ff 9051ff");
    assert_eq!(bench.written(), "8101043f0101ff 8101043f0103ff");
}

#[test]
fn focus_by_hand_leaves_the_automatic_and_stops_with_everything() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Focus(Focus::Near));
    bench.says("9041ff 9051ff 9041ff 9051ff");
    assert_eq!(bench.written(), "8101043803ff 8101040803ff");
    bench.asks(Ptz::Stop);
    assert_eq!(bench.written(), format!("{STOPS} 8101040800ff"));
    bench.says("9041ff 9051ff 9041ff 9051ff 9041ff 9051ff");
    bench.asks(Ptz::Focus(Focus::Auto));
    assert_eq!(bench.written(), "8101043802ff");
}

#[test]
fn where_it_looks_is_asked_beside_a_command_and_told_once() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.asks(Ptz::Locate);
    assert_eq!(bench.written(), format!("{LEFT_BYTES} 81090612ff 81090447ff"));
    bench.says("9050 00040c08 00000000 ff");
    bench.says("9041ff 9051ff 9050 02000000 ff");
    let place = Position { pan: 0.5, tilt: 0.0, zoom: 0.5 };
    assert_eq!(bench.reports, [Report::Position(place)]);
    assert_eq!(bench.driver.deadline(), None);
}

#[test]
fn a_question_without_an_answer_is_asked_three_times_and_told() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Locate);
    bench.says("9050 00000000 00000000 ff");
    bench.pass(600);
    assert_eq!(bench.written(), "81090612ff 81090447ff 81090447ff 81090447ff");
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}
