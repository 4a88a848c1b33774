//! The camera driver against a camera that answers late, wrong or not at all.

use proptest::prelude::*;

use super::{
    bench::{Bench, LEFT, LEFT_BYTES, NEARER, RIGHT, RIGHT_BYTES, STOPS},
    *,
};
use crate::{Failure, Focus, Ptz, testdata::hex};

#[test]
fn a_camera_is_addressed_cleared_and_stopped_when_the_link_opens() {
    let mut bench = Bench::up();
    assert_eq!(bench.written(), "883001ff");
    bench.says("883002ff");
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
    assert_eq!(bench.written(), "88010001ff");
    bench.says("88010001ff");
    assert_eq!(bench.written(), STOPS);
}

#[test]
fn a_camera_that_ignores_broadcasts_is_stopped_all_the_same() {
    let mut bench = Bench::up();
    bench.pass(1_200);
    assert_eq!(
        bench.written(),
        format!("{}{}{STOPS}", "883001ff ".repeat(3), "88010001ff ".repeat(3))
    );
}

#[test]
fn a_camera_that_refuses_broadcasts_is_set_up_at_once() {
    let mut bench = Bench::up();
    bench.says("906002ff 906002ff");
    assert_eq!(bench.written(), format!("883001ff 88010001ff {STOPS}"));
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
}

#[test]
fn a_camera_that_restarts_is_set_up_again() {
    let mut bench = Bench::ready();
    bench.says("9038ff");
    assert_eq!(bench.written(), "883001ff");
}

#[test]
fn a_repeated_wish_is_written_once() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.says("9041ff 9051ff");
    bench.asks(LEFT);
    bench.asks(LEFT);
    assert_eq!(bench.written(), LEFT_BYTES);
}

#[test]
fn of_wishes_that_wait_only_the_newest_is_written() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.asks(Ptz::Move { pan: 0.5, tilt: 0.5, zoom: 0.0 });
    bench.asks(RIGHT);
    assert_eq!(bench.written(), LEFT_BYTES);
    bench.says("9041ff");
    assert_eq!(bench.written(), RIGHT_BYTES);
}

#[test]
fn a_stop_waits_for_nothing_and_drops_what_waits() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.asks(RIGHT);
    bench.asks(Ptz::Stop);
    assert_eq!(bench.written(), format!("{LEFT_BYTES} {STOPS}"));
    bench.says("9041ff 9051ff 9041ff 9051ff 9041ff 9051ff");
    bench.pass(60_000);
    assert_eq!(bench.written(), "", "the wish that waited is gone");
}

#[test]
fn an_axis_that_is_let_go_stops_while_the_other_goes_on() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 1.0 });
    bench.says("9041ff 9051ff 9041ff 9051ff");
    bench.written();
    bench.asks(NEARER);
    assert_eq!(bench.written(), "8101060118140303ff");
    bench.asks(LEFT);
    assert_eq!(bench.written(), "8101040700ff", "the zoom stops before anything moves");
}

#[test]
fn a_stop_that_is_not_taken_is_repeated_three_times_and_told() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Stop);
    bench.pass(1_000);
    let stops = [STOPS; 3].join(" ");
    assert_eq!(bench.written(), stops);
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}

#[test]
fn a_movement_that_was_stopped_is_not_repeated() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.written();
    bench.asks(Ptz::Stop);
    bench.written();
    bench.pass(200);
    let repeated = bench.written();
    assert!(!repeated.contains(LEFT_BYTES), "{repeated}");
}

#[test]
fn a_stop_cancels_the_way_home() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Home);
    bench.says("9041ff");
    assert_eq!(bench.written(), "81010604ff");
    bench.asks(Ptz::Stop);
    assert_eq!(bench.written(), format!("8121ff {STOPS}"));
    bench.says("906104ff 9042ff 9052ff 9041ff 9051ff");
    assert_eq!(bench.driver.deadline(), None);
    assert_eq!(bench.reports, []);
}

#[test]
fn full_sockets_are_tried_again() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.says("906003ff");
    bench.written();
    bench.pass(50);
    assert_eq!(bench.written(), LEFT_BYTES);
    bench.says("9041ff 9051ff");
    assert_eq!(bench.reports, []);
}

