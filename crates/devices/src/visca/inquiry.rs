//! The question where the camera looks: two inquiries, one report.
//!
//! Cameras answer inquiries at once and beside the sockets, so a question never holds up a command.

use super::{
    orders::{PAN_TILT_INQUIRY, Place, ZOOM_INQUIRY},
    wire::Wire,
};
use crate::{Action, Failure, Millis, Position, Report};

/// As for a command.
const PATIENCE: Millis = 200;
const TRIES: u32 = 3;

#[derive(Default)]
pub(super) struct Inquiry {
    asked: Option<Asked>,
}

#[derive(Clone, Copy)]
struct Asked {
    at: Millis,
    tries: u32,
    pan_tilt: Option<(f32, f32)>,
    zoom: Option<f32>,
}

impl Inquiry {
    /// A question that is open already is answered by the same answer.
    pub(super) fn ask(&mut self, now: Millis, wire: &mut Wire, out: &mut Vec<Action>) {
        if self.asked.is_none() {
            self.send(Asked { at: now, tries: 1, pan_tilt: None, zoom: None }, wire, out);
        }
    }

    /// What is not known yet.
    fn send(&mut self, asked: Asked, wire: &mut Wire, out: &mut Vec<Action>) {
        if asked.pan_tilt.is_none() {
            out.push(wire.inquiry(&PAN_TILT_INQUIRY));
        }
        if asked.zoom.is_none() {
            out.push(wire.inquiry(&ZOOM_INQUIRY));
        }
        self.asked = Some(asked);
    }

    /// An answer to no question is of no use.
    pub(super) fn answered(&mut self, place: Place, out: &mut Vec<Action>) {
        let Some(asked) = &mut self.asked else { return };
        match place {
            Place::PanTilt { pan, tilt } => asked.pan_tilt = Some((pan, tilt)),
            Place::Zoom(zoom) => asked.zoom = Some(zoom),
        }
        if let (Some((pan, tilt)), Some(zoom)) = (asked.pan_tilt, asked.zoom) {
            self.asked = None;
            out.push(Action::Report(Report::Position(Position { pan, tilt, zoom })));
        }
    }

    pub(super) fn timer(&mut self, now: Millis, wire: &mut Wire, out: &mut Vec<Action>) {
        let Some(asked) = self.asked.take_if(|asked| now >= asked.at + PATIENCE) else { return };
        if asked.tries < TRIES {
            self.send(Asked { at: now, tries: asked.tries + 1, ..asked }, wire, out);
        } else {
            out.push(Action::Report(Report::Failed(Failure::Device)));
        }
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        self.asked.map(|asked| asked.at + PATIENCE)
    }
}
