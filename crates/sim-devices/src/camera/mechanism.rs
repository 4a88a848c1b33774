//! Head and lens of the camera: two motors for pan and tilt, one for zoom, one for focus.
//!
//! Knows degrees and lens steps; nothing of messages and pictures.

use super::axis::{Axis, Limits};
use super::words::{Direction, Speeds, Steps};
use std::time::Duration;

/// How far the head turns from its middle, degrees. At its ends the widest picture ends with the
/// scene.
pub const PAN_RANGE: f64 = 50.0;
pub const TILT_RANGE: f64 = 16.8;
/// Steps of the position replies, as cameras with a range of ±170° = ±2448 steps have them.
pub const STEPS_PER_DEGREE: f64 = 14.4;
/// The lens from wide to tele, in the steps of the zoom position.
const LENS_STEPS: f64 = 16384.0;
const FOCUS_STEPS: f64 = 4096.0;
/// From near to far, seconds.
const FOCUS_TIME: f64 = 3.0;
const MAGNIFICATION: f64 = 8.0;

/// Degrees per second at the highest speed numbers.
const FASTEST_PAN: f64 = 80.0;
const FASTEST_TILT: f64 = 40.0;
const SLOWEST: f64 = 0.6;
/// Wide to tele at zoom speed 7 and 0, seconds.
const FASTEST_ZOOM: f64 = 2.2;
const SLOWEST_ZOOM: f64 = 10.0;

const STEP: Duration = Duration::from_millis(5);

/// Where the camera looks. Degrees, right and up positive; zoom 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    pub pan: f64,
    pub tilt: f64,
    pub zoom: f64,
}

/// A place that the camera can be sent back to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    pan: f64,
    tilt: f64,
    lens: f64,
}

#[derive(Clone, Debug)]
pub struct Mechanism {
    pan: Axis,
    tilt: Axis,
    lens: Axis,
    /// From near to far. The drawn room is sharp at every distance.
    focus: Axis,
    at: Duration,
}

impl Default for Mechanism {
    fn default() -> Self {
        let head =
            |range: f64, acceleration| Limits { lowest: -range, highest: range, acceleration };
        let lens = Limits { lowest: 0.0, highest: LENS_STEPS, acceleration: 40_000.0 };
        Self {
            pan: Axis::new(0.0, head(PAN_RANGE, 160.0)),
            tilt: Axis::new(0.0, head(TILT_RANGE, 120.0)),
            lens: Axis::new(0.0, lens),
            focus: Axis::new(FOCUS_STEPS, Limits { highest: FOCUS_STEPS, ..lens }),
            at: Duration::ZERO,
        }
    }
}

impl Mechanism {
    /// Lets the motors run until `now`.
    pub fn advance(&mut self, now: Duration) {
        if self.is_head_at_rest() && self.is_lens_at_rest() && self.focus.is_at_rest() {
            self.at = self.at.max(now);
            return;
        }
        while self.at + STEP <= now {
            for axis in [&mut self.pan, &mut self.tilt, &mut self.lens, &mut self.focus] {
                axis.advance(STEP.as_secs_f64());
            }
            self.at += STEP;
        }
    }

    pub fn pose(&self) -> Pose {
        Pose { pan: self.pan.position(), tilt: self.tilt.position(), zoom: self.magnification() }
    }

    pub fn is_head_at_rest(&self) -> bool {
        self.pan.is_at_rest() && self.tilt.is_at_rest()
    }

    pub fn is_lens_at_rest(&self) -> bool {
        self.lens.is_at_rest()
    }

    /// Turns while the button is held. The longer the lens, the slower, so that the picture moves
    /// equally fast: otherwise nobody could aim at full zoom.
    pub fn drive(&mut self, speeds: Speeds, direction: Direction) {
        let zoom = self.magnification();
        self.pan.drive(f64::from(direction.pan) * pan_speed(speeds.pan) / zoom);
        self.tilt.drive(f64::from(direction.tilt) * tilt_speed(speeds.tilt) / zoom);
    }

    pub fn turn_to(&mut self, speeds: Speeds, steps: Steps) {
        self.pan.go_to(f64::from(steps.pan) / STEPS_PER_DEGREE, pan_speed(speeds.pan));
        self.tilt.go_to(f64::from(steps.tilt) / STEPS_PER_DEGREE, tilt_speed(speeds.tilt));
    }

    pub fn turn_by(&mut self, speeds: Speeds, steps: Steps) {
        let here = self.steps();
        let target = Steps {
            pan: here.pan.saturating_add(steps.pan),
            tilt: here.tilt.saturating_add(steps.tilt),
        };
        self.turn_to(speeds, target);
    }

    pub fn zoom(&mut self, direction: i8, speed: u8) {
        self.lens.drive(f64::from(direction) * lens_speed(speed));
    }

    pub fn zoom_to(&mut self, position: u16) {
        self.lens.go_to(f64::from(position), lens_speed(7));
    }

