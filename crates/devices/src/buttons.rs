//! Foot pedals and the snapshot button of a camera: what is pressed, and what is let go.

use crate::KeyEvent;

/// `KEY_CAMERA` of uapi/linux/input-event-codes.h: what Linux makes of the button of a UVC camera.
pub const KEY_CAMERA: u16 = 212;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// By its `KEY_…` or `BTN_…` code.
    Pressed(u16),
    Released(u16),
}

/// The keys of one device. Each press is followed by its release, also when the device goes.
#[derive(Debug, Default)]
pub struct Buttons {
    held: Vec<u16>,
}

/// Pedals have three keys at most. A device that holds more is no pedal.
const HELD_AT_MOST: usize = 8;

impl Buttons {
    pub fn handle(&mut self, event: KeyEvent) -> Vec<Press> {
        match event {
            KeyEvent::Down(code) => {
                if self.held.contains(&code) || self.held.len() == HELD_AT_MOST {
                    return Vec::new();
                }
                self.held.push(code);
                vec![Press::Pressed(code)]
            }
            KeyEvent::Up(code) => {
                let Some(at) = self.held.iter().position(|held| *held == code) else {
                    return Vec::new();
                };
                self.held.remove(at);
                vec![Press::Released(code)]
            }
            // What is held is not known. Whatever a pedal keeps going has to stop.
            KeyEvent::Lost => self.release_all(),
        }
    }

    /// Also for a device that is unplugged: nobody presses it any more.
    pub fn release_all(&mut self) -> Vec<Press> {
        self.held.drain(..).map(Press::Released).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyEvent::{Down, Lost, Up};
    use Press::{Pressed, Released};

    #[track_caller]
    fn check(events: &[KeyEvent], expected: &[Press]) {
        let mut buttons = Buttons::default();
        let mut said: Vec<Press> = events.iter().flat_map(|one| buttons.handle(*one)).collect();
        said.extend(buttons.release_all());
        assert_eq!(said, expected);
    }

    #[test]
    fn a_press_and_a_release_are_told_once() {
        let events = [Down(KEY_CAMERA), Down(KEY_CAMERA), Up(KEY_CAMERA), Up(KEY_CAMERA)];
        check(&events, &[Pressed(212), Released(212)]);
    }

    #[test]
    fn what_is_held_is_let_go_when_it_is_no_longer_known() {
        check(&[Down(30), Down(48)], &[Pressed(30), Pressed(48), Released(30), Released(48)]);
        check(&[Down(30), Lost, Up(30)], &[Pressed(30), Released(30)]);
    }

    #[test]
    fn a_device_that_holds_every_key_is_bounded_and_still_comes_out_even() {
        let mut buttons = Buttons::default();
        let pressed = (0..600).flat_map(|code| buttons.handle(Down(code))).count();
        assert_eq!(pressed, HELD_AT_MOST);
        assert_eq!(buttons.release_all().len(), pressed);
    }
}
