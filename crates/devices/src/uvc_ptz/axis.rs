//! One motor of a V4L2 camera: its place, its speed, or both.

use crate::{Action, Control, Millis};

/// From one end to the other at full speed, for a camera that has places only.
const TRAVERSE_MS: f64 = 5_000.0;

pub(super) struct Axis {
    place_id: u32,
    speed_id: Option<u32>,
    place: Option<Control>,
    speed: Option<Control>,
    /// Where it was sent last, more exactly than the control has it: slow steps add up.
    at: f64,
    /// −1…1 while it is moved in steps.
    stepping: f64,
    /// It was sent to a place that may be far.
    on_the_way: bool,
}

impl Axis {
    pub(super) fn new(place_id: u32, speed_id: Option<u32>) -> Self {
        let (place, speed) = (None, None);
        Self { place_id, speed_id, place, speed, at: 0.0, stepping: 0.0, on_the_way: false }
    }

    /// Of all controls of the camera. One whose range is empty is none.
    pub(super) fn learn(&mut self, controls: &[Control]) {
        let find = |id: u32| {
            controls.iter().find(|control| control.id == id && control.lowest < control.highest)
        };
        self.place = find(self.place_id).copied();
        // Without both directions it could not be driven back, nor without 0 be stopped.
        self.speed = self
            .speed_id
            .and_then(find)
            .filter(|speed| speed.lowest < 0 && speed.highest > 0)
            .copied();
        if self.stepping == 0.0
            && let Some(place) = self.place
        {
            let middle = 0.clamp(place.lowest, place.highest);
            self.at = f64::from(place.value.unwrap_or(middle));
        }
    }

    pub(super) fn moves(&self) -> bool {
        self.place.is_some() || self.speed.is_some()
    }

    pub(super) fn steps(&self) -> bool {
        self.stepping != 0.0
    }

    pub(super) fn is_on_the_way(&self) -> bool {
        self.on_the_way
    }

    /// Whether the camera says where it is.
    pub(super) fn is_known(&self) -> bool {
        self.place.is_some_and(|place| place.value.is_some())
    }

    /// At this speed, −1…1, until told otherwise. 0 stops.
    pub(super) fn drive(&mut self, speed: f32) -> Option<Action> {
        // NaN is no speed.
        let speed = if speed.is_nan() { 0.0 } else { f64::from(speed.clamp(-1.0, 1.0)) };
        self.on_the_way = false;
        if let Some(control) = self.speed {
            let end = if speed > 0.0 { control.highest } else { control.lowest };
            let value = (speed.abs() * f64::from(end).abs()).ceil().copysign(speed);
            return Some(set(control.id, fit(control, value)));
        }
        self.stepping = if self.place.is_some() { speed } else { 0.0 };
        None
    }

    pub(super) fn stop(&mut self) -> Option<Action> {
        self.give_up();
        Some(set(self.speed?.id, 0))
    }

    /// Nothing more is wanted of it.
    pub(super) fn give_up(&mut self) {
        self.stepping = 0.0;
        self.on_the_way = false;
    }

    /// Stays where the camera says it is.
    pub(super) fn halt(&mut self) -> Option<Action> {
        let place = self.place?;
        Some(set(place.id, place.value?))
    }

    /// One step of this duration, if it is worth one of the control.
    pub(super) fn step(&mut self, duration: Millis) -> Option<Action> {
        let place = self.place.filter(|_| self.stepping != 0.0)?;
        let before = fit(place, self.at);
        let share = duration as f64 / TRAVERSE_MS;
        let wanted = self.at + self.stepping * share * range(place);
        self.at = wanted.clamp(f64::from(place.lowest), f64::from(place.highest));
        let value = fit(place, self.at);
        (value != before).then(|| set(place.id, value))
    }

    /// −1…1 of the range to either side of straight ahead, which is 0 for V4L2.
    pub(super) fn go_to_part(&mut self, part: f32) -> Option<Action> {
        let place = self.place?;
        let (below, above) = sides(place);
        let part = f64::from(part.clamp(-1.0, 1.0));
        self.go_to(middle(place) + part * if part > 0.0 { above } else { below })
    }

    /// 0…1 of the whole range.
    pub(super) fn go_to_share(&mut self, share: f32) -> Option<Action> {
        let place = self.place?;
        self.go_to(f64::from(place.lowest) + f64::from(share.clamp(0.0, 1.0)) * range(place))
    }

    fn go_to(&mut self, wanted: f64) -> Option<Action> {
        let place = self.place?;
        let value = fit(place, wanted);
        self.at = f64::from(value);
        self.on_the_way = true;
        Some(set(place.id, value))
    }

    pub(super) fn part(&self) -> f32 {
        let Some((place, value)) = self.place.and_then(|place| Some((place, place.value?))) else {
            return 0.0;
        };
        let (below, above) = sides(place);
        let off = f64::from(value) - middle(place);
        let side = if off > 0.0 { above } else { below };
        if side > 0.0 { (off / side) as f32 } else { 0.0 }
    }

    pub(super) fn share(&self) -> f32 {
        let Some((place, value)) = self.place.and_then(|place| Some((place, place.value?))) else {
            return 0.0;
        };
        ((f64::from(value) - f64::from(place.lowest)) / range(place)) as f32
    }
}

pub(super) fn set(id: u32, value: i32) -> Action {
    Action::SetControl { id, value }
}

/// Straight ahead, or the end that is nearest to it.
fn middle(place: Control) -> f64 {
    f64::from(0.clamp(place.lowest, place.highest))
}

/// How far it goes below and above its middle.
fn sides(place: Control) -> (f64, f64) {
    let middle = middle(place);
    (middle - f64::from(place.lowest), f64::from(place.highest) - middle)
}

/// More than 0: a control with an empty range was not learnt.
fn range(control: Control) -> f64 {
    f64::from(control.highest) - f64::from(control.lowest)
}

/// The nearest value that the control takes. NaN is its lowest.
fn fit(control: Control, wanted: f64) -> i32 {
    let lowest = f64::from(control.lowest);
    let step = f64::from(control.step.max(1));
    let last = (range(control) / step).floor();
    let steps = ((wanted - lowest) / step).round().clamp(0.0, last);
    (lowest + steps * step) as i32
}