    /// At shares of the fastest, −1 to 1; slower through a long lens, as [`Self::drive`].
    pub fn drive_head_at(&mut self, [pan, tilt]: [f64; 2]) {
        let zoom = self.magnification();
        self.pan.drive(pan * FASTEST_PAN / zoom);
        self.tilt.drive(tilt * FASTEST_TILT / zoom);
    }

    pub fn drive_lens_at(&mut self, share: f64) {
        self.lens.drive(share * lens_speed(7));
    }

    /// To shares of the range: −1 is left or down, 1 right or up.
    pub fn head_to(&mut self, [pan, tilt]: [f64; 2]) {
        self.pan.go_to(pan * PAN_RANGE, FASTEST_PAN);
        self.tilt.go_to(tilt * TILT_RANGE, FASTEST_TILT);
    }

    /// 0 is wide, 1 tele.
    pub fn lens_to(&mut self, share: f64) {
        self.lens.go_to(share * LENS_STEPS, lens_speed(7));
    }

    /// Where pan, tilt and lens are, as the two above take it.
    pub fn shares(&self) -> [f64; 3] {
        [
            self.pan.position() / PAN_RANGE,
            self.tilt.position() / TILT_RANGE,
            self.lens.position() / LENS_STEPS,
        ]
    }

    pub fn focus(&mut self, direction: i8) {
        self.focus.drive(f64::from(direction) * FOCUS_STEPS / FOCUS_TIME);
    }

    pub fn focus_position(&self) -> u16 {
        self.focus.position().round() as u16
    }

    pub fn stop_head(&mut self) {
        self.pan.drive(0.0);
        self.tilt.drive(0.0);
    }

    pub fn stop_lens(&mut self) {
        self.lens.drive(0.0);
    }

    pub fn here(&self) -> Preset {
        Preset { pan: self.pan.position(), tilt: self.tilt.position(), lens: self.lens.position() }
    }

    pub fn recall(&mut self, preset: Preset) {
        self.pan.go_to(preset.pan, FASTEST_PAN);
        self.tilt.go_to(preset.tilt, FASTEST_TILT);
        self.lens.go_to(preset.lens, lens_speed(7));
    }

    pub fn steps(&self) -> Steps {
        let steps = |degrees: f64| (degrees * STEPS_PER_DEGREE).round() as i16;
        Steps { pan: steps(self.pan.position()), tilt: steps(self.tilt.position()) }
    }

    pub fn lens_position(&self) -> u16 {
        self.lens.position().round() as u16
    }

    /// Equal lens steps magnify by equal factors.
    fn magnification(&self) -> f64 {
        MAGNIFICATION.powf(self.lens.position() / LENS_STEPS)
    }
}

fn pan_speed(number: u8) -> f64 {
    speed(number, 0x18, FASTEST_PAN)
}

fn tilt_speed(number: u8) -> f64 {
    speed(number, 0x14, FASTEST_TILT)
}

/// Finer at the slow end, as cameras have it.
fn speed(number: u8, highest: u8, fastest: f64) -> f64 {
    let share = f64::from(number - 1) / f64::from(highest - 1);
    SLOWEST + (fastest - SLOWEST) * share * share
}

fn lens_speed(number: u8) -> f64 {
    let seconds = SLOWEST_ZOOM + (FASTEST_ZOOM - SLOWEST_ZOOM) * f64::from(number) / 7.0;
    LENS_STEPS / seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Speeds = Speeds { pan: 0x18, tilt: 0x14 };

    #[test]
    fn the_highest_speed_number_crosses_the_room_in_about_a_second() {
        let mut mechanism = Mechanism::default();
        mechanism.drive(FULL, Direction { pan: 1, tilt: 0 });
        mechanism.advance(Duration::from_secs(1));
        assert!(mechanism.pose().pan > 45.0, "{:?}", mechanism.pose());
    }

    #[test]
    fn full_zoom_magnifies_eight_times_and_slows_the_head() {
        let mut mechanism = Mechanism::default();
        mechanism.zoom(1, 7);
        mechanism.advance(Duration::from_secs(4));
        assert!((mechanism.pose().zoom - 8.0).abs() < 1e-9);
        mechanism.drive(FULL, Direction { pan: 1, tilt: 0 });
        mechanism.advance(Duration::from_secs(5));
        assert!((8.0..12.0).contains(&mechanism.pose().pan), "{:?}", mechanism.pose());
    }

    #[test]
    fn an_absolute_position_is_reached_in_steps() {
        let mut mechanism = Mechanism::default();
        mechanism.turn_to(FULL, Steps { pan: -300, tilt: 100 });
        mechanism.advance(Duration::from_secs(3));
        assert_eq!(mechanism.steps(), Steps { pan: -300, tilt: 100 });
        assert!(mechanism.is_head_at_rest());
    }
}