#[test]
fn a_way_home_that_never_ends_is_told() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Home);
    bench.says("9041ff");
    bench.pass(10_000);
    assert_eq!(bench.reports, [Report::Failed(Failure::TimedOut)]);
}

#[test]
fn a_refused_command_is_told_once_until_one_is_taken() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.says("906041ff");
    bench.asks(LEFT);
    bench.says("906041ff");
    assert_eq!(bench.written(), format!("{LEFT_BYTES} {LEFT_BYTES}"));
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
    bench.asks(LEFT);
    bench.says("9041ff 9051ff");
    bench.asks(RIGHT);
    bench.says("906041ff");
    assert_eq!(bench.reports.len(), 2);
}

#[test]
fn a_camera_that_never_answers_is_told_once_and_looked_for_again() {
    let mut bench = Bench::up();
    bench.pass(20_000);
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
    bench.written();
    bench.pass(7_000);
    assert!(bench.written().contains("883001ff"));
}

#[derive(Clone, Debug)]
enum Step {
    Ask(Ptz),
    Say(Vec<u8>),
    Pass(Millis),
}

fn step() -> impl Strategy<Value = Step> {
    let speed = || -1.0f32..=1.0;
    let packets = ["9041ff", "9042ff", "9051ff", "9052ff", "906003ff", "906141ff", "9038ff"];
    prop_oneof![
        (speed(), speed(), speed()).prop_map(|(pan, tilt, zoom)| Step::Ask(Ptz::Move {
            pan,
            tilt,
            zoom
        })),
        Just(Step::Ask(Ptz::Stop)),
        Just(Step::Ask(Ptz::Home)),
        Just(Step::Ask(Ptz::Recall(3))),
        Just(Step::Ask(Ptz::Save(3))),
        Just(Step::Ask(Ptz::Focus(Focus::Far))),
        Just(Step::Ask(Ptz::Locate)),
        proptest::sample::select(packets.to_vec()).prop_map(|packet| Step::Say(hex(packet))),
        proptest::collection::vec(any::<u8>(), 0..20).prop_map(Step::Say),
        (0u64..400).prop_map(Step::Pass),
    ]
}

proptest! {
    #[test]
    fn whatever_happened_a_stop_is_written_at_once(
        steps in proptest::collection::vec(step(), 0..60),
    ) {
        let mut bench = Bench::ready();
        for step in steps {
            match step {
                Step::Ask(wish) => bench.asks(wish),
                Step::Say(bytes) => {
                    bench.event(Event::Bytes { channel: Channel::Stream, bytes: &bytes });
                }
                Step::Pass(time) => bench.pass(time),
            }
        }
        // A memory that waits to be saved may still be: it does not move the camera.
        bench.pass(2_000);
        bench.asks(LEFT);
        bench.written.clear();
        bench.asks(Ptz::Stop);
        let stops = &bench.driver.commands;
        prop_assert!(stops.last_is_stop(), "{:?}", bench.written);
        bench.written.clear();
        for _ in 0..40 {
            bench.pass(1_000);
        }
        for packet in bench.written {
            // Broadcasts, cancels, inquiries, memories and stops: nothing that moves.
            let memory = packet.starts_with("8101043f01") || packet == "8101040800ff";
            let memory = memory || packet.starts_with("81010438");
            let still = packet.len() <= 10 || STOPS.contains(&packet) || memory;
            prop_assert!(still, "{}", packet);
        }
    }

    #[test]
    fn any_bytes_in_any_chunks_give_the_same(
        bytes in proptest::collection::vec(prop_oneof![
            any::<u8>(), Just(0xFF), Just(0x90), Just(0x41), Just(0x51), Just(0x60), Just(0x88),
        ], 0..300),
        cuts in proptest::collection::vec(1usize..40, 1..60),
    ) {
        let make = || {
            let mut bench = Bench::ready();
            bench.asks(LEFT);
            bench.driver
        };
        let same = crate::chunks::whole_and_cut(make, Channel::Stream, &bytes, &cuts);
        prop_assert_eq!(same, Ok(()));
    }
}
