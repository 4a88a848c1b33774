//! The driver and a line on which nobody answers.

use super::*;

const STOP: &str = "ff010000000001";

struct Bench {
    driver: PelcoD,
    now: Millis,
    written: Vec<String>,
    failures: usize,
}

impl Bench {
    /// At rest.
    fn ready() -> Self {
        let mut bench =
            Self { driver: PelcoD::default(), now: 50_000, written: Vec::new(), failures: 0 };
        bench.event(Event::Up(crate::clock::TEST));
        bench.pass(1_000);
        assert_eq!(bench.written(), [STOP; 3].join(" "));
        bench
    }

    fn event(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::Write { channel: Channel::Stream, bytes } => {
                    self.written.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
                }
                Action::Report(Report::Failed(_)) => self.failures += 1,
                Action::Report(Report::Status(Status::Ready)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        while let Some(deadline) = self.driver.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            self.event(Event::Timer);
        }
        self.now = end;
    }

    fn asks(&mut self, wish: Ptz) {
        self.event(Event::Command(Command::Ptz(wish)));
    }

    fn written(&mut self) -> String {
        std::mem::take(&mut self.written).join(" ")
    }
}

fn check(wish: Ptz, expected: &str) {
    let mut bench = Bench::ready();
    bench.asks(wish);
    assert_eq!(bench.written(), expected, "{wish:?}");
}

fn moving(pan: f32, tilt: f32, zoom: f32) -> Ptz {
    Ptz::Move { pan, tilt, zoom }
}

#[test]
fn wishes_become_the_published_frames() {
    check(moving(0.5, 0.0, 0.0), "ff010002200023");
    check(moving(0.0, 0.5, 0.0), "ff010008002029");
    check(moving(-0.5, 0.5, 0.0), "ff01000c20204d");
    check(moving(0.0, 0.0, -1.0), "ff010040000041");
    check(Ptz::Focus(Focus::Near), "ff010100000002");
    check(Ptz::Save(5), "ff010003000509");
    check(Ptz::Recall(5), "ff01000700050d");
    check(Ptz::Clear(5), "ff01000500050b");
    check(moving(f32::NAN, f32::NAN, 0.0), STOP);
}

#[test]
fn a_stop_is_written_three_times() {
    let mut bench = Bench::ready();
    bench.asks(moving(1.0, 0.0, 0.0));
    bench.written();
    bench.asks(Ptz::Stop);
    assert_eq!(bench.written(), STOP);
    bench.pass(60_000);
    assert_eq!(bench.written(), [STOP; 2].join(" "));
}

#[test]
fn a_movement_ends_the_copies_of_the_stop_before_it() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Stop);
    bench.asks(moving(1.0, 0.0, 0.0));
    bench.written();
    bench.pass(1_000);
    assert_eq!(bench.written(), "");
}

#[test]
fn what_does_not_move_the_camera_leaves_the_copies_of_a_stop() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Stop);
    bench.asks(Ptz::Save(5));
    bench.written();
    bench.pass(1_000);
    assert_eq!(bench.written(), [STOP; 2].join(" "));
}

#[test]
fn what_drives_is_stopped_before_it_is_sent_to_a_preset() {
    let mut bench = Bench::ready();
    bench.asks(moving(1.0, 0.0, 0.0));
    bench.written();
    bench.asks(Ptz::Recall(5));
    assert_eq!(bench.written(), format!("{STOP} ff01000700050d"));
    bench.pass(1_000);
    assert_eq!(bench.written(), "", "a late stop would end the way to the preset");
}

#[test]
fn focus_is_driven_beside_the_head() {
    let mut bench = Bench::ready();
    bench.asks(moving(0.5, 0.0, 0.0));
    bench.asks(Ptz::Focus(Focus::Far));
    bench.asks(Ptz::Focus(Focus::Stop));
    assert_eq!(bench.written(), "ff010002200023 ff0100822000a3 ff010002200023");
}

#[test]
fn what_heads_do_not_have_is_refused() {
    let mut bench = Bench::ready();
    let place = crate::Position { pan: 0.0, tilt: 0.0, zoom: 0.0 };
    for wish in [Ptz::Locate, Ptz::To(place), Ptz::Save(0)] {
        bench.asks(wish);
    }
    assert_eq!(bench.failures, 3);
    assert_eq!(bench.written(), "");
}
