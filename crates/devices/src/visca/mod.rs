//! A camera that speaks VISCA, on a serial line (9600 8N1) or raw on TCP (port 5678).
//!
//! The driver does not know which of the two carries it. On TCP the address is fixed and a camera
//! may leave the two broadcasts of a serial line unanswered; they are waited for, but not needed.
//! When the link opens the camera is stopped first: the link may have been lost in a movement.

mod commands;
mod packet;

use commands::{Commands, Lane, Order, write};
use packet::Reply;

use crate::{
    Action, Channel, Command, Driver, Event, Malformation, Millis, Ptz, Report, Status, Wrong,
    catalogue::{CP210X, Device, FT232, Line, PL2303, Purpose, Transport},
    framer::{Framer, Piece},
};

pub(crate) const DEVICE: Device = Device {
    id: "visca",
    title: "VISCA camera",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232, PL2303, CP210X],
    bluetooth: &[],
    driver: || Box::new(Visca::new()),
};

/// For the answer to a broadcast; each is sent this often.
const BROADCAST_PATIENCE: Millis = 200;
const BROADCAST_TRIES: u32 = 3;
/// A camera that does not answer, because it still starts, say, is looked for again after this.
const KNOCK: Millis = 5_000;

pub(crate) struct Visca {
    framer: Framer,
    commands: Commands,
    stage: Stage,
    /// The camera has answered since the link opened.
    ready: bool,
}

#[derive(Clone, Copy)]
enum Stage {
    Down,
    /// A broadcast is out.
    SetUp {
        broadcast: Broadcast,
        tries: u32,
        at: Millis,
    },
    Running {
        since: Millis,
    },
}

#[derive(Clone, Copy)]
enum Broadcast {
    AddressSet,
    Clear,
}

impl Visca {
    pub(crate) fn new() -> Self {
        let framer = Framer::new(packet::scan);
        Self { framer, commands: Commands::default(), stage: Stage::Down, ready: false }
    }

    fn up(&mut self, now: Millis) -> Vec<Action> {
        *self = Self::new();
        let mut out = Vec::new();
        self.set_up(now, &mut out);
        out
    }

    /// From the beginning: whatever the camera was told before is void.
    fn set_up(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.commands.forget();
        self.broadcast(now, Broadcast::AddressSet, 1, out);
    }

    fn broadcast(&mut self, now: Millis, broadcast: Broadcast, tries: u32, out: &mut Vec<Action>) {
        self.stage = Stage::SetUp { broadcast, tries, at: now };
        out.push(write(match broadcast {
            Broadcast::AddressSet => packet::ADDRESS_SET.to_vec(),
            Broadcast::Clear => packet::CLEAR.to_vec(),
        }));
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut out = Vec::new();
        for piece in self.framer.feed(bytes) {
            match piece {
                Piece::Frame(packet) => self.reply(now, &packet, &mut out),
                Piece::Malformed(malformation) => {
                    out.push(Action::Report(Report::Malformed(malformation)));
                }
            }
        }
        out
    }

    fn reply(&mut self, now: Millis, packet: &[u8], out: &mut Vec<Action>) {
        if !std::mem::replace(&mut self.ready, true) {
            out.push(Action::Report(Report::Status(Status::Ready)));
        }
        let reply = packet::decode(packet);
        match (reply, self.stage) {
            (Reply::NetworkChange, _) => self.set_up(now, out),
            (Reply::Other, _) => {
                let wrong = Malformation::new(Wrong::Unexpected, packet);
                out.push(Action::Report(Report::Malformed(wrong)));
            }
            // A camera on TCP may refuse a broadcast: that is an answer as well.
            (
                Reply::Addressed | Reply::Refused { .. },
                Stage::SetUp { broadcast: Broadcast::AddressSet, .. },
            ) => self.broadcast(now, Broadcast::Clear, 1, out),
            (
                Reply::Cleared | Reply::Done { .. } | Reply::Refused { .. },
                Stage::SetUp { broadcast: Broadcast::Clear, .. },
            ) => self.run(now, out),
            _ => self.commands.reply(now, reply, out),
        }
    }

