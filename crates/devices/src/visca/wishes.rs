//! What is asked of the camera, as orders of VISCA.

use super::{
    Stage, Visca,
    commands::{Lane, Manner, Order},
    orders::{self, Memory},
    packet,
};
use crate::{Action, Failure, Focus, Millis, Position, Ptz, Report};

impl Visca {
    pub(super) fn ptz(&mut self, now: Millis, wish: Ptz) -> Vec<Action> {
        let mut out = Vec::new();
        match self.stage {
            Stage::Down => {}
            Stage::SetUp { .. } => self.too_early(now, wish, &mut out),
            Stage::Running { .. } => self.carry_out(now, wish, &mut out),
        }
        out
    }

    fn too_early(&mut self, now: Millis, wish: Ptz, out: &mut Vec<Action>) {
        match wish {
            Ptz::Stop => self.stop(now, out),
            // A held button repeats its wish; half a second later the camera is set up.
            Ptz::Move { .. } => {}
            Ptz::Home
            | Ptz::To(_)
            | Ptz::Save(_)
            | Ptz::Recall(_)
            | Ptz::Clear(_)
            | Ptz::Locate
            | Ptz::Focus(_)
            | Ptz::PowerOn => out.push(Action::Report(Report::Failed(Failure::Device))),
        }
    }

    fn carry_out(&mut self, now: Millis, wish: Ptz, out: &mut Vec<Action>) {
        match wish {
            Ptz::Stop => self.stop(now, out),
            Ptz::Move { pan, tilt, zoom } => {
                self.commands.set(now, pan_tilt(pan, tilt), false, out);
                self.commands.set(now, zooming(zoom), false, out);
            }
            Ptz::Home => {
                self.stop_drives(now, out);
                self.go(now, Lane::PanTilt, packet::HOME.to_vec(), out);
            }
            Ptz::To(place) => self.go_to(now, place, out),
            Ptz::Recall(number) => self.recall(now, number, out),
            Ptz::Save(number) => self.memory(now, Memory::Set, number, out),
            Ptz::Clear(number) => self.memory(now, Memory::Reset, number, out),
            Ptz::Locate => self.inquiry.ask(now, &mut self.commands.wire, out),
            Ptz::Focus(focus) => self.focus(now, focus, out),
            Ptz::PowerOn => self.go(now, Lane::Camera, orders::POWER_ON.to_vec(), out),
        }
    }

    pub(super) fn stop(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.commands.cancel_busy(out);
        self.commands.set(now, pan_tilt(0.0, 0.0), true, out);
        self.commands.set(now, zooming(0.0), true, out);
        if self.commands.drives(Lane::Focus) {
            self.commands.set(now, focusing(Focus::Stop), true, out);
        }
    }

    /// A camera that refuses to go to a place would drive on, and nobody holds a button any more.
    fn stop_drives(&mut self, now: Millis, out: &mut Vec<Action>) {
        if self.commands.drives(Lane::PanTilt) {
            self.commands.set(now, pan_tilt(0.0, 0.0), true, out);
        }
        if self.commands.drives(Lane::Zoom) {
            self.commands.set(now, zooming(0.0), true, out);
        }
    }

    fn go_to(&mut self, now: Millis, place: Position, out: &mut Vec<Action>) {
        self.stop_drives(now, out);
        self.go(now, Lane::PanTilt, orders::pan_tilt_to(place), out);
        self.go(now, Lane::Zoom, orders::zoom_to(place), out);
    }

    fn recall(&mut self, now: Millis, number: u8, out: &mut Vec<Action>) {
        let Some(bytes) = orders::memory(Memory::Recall, number) else {
            return out.push(Action::Report(Report::Failed(Failure::Device)));
        };
        self.stop_drives(now, out);
        // A memory moves the lens as well.
        self.commands.forget_lane(Lane::Zoom);
        self.go(now, Lane::PanTilt, bytes, out);
    }

    fn memory(&mut self, now: Millis, what: Memory, number: u8, out: &mut Vec<Action>) {
        match orders::memory(what, number) {
            Some(bytes) => {
                let order = Order { lane: Lane::Camera, bytes, manner: Manner::Once };
                self.commands.set(now, order, true, out);
            }
            None => out.push(Action::Report(Report::Failed(Failure::Device))),
        }
    }

    fn focus(&mut self, now: Millis, focus: Focus, out: &mut Vec<Action>) {
        let mode = |bytes: &[u8]| {
            let bytes = bytes.to_vec();
            Order { lane: Lane::FocusMode, bytes, manner: Manner::Go }
        };
        match focus {
            Focus::Auto => {
                // The automatic takes the lens over.
                self.commands.forget_lane(Lane::Focus);
                self.commands.set(now, mode(&orders::FOCUS_AUTO), true, out);
            }
            // The lens of a camera that focuses by itself is not driven.
            Focus::Near | Focus::Far => {
                self.commands.set(now, mode(&orders::FOCUS_MANUAL), false, out);
                self.commands.set(now, focusing(focus), false, out);
            }
            Focus::Stop => self.commands.set(now, focusing(focus), true, out),
        }
    }

    fn go(&mut self, now: Millis, lane: Lane, bytes: Vec<u8>, out: &mut Vec<Action>) {
        self.commands.set(now, Order { lane, bytes, manner: Manner::Go }, true, out);
    }
}

fn pan_tilt(pan: f32, tilt: f32) -> Order {
    let bytes = packet::pan_tilt(pan, tilt);
    let manner = manner(bytes == packet::pan_tilt(0.0, 0.0));
    Order { lane: Lane::PanTilt, bytes, manner }
}

fn zooming(speed: f32) -> Order {
    let bytes = packet::zoom(speed);
    let manner = manner(bytes == packet::zoom(0.0));
    Order { lane: Lane::Zoom, bytes, manner }
}

/// [`Focus::Auto`] drives nothing.
fn focusing(focus: Focus) -> Order {
    let bytes = match focus {
        Focus::Near => orders::FOCUS_NEAR,
        Focus::Far => orders::FOCUS_FAR,
        Focus::Auto | Focus::Stop => orders::FOCUS_STOP,
    };
    let manner = manner(matches!(focus, Focus::Auto | Focus::Stop));
    Order { lane: Lane::Focus, bytes: bytes.to_vec(), manner }
}

fn manner(stands: bool) -> Manner {
    if stands { Manner::Stop } else { Manner::Drive }
}
