//! The driver and cameras with different controls.

use proptest::prelude::*;

use super::*;

const PAN: u32 = 0x009A_0908;
const TILT: u32 = 0x009A_0909;
const FOCUS: u32 = 0x009A_090A;
const ZOOM: u32 = 0x009A_090D;
const ZOOM_SPEED: u32 = 0x009A_090F;
const PAN_SPEED: u32 = 0x009A_0920;
const TILT_SPEED: u32 = 0x009A_0921;

fn control(id: u32, lowest: i32, highest: i32, step: i32, value: i32) -> Control {
    Control { id, lowest, highest, step, value: Some(value) }
}

/// Places in arc seconds, as common conference cameras have them.
fn places() -> Vec<Control> {
    vec![
        control(PAN, -36_000, 72_000, 3_600, 0),
        control(TILT, -36_000, 36_000, 3_600, 36_000),
        control(ZOOM, 100, 500, 1, 300),
    ]
}

fn speeds() -> Vec<Control> {
    vec![
        control(PAN_SPEED, -24, 24, 1, 0),
        control(TILT_SPEED, -20, 20, 1, 0),
        control(ZOOM_SPEED, -7, 7, 1, 0),
    ]
}

struct Bench {
    driver: UvcPtz,
    now: Millis,
    set: Vec<(u32, i32)>,
    reads: usize,
    reports: Vec<Report>,
}

impl Bench {
    fn ready(controls: &[Control]) -> Self {
        let (set, reports) = (Vec::new(), Vec::new());
        let mut bench = Self { driver: UvcPtz::default(), now: 7, set, reads: 0, reports };
        bench.event(Event::Up(crate::clock::TEST));
        bench.event(Event::Controls(controls));
        assert_eq!(bench.reads, 1);
        bench.set.clear();
        bench
    }

    fn event(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::SetControl { id, value } => self.set.push((id, value)),
                Action::ReadControls => self.reads += 1,
                Action::Report(report) => self.reports.push(report),
                other => panic!("{other:?}"),
            }
        }
    }

    fn asks(&mut self, wish: Ptz) {
        self.event(Event::Command(Command::Ptz(wish)));
    }

    fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        while let Some(deadline) = self.driver.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            self.event(Event::Timer);
        }
        self.now = end;
    }

    fn set(&mut self) -> Vec<(u32, i32)> {
        std::mem::take(&mut self.set)
    }
}

const RIGHT: Ptz = Ptz::Move { pan: 1.0, tilt: 0.0, zoom: 0.0 };

#[test]
fn a_camera_with_speeds_is_driven_and_stopped_by_them() {
    let mut bench = Bench::ready(&speeds());
    assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
    bench.asks(Ptz::Move { pan: -0.01, tilt: 0.5, zoom: 1.0 });
    assert_eq!(bench.set(), [(PAN_SPEED, -1), (TILT_SPEED, 10), (ZOOM_SPEED, 7)]);
    assert_eq!(bench.driver.deadline(), None);
    bench.asks(Ptz::Stop);
    assert_eq!(bench.set(), [(PAN_SPEED, 0), (TILT_SPEED, 0), (ZOOM_SPEED, 0)]);
}

#[test]
fn a_camera_with_places_is_moved_in_steps_while_it_is_asked_to() {
    let mut bench = Bench::ready(&places());
    bench.asks(RIGHT);
    // A step is 2 % of the range, 2160; the control takes multiples of 3600.
    bench.pass(250);
    assert_eq!(bench.set(), [(PAN, 3_600), (PAN, 7_200)]);
    bench.asks(RIGHT);
    bench.pass(5_000);
    assert_eq!(bench.set().last(), Some(&(PAN, 72_000)), "to its end and no further");
    bench.asks(Ptz::Stop);
    bench.pass(1_000);
    assert_eq!(bench.set(), []);
    assert_eq!(bench.driver.deadline(), None);
}

