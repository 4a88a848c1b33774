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
        match wish {
            Ptz::Move { .. } => self.stop_at = Some(now + PATIENCE),
            // The way to a place ends by itself.
            Ptz::Stop | Ptz::Home | Ptz::To(_) | Ptz::Recall(_) => self.stop_at = None,
            // A movement goes on meanwhile, and so does the wait for its repetition.
            Ptz::Save(_) | Ptz::Clear(_) | Ptz::Locate | Ptz::Focus(_) | Ptz::PowerOn => {}
        }
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
    use crate::{Focus, Position};

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
    fn what_does_not_move_the_camera_does_not_keep_it_moving() {
        for wish in [Ptz::Locate, Ptz::Save(1), Ptz::Clear(1), Ptz::Focus(Focus::Near)] {
            let mut hold = CameraHold::default();
            assert_eq!(hold.ask(0, LEFT), LEFT);
            assert_eq!(hold.ask(400, wish), wish);
            assert_eq!(hold.timer(500), Some(Ptz::Stop), "{wish:?}");
        }
    }

    #[test]
    fn the_way_to_a_place_needs_no_hand() {
        let middle = Position { pan: 0.0, tilt: 0.0, zoom: 0.0 };
        for wish in [Ptz::Home, Ptz::Recall(1), Ptz::To(middle)] {
            let mut hold = CameraHold::default();
            assert_eq!(hold.ask(0, LEFT), LEFT);
            assert_eq!(hold.ask(400, wish), wish);
            assert_eq!(hold.deadline(), None, "{wish:?}");
        }
    }

    #[test]
    fn no_speed_in_any_direction_is_a_stop() {
        let mut hold = CameraHold::default();
        assert_eq!(hold.ask(0, Ptz::Move { pan: 0.0, tilt: -0.0, zoom: 0.0 }), Ptz::Stop);
        assert_eq!(hold.deadline(), None);
    }
}
