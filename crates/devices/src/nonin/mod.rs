//! Nonin oximeters on a serial line, 9600 8N1 (over USB it is an FTDI converter).
//!
//! The Xpod and OEM III modules stream frames from the moment they have power and take no commands;
//! their data format is set where they are built in. Table-top models print lines: see `text`.

mod fields;
mod frame;
mod text;

use frame::{Assembler, DF2, DF7, Format, PACKETS_PER_SECOND, Packet};

pub(crate) use fields::{df2, df7};
pub(crate) use text::{DEVICE as TEXT, decode as text};

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Measured, Millis, Report,
    catalogue::{Device, FT232, Line, Purpose, Transport},
    finger_clip::Live,
    framer::{Found, Framer},
};

pub(crate) const DEVICE: Device = Device {
    id: "nonin-xpod",
    title: "Nonin Xpod",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232],
    bluetooth: &[],
    driver: || Box::new(Nonin::new(DF2)),
};

/// The same modules, set to the format with 16 bits of plethysmogram.
pub(crate) const FORMAT_7: Device = Device {
    id: "nonin-df7",
    title: "Nonin Xpod (data format 7)",
    driver: || Box::new(Nonin::new(DF7)),
    ..DEVICE
};

pub(crate) struct Nonin {
    format: Format,
    framer: Framer,
    assembler: Assembler,
    live: Live,
}

impl Nonin {
    fn new(format: Format) -> Self {
        Self {
            format,
            framer: Framer::new(format.scan),
            assembler: Assembler::new(format),
            live: Live::new(PACKETS_PER_SECOND),
        }
    }

    /// Nothing is allocated for a frame; only what is reported is.
    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Self { framer, assembler, live, .. } = self;
        let mut actions = Vec::new();
        framer.run(bytes, |found| match found {
            Found::Frame(frame) => {
                live.heard(now);
                if let Some(packet) = assembler.frame(frame) {
                    take(live, &packet, &mut actions);
                }
            }
            Found::Malformed(malformation) => {
                assembler.broken();
                actions.push(Action::Report(Report::Malformed(malformation)));
            }
        });
        actions
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if !self.live.silent(now) {
            return Vec::new();
        }
        *self = Self::new(self.format);
        vec![Action::Report(Report::Failed(Failure::Device))]
    }
}

fn take(live: &mut Live, packet: &Packet, actions: &mut Vec<Action>) {
    if let Some(measured) = live.sample(&packet.sample(), &packet.raw, actions) {
        let firmware = Some(packet.revision().to_string());
        actions.push(Action::Report(Report::value(Measured { firmware, ..measured })));
    }
}

impl Driver for Nonin {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) | Event::Down => {
                *self = Self::new(self.format);
                Vec::new()
            }
            Event::Bytes { channel: Channel::Stream, bytes } => self.bytes(now, bytes),
            Event::Bytes { .. } | Event::Refused(_) | Event::Controls(_) => Vec::new(),
            Event::Timer => self.timer(now),
            Event::Command(Command::Measure) => {
                self.live.ask();
                Vec::new()
            }
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.live.deadline()
    }
}

#[cfg(test)]
mod tests;
