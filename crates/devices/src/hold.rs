//! The dead-man rule of the camera: it moves only while somebody holds the button.
//!
//! A physician's page repeats its `Move` while a button is held. A page that is closed, a network
//! that is cut and a browser that hangs all look the same from here: the repetition ends. Then the
//! camera is stopped; without this it would go on to its end stop with nobody watching.

use crate::{Millis, Ptz};

/// Pages repeat every 200 ms or faster, so one lost message does not make the camera stutter.
const PATIENCE: Millis = 500;

#[derive(Debug, Default)]
pub struct CameraHold {
    stop_at: Option<Millis>,
}

impl CameraHold {
    /// What the physician asks for; the answer goes to the camera.
    #[must_use]
    pub fn ask(&mut self, now: Millis, wish: Ptz) -> Ptz {
        let wish = match wish {
            Ptz::Move { pan: 0.0, tilt: 0.0, zoom: 0.0 } => Ptz::Stop,
            other => other,
        };
        self.stop_at = match wish {
            Ptz::Move { .. } => Some(now + PATIENCE),
            // The way home ends by itself.
            Ptz::Stop | Ptz::Home => None,
        };
        wish
    }

    /// The caller comes back by [`Self::deadline`]; then the answer, if any, goes to the camera.
    #[must_use]
    pub fn timer(&mut self, now: Millis) -> Option<Ptz> {
        self.stop_at.take_if(|stop_at| now >= *stop_at).map(|_| Ptz::Stop)
    }

    pub fn deadline(&self) -> Option<Millis> {
        self.stop_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Ptz = Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 };

    #[test]
    fn a_button_that_is_no_longer_held_stops_the_camera_once() {
        let mut hold = CameraHold::default();
        assert_eq!(hold.ask(1000, LEFT), LEFT);
        assert_eq!(hold.deadline(), Some(1500));
        assert_eq!(hold.timer(1499), None);
        assert_eq!(hold.timer(1500), Some(Ptz::Stop));
        assert_eq!(hold.timer(9000), None);
    }

    #[test]
    fn a_button_that_is_held_keeps_the_camera_moving() {
        let mut hold = CameraHold::default();
        for now in (0..3000).step_by(200) {
            assert_eq!(hold.timer(now), None);
            assert_eq!(hold.ask(now, LEFT), LEFT);
        }
    }

    #[test]
    fn a_stop_needs_no_second_stop() {
        let mut hold = CameraHold::default();
        assert_eq!(hold.ask(0, LEFT), LEFT);
        assert_eq!(hold.ask(100, Ptz::Stop), Ptz::Stop);
        assert_eq!(hold.deadline(), None);
    }

    #[test]
    fn no_speed_in_any_direction_is_a_stop() {
        let mut hold = CameraHold::default();
        assert_eq!(hold.ask(0, Ptz::Move { pan: 0.0, tilt: -0.0, zoom: 0.0 }), Ptz::Stop);
        assert_eq!(hold.deadline(), None);
    }
}