    /// Set up; nobody has asked for a movement on this link yet.
    fn run(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.stage = Stage::Running { since: now };
        self.stop(now, out);
    }

    fn ptz(&mut self, now: Millis, wish: Ptz) -> Vec<Action> {
        let mut out = Vec::new();
        match (wish, self.stage) {
            (_, Stage::Down) => {}
            (Ptz::Stop, _) => self.stop(now, &mut out),
            // A held button repeats its wish; half a second later the camera is set up.
            (_, Stage::SetUp { .. }) => {}
            (Ptz::Move { pan, tilt, zoom }, Stage::Running { .. }) => {
                self.commands.set(now, pan_tilt(pan, tilt), false, &mut out);
                self.commands.set(now, zooming(zoom), false, &mut out);
            }
            (Ptz::Home, Stage::Running { .. }) => {
                let bytes = packet::HOME.to_vec();
                let home = Order { lane: Lane::PanTilt, bytes, stop: false };
                self.commands.set(now, home, true, &mut out);
            }
            (
                Ptz::To(_)
                | Ptz::Save(_)
                | Ptz::Recall(_)
                | Ptz::Clear(_)
                | Ptz::Locate
                | Ptz::Focus(_)
                | Ptz::PowerOn,
                Stage::Running { .. },
            ) => {}
        }
        out
    }

    fn stop(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.commands.cancel_busy(out);
        self.commands.set(now, pan_tilt(0.0, 0.0), true, out);
        self.commands.set(now, zooming(0.0), true, out);
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let mut out = Vec::new();
        match self.stage {
            Stage::Down => {}
            Stage::SetUp { broadcast, tries, at } => {
                if now >= at + BROADCAST_PATIENCE {
                    self.unanswered(now, broadcast, tries, &mut out);
                }
            }
            Stage::Running { since } => {
                if !self.ready && now >= since + KNOCK {
                    self.set_up(now, &mut out);
                }
            }
        }
        self.commands.timer(now, &mut out);
        out
    }

    fn unanswered(&mut self, now: Millis, broadcast: Broadcast, tries: u32, out: &mut Vec<Action>) {
        match broadcast {
            _ if tries < BROADCAST_TRIES => self.broadcast(now, broadcast, tries + 1, out),
            Broadcast::AddressSet => self.broadcast(now, Broadcast::Clear, 1, out),
            Broadcast::Clear => self.run(now, out),
        }
    }
}

impl Driver for Visca {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => self.up(now),
            Event::Bytes { channel: Channel::Stream, bytes } => self.bytes(now, bytes),
            Event::Bytes { .. } | Event::Refused(_) | Event::Controls(_) => Vec::new(),
            Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Timer => self.timer(now),
            Event::Command(Command::Ptz(wish)) => self.ptz(now, wish),
            Event::Command(Command::Measure | Command::StopMeasuring) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        let stage = match self.stage {
            Stage::Down => None,
            Stage::SetUp { at, .. } => Some(at + BROADCAST_PATIENCE),
            Stage::Running { since } => (!self.ready).then_some(since + KNOCK),
        };
        stage.into_iter().chain(self.commands.deadline()).min()
    }
}

fn pan_tilt(pan: f32, tilt: f32) -> Order {
    let bytes = packet::pan_tilt(pan, tilt);
    let stop = bytes == packet::pan_tilt(0.0, 0.0);
    Order { lane: Lane::PanTilt, bytes, stop }
}

fn zooming(speed: f32) -> Order {
    let bytes = packet::zoom(speed);
    let stop = bytes == packet::zoom(0.0);
    Order { lane: Lane::Zoom, bytes, stop }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod tests;