#[test]
fn a_place_is_a_part_of_the_range_on_its_side() {
    let mut bench = Bench::ready(&places());
    bench.asks(Ptz::To(Position { pan: 0.5, tilt: -1.0, zoom: 0.25 }));
    assert_eq!(bench.set(), [(PAN, 36_000), (TILT, -36_000), (ZOOM, 200)]);
    bench.asks(Ptz::Home);
    assert_eq!(bench.set(), [(PAN, 0), (TILT, 0)]);
}

#[test]
fn a_stop_on_the_way_to_a_place_keeps_the_camera_where_it_is() {
    let mut bench = Bench::ready(&places());
    bench.asks(Ptz::To(Position { pan: 1.0, tilt: 0.0, zoom: 0.5 }));
    bench.asks(Ptz::Stop);
    bench.set();
    let mut now = places();
    now[0].value = Some(18_000);
    bench.event(Event::Controls(&now));
    assert_eq!(bench.set(), [(PAN, 18_000), (TILT, 36_000), (ZOOM, 300)]);
    bench.event(Event::Controls(&now));
    assert_eq!(bench.set(), []);
}

#[test]
fn where_it_looks_is_read_from_the_camera() {
    let mut bench = Bench::ready(&places());
    bench.reports.clear();
    bench.asks(Ptz::Locate);
    bench.event(Event::Controls(&places()));
    let place = Position { pan: 0.0, tilt: 1.0, zoom: 0.5 };
    assert_eq!(bench.reports, [Report::Position(place)]);
}

#[test]
fn focus_by_hand_switches_the_automatic_off_first() {
    let mut controls = places();
    controls.extend([control(FOCUS, 0, 50, 1, 10), control(FOCUS_AUTO, 0, 1, 1, 1)]);
    let mut bench = Bench::ready(&controls);
    bench.asks(Ptz::Focus(Focus::Near));
    bench.pass(50);
    assert_eq!(bench.set(), [(FOCUS_AUTO, 0), (FOCUS, 11)]);
    bench.asks(Ptz::Focus(Focus::Auto));
    bench.pass(1_000);
    assert_eq!(bench.set(), [(FOCUS_AUTO, 1)]);
}

#[test]
fn what_a_camera_does_not_have_is_refused() {
    let mut bench = Bench::ready(&speeds());
    bench.reports.clear();
    let middle = Position { pan: 0.0, tilt: 0.0, zoom: 0.0 };
    for wish in [Ptz::Home, Ptz::To(middle), Ptz::Save(1), Ptz::Focus(Focus::Near)] {
        bench.asks(wish);
    }
    bench.asks(Ptz::Locate);
    bench.event(Event::Controls(&speeds()));
    assert_eq!(bench.reports, [const { Report::Failed(Failure::Device) }; 5]);
}

#[test]
fn a_camera_that_cannot_move_is_told() {
    let bench = Bench::ready(&[control(PAN, 0, 0, 1, 0), control(PAN_SPEED, 0, 9, 1, 0)]);
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}

#[test]
fn a_refused_step_is_told_once() {
    let mut bench = Bench::ready(&places());
    bench.reports.clear();
    bench.asks(RIGHT);
    bench.pass(300);
    bench.event(Event::Refused(Channel::Control));
    bench.set();
    bench.pass(5_000);
    assert_eq!(bench.set(), []);
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)]);
}

proptest! {
    #[test]
    fn no_control_is_ever_set_outside_of_its_range(
        (lowest, highest) in any::<(i32, i32)>(), step in any::<i32>(), value in any::<i32>(),
        speed in any::<f32>(), waits in 0u64..10_000,
    ) {
        let all = [PAN, TILT, ZOOM, FOCUS, PAN_SPEED, ZOOM_SPEED];
        let controls = all.map(|id| control(id, lowest, highest, step, value));
        let mut bench = Bench::ready(&controls);
        bench.asks(Ptz::Move { pan: speed, tilt: speed, zoom: speed });
        bench.pass(waits);
        bench.asks(Ptz::To(Position { pan: speed, tilt: -speed, zoom: speed }));
        bench.asks(Ptz::Stop);
        for (_, value) in bench.set() {
            prop_assert!((lowest..=highest).contains(&value), "{value}");
        }
    }
}
