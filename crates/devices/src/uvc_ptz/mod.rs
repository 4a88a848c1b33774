//! A camera on USB that is moved by the controls of V4L2.
//!
//! Cameras have speeds, places, or both, for each of pan, tilt and zoom. One that has places only
//! is moved by small steps while the button is held. V4L2 knows no memories: saving is refused, for
//! one kept here would be gone after a restart. Directions are those of the kernel's "Camera
//! Control Reference": positive is right, up, nearer, and closer for the focus.

mod axis;

use axis::{Axis, set};

use crate::{
    Action, Channel, Command, Control, Driver, Event, Failure, Focus, Millis, Position, Ptz,
    Report, Status,
    catalogue::{Device, Purpose, Transport},
};

pub(crate) const DEVICE: Device = Device {
    id: "uvc-ptz",
    title: "USB camera that moves",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Controls],
    usb: &[],
    bluetooth: &[],
    driver: || Box::new(UvcPtz::default()),
};

/// V4L2_CID_FOCUS_AUTO.
const FOCUS_AUTO: u32 = 0x009A_090C;
/// Between two steps of a camera that has places only: the motor does not come to rest in between.
const STEP: Millis = 100;

pub(crate) struct UvcPtz {
    pan: Axis,
    tilt: Axis,
    zoom: Axis,
    focus: Axis,
    has_auto_focus: bool,
    stage: Stage,
    /// Somebody wants to know where it looks.
    locating: bool,
    /// On the way to a place somebody said stop: where it is now becomes the place.
    halting: bool,
    next_step: Option<Millis>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Down,
    /// Its controls are not known yet.
    Asked,
    Ready,
}

impl Default for UvcPtz {
    fn default() -> Self {
        Self {
            pan: Axis::new(0x009A_0908, Some(0x009A_0920)),
            tilt: Axis::new(0x009A_0909, Some(0x009A_0921)),
            zoom: Axis::new(0x009A_090D, Some(0x009A_090F)),
            focus: Axis::new(0x009A_090A, None),
            has_auto_focus: false,
            stage: Stage::Down,
            locating: false,
            halting: false,
            next_step: None,
        }
    }
}

impl UvcPtz {
    fn axes(&mut self) -> [&mut Axis; 4] {
        [&mut self.pan, &mut self.tilt, &mut self.zoom, &mut self.focus]
    }

    fn controls(&mut self, controls: &[Control]) -> Vec<Action> {
        for axis in self.axes() {
            axis.learn(controls);
        }
        self.has_auto_focus = controls.iter().any(|control| control.id == FOCUS_AUTO);
        let mut out = Vec::new();
        if self.stage == Stage::Asked {
            self.stage = Stage::Ready;
            let moves = [&self.pan, &self.tilt, &self.zoom].iter().any(|axis| axis.moves());
            out.push(Action::Report(if moves {
                Report::Status(Status::Ready)
            } else {
                Report::Failed(Failure::Device)
            }));
            // The link may have been lost in a movement.
            out.extend(self.axes().into_iter().filter_map(Axis::stop));
        }
        if std::mem::take(&mut self.halting) {
            let ways = [&mut self.pan, &mut self.tilt, &mut self.zoom];
            out.extend(ways.into_iter().filter_map(|axis| axis.halt()));
        }
        if std::mem::take(&mut self.locating) {
            out.push(Action::Report(self.position()));
        }
        out
    }

    /// An axis that the camera does not have stands in its middle, a zoom at its widest.
    fn position(&self) -> Report {
        let known = [&self.pan, &self.tilt, &self.zoom].iter().any(|axis| axis.is_known());
        if !known {
            return Report::Failed(Failure::Device);
        }
        Report::Position(Position {
            pan: self.pan.part(),
            tilt: self.tilt.part(),
            zoom: self.zoom.share(),
        })
    }

