//! A camera on RS-485 that speaks Pelco-D, 2400 to 9600 baud, 8N1.
//!
//! Such heads do not answer, so what is known of the camera is what it was told last. A lost frame
//! goes unnoticed: a stop is therefore written three times, and a movement as often as it is asked
//! for. Heads do not agree on absolute positions and answer no question; both are refused.

mod frame;

use frame::Frame;

pub(crate) use frame::decode;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Focus, Millis, Ptz, Report, Status,
    catalogue::{CP210X, Device, FT232, Line, PL2303, Purpose, Transport},
};

pub(crate) const DEVICE: Device = Device {
    id: "pelco-d",
    title: "Pelco-D camera",
    purpose: Purpose::RoomCamera,
    transports: &[
        Transport::Serial(Line::plain(2400)),
        Transport::Serial(Line::plain(4800)),
        Transport::Serial(Line::plain(9600)),
    ],
    usb: &[FT232, PL2303, CP210X],
    bluetooth: &[],
    driver: || Box::new(PelcoD::default()),
};

/// One camera per line.
const ADDRESS: u8 = 1;
/// More than a frame takes at 2400 baud (29 ms), so that one disturbance does not hit all copies.
const STOP_AGAIN: Millis = 100;
const STOP_COPIES: u8 = 2;
/// "Go to zero pan" is this preset on Pelco's heads; it is not for saving.
const HOME: u8 = 34;
/// Extended commands, second byte.
const SET_PRESET: u8 = 0x03;
const CLEAR_PRESET: u8 = 0x05;
const GO_TO_PRESET: u8 = 0x07;
const AUTO_FOCUS: u8 = 0x2B;
/// First command byte: camera on.
const CAMERA_ON: u8 = 0x88;

#[derive(Default)]
pub(crate) struct PelcoD {
    up: bool,
    /// One frame drives everything, so what is driven is kept together.
    driven: Driven,
    /// When the stop is repeated, and how many copies are left.
    again: Option<(Millis, u8)>,
}

#[derive(Clone, Copy, Default)]
struct Driven {
    /// Second command byte and speeds.
    bits: u8,
    speeds: [u8; 2],
    focus: [u8; 2],
}

impl Driven {
    fn is_nothing(self) -> bool {
        self.bits == 0 && self.focus == [0, 0]
    }
}

impl PelcoD {
    fn ptz(&mut self, now: Millis, wish: Ptz) -> Vec<Action> {
        match wish {
            Ptz::Stop => self.stop(now),
            Ptz::Move { pan, tilt, zoom } => self.drive(now, pan, tilt, zoom),
            Ptz::Home => self.go_to(HOME),
            Ptz::Recall(number) => self.preset(number, |head| head.go_to(number)),
            Ptz::Save(number) => self.preset(number, |_| vec![extended(SET_PRESET, number)]),
            Ptz::Clear(number) => self.preset(number, |_| vec![extended(CLEAR_PRESET, number)]),
            Ptz::Focus(focus) => self.focus(now, focus),
            Ptz::PowerOn => vec![write([CAMERA_ON, 0], [0, 0])],
            Ptz::To(_) | Ptz::Locate => vec![refused()],
        }
    }

    fn stop(&mut self, now: Millis) -> Vec<Action> {
        self.driven = Driven::default();
        self.again = Some((now + STOP_AGAIN, STOP_COPIES));
        vec![write([0, 0], [0, 0])]
    }

    fn drive(&mut self, now: Millis, pan: f32, tilt: f32, zoom: f32) -> Vec<Action> {
        let (pan_speed, across) = axis(pan, [frame::LEFT, frame::RIGHT]);
        let (tilt_speed, upward) = axis(tilt, [frame::DOWN, frame::UP]);
        let (_, lens) = axis(zoom, [frame::WIDE, frame::TELE]);
        self.driven.bits = across | upward | lens;
        self.driven.speeds = [pan_speed, tilt_speed];
        self.driven(now)
    }

    fn focus(&mut self, now: Millis, focus: Focus) -> Vec<Action> {
        self.driven.focus = match focus {
            Focus::Near => [frame::NEAR, 0],
            Focus::Far => [0, frame::FAR],
            Focus::Auto | Focus::Stop => [0, 0],
        };
        let mut out = self.driven(now);
        if focus == Focus::Auto {
            out.push(extended(AUTO_FOCUS, 0));
        }
        out
    }

    /// Says what is driven now.
    fn driven(&mut self, now: Millis) -> Vec<Action> {
        if self.driven.is_nothing() {
            return self.stop(now);
        }
        self.again = None;
        let Driven { bits, speeds, focus: [near, far] } = self.driven;
        vec![write([near, bits | far], speeds)]
    }

    /// A head that does not have the preset would drive on.
    fn go_to(&mut self, preset: u8) -> Vec<Action> {
        let mut out = Vec::new();
        if !self.driven.is_nothing() || self.again.is_some() {
            out.push(write([0, 0], [0, 0]));
        }
        self.driven = Driven::default();
        self.again = None;
        out.push(extended(GO_TO_PRESET, preset));
        out
    }

    /// Presets are numbered from 1.
    fn preset(&mut self, number: u8, then: impl Fn(&mut Self) -> Vec<Action>) -> Vec<Action> {
        if number == 0 { vec![refused()] } else { then(self) }
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let Some((_, left)) = self.again.take_if(|(at, _)| now >= *at) else { return Vec::new() };
        if left > 1 {
            self.again = Some((now + STOP_AGAIN, left - 1));
        }
        vec![write([0, 0], [0, 0])]
    }
}

/// Speed and direction bit; `bits` are those of negative and positive speeds.
fn axis(speed: f32, bits: [u8; 2]) -> (u8, u8) {
    // Rounded up, so that the gentlest push moves. The cast turns NaN into 0.
    let steps = (speed.abs().clamp(0.0, 1.0) * f32::from(frame::FULL_SPEED)).ceil() as u8;
    match steps {
        0 => (0, 0),
        steps => (steps, bits[usize::from(speed > 0.0)]),
    }
}

fn extended(command: u8, number: u8) -> Action {
    write([0, command], [0, number])
}

fn write(command: [u8; 2], data: [u8; 2]) -> Action {
    let bytes = Frame { address: ADDRESS, command, data }.encode().to_vec();
    Action::Write { channel: Channel::Stream, bytes }
}

fn refused() -> Action {
    Action::Report(Report::Failed(Failure::Device))
}

impl Driver for PelcoD {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => {
                *self = Self { up: true, ..Self::default() };
                // Nothing will ever answer: that the line is open is all that can be known.
                let mut out = vec![Action::Report(Report::Status(Status::Ready))];
                out.extend(self.stop(now));
                out
            }
            Event::Down => {
                *self = Self::default();
                Vec::new()
            }
            Event::Timer => self.timer(now),
            Event::Command(Command::Ptz(wish)) if self.up => self.ptz(now, wish),
            Event::Command(Command::Ptz(_) | Command::Measure | Command::StopMeasuring)
            | Event::Bytes { .. }
            | Event::Refused(_)
            | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.again.map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests;