    fn ptz(&mut self, now: Millis, wish: Ptz) -> Vec<Action> {
        match wish {
            Ptz::Move { pan, tilt, zoom } => {
                let ways = [(&mut self.pan, pan), (&mut self.tilt, tilt), (&mut self.zoom, zoom)];
                let out = ways.into_iter().filter_map(|(axis, speed)| axis.drive(speed)).collect();
                self.halting = false;
                self.step_from(now);
                out
            }
            Ptz::Stop => self.stop(),
            Ptz::Home => self.go(|head| vec![head.pan.go_to_part(0.0), head.tilt.go_to_part(0.0)]),
            Ptz::To(place) => self.go(|head| {
                let (pan, tilt) =
                    (head.pan.go_to_part(place.pan), head.tilt.go_to_part(place.tilt));
                vec![pan, tilt, head.zoom.go_to_share(place.zoom)]
            }),
            Ptz::Locate => {
                self.locating = true;
                vec![Action::ReadControls]
            }
            Ptz::Focus(focus) => self.focus(now, focus),
            // A camera that is switched off is not on the bus.
            Ptz::PowerOn => Vec::new(),
            Ptz::Save(_) | Ptz::Recall(_) | Ptz::Clear(_) => vec![failed()],
        }
    }

    fn stop(&mut self) -> Vec<Action> {
        let on_the_way =
            [&self.pan, &self.tilt, &self.zoom].iter().any(|axis| axis.is_on_the_way());
        let mut out: Vec<Action> = self.axes().into_iter().filter_map(Axis::stop).collect();
        self.next_step = None;
        if on_the_way {
            self.halting = true;
            out.push(Action::ReadControls);
        }
        out
    }

    /// To a place, at rest before. A camera that has no place for any axis cannot.
    fn go(&mut self, places: impl Fn(&mut Self) -> Vec<Option<Action>>) -> Vec<Action> {
        let mut out: Vec<Action> = self.axes().into_iter().filter_map(Axis::stop).collect();
        self.next_step = None;
        self.halting = false;
        let there: Vec<Action> = places(self).into_iter().flatten().collect();
        if there.is_empty() {
            out.push(failed());
        }
        out.extend(there);
        out
    }

    fn focus(&mut self, now: Millis, focus: Focus) -> Vec<Action> {
        let speed = match focus {
            Focus::Near => 1.0,
            Focus::Far => -1.0,
            Focus::Auto | Focus::Stop => 0.0,
        };
        let mut out = Vec::new();
        match focus {
            Focus::Auto if !self.has_auto_focus => out.push(failed()),
            Focus::Near | Focus::Far if !self.focus.moves() => return vec![failed()],
            Focus::Auto => out.push(set(FOCUS_AUTO, 1)),
            // A camera that focuses by itself takes no place of the lens.
            Focus::Near | Focus::Far if self.has_auto_focus => out.push(set(FOCUS_AUTO, 0)),
            Focus::Near | Focus::Far | Focus::Stop => {}
        }
        out.extend(self.focus.drive(speed));
        self.step_from(now);
        out
    }

    /// Steps begin at once, unless they are under way.
    fn step_from(&mut self, now: Millis) {
        let steps = self.axes().into_iter().any(|axis| axis.steps());
        self.next_step = steps.then(|| self.next_step.unwrap_or(now));
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.next_step.take_if(|at| now >= *at).is_none() {
            return Vec::new();
        }
        let out = self.axes().into_iter().filter_map(|axis| axis.step(STEP)).collect();
        self.step_from(now + STEP);
        out
    }

    /// Stepping on would be refused again, ten times a second.
    fn refused(&mut self) -> Vec<Action> {
        self.locating = false;
        self.halting = false;
        self.next_step = None;
        for axis in self.axes() {
            axis.give_up();
        }
        vec![failed()]
    }
}

fn failed() -> Action {
    Action::Report(Report::Failed(Failure::Device))
}

impl Driver for UvcPtz {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => {
                *self = Self { stage: Stage::Asked, ..Self::default() };
                vec![Action::ReadControls]
            }
            Event::Down => {
                *self = Self::default();
                Vec::new()
            }
            Event::Controls(controls) => self.controls(controls),
            Event::Refused(Channel::Control) => self.refused(),
            Event::Timer => self.timer(now),
            Event::Command(Command::Ptz(wish)) if self.stage == Stage::Ready => self.ptz(now, wish),
            Event::Command(Command::Ptz(_) | Command::Measure | Command::StopMeasuring)
            | Event::Bytes { .. }
            | Event::Refused(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.next_step
    }
}

#[cfg(test)]
mod tests;
