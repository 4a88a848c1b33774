//! A camera that speaks VISCA: on a serial line (9600 8N1), raw on TCP (port 5678) or UDP (port
//! 1259), or numbered on UDP (port 52381, "VISCA over IP").
//!
//! On TCP and raw UDP the address is fixed and a camera may leave the two broadcasts of a serial
//! line unanswered; they are waited for, but not needed. VISCA over IP has none: the count of the
//! datagrams is reset instead. When the link opens the camera is stopped first: the link may have
//! been lost in a movement.

mod commands;
mod inquiry;
mod orders;
mod over_ip;
mod packet;
mod picture;
mod rows;
mod wire;
mod wishes;
mod words;

use commands::Commands;
use inquiry::Inquiry;
use over_ip::{Datagram, Kind};
use packet::{Refusal, Reply};
use wire::Wire;

pub(crate) use over_ip::decode as decode_over_ip;
pub(crate) use rows::{DEVICE, OVER_IP, RAW_UDP};
pub(crate) use words::decode;

use crate::{
    Action, Channel, Command, Driver, Event, Malformation, Millis, Report, Status, Wrong,
    framer::{Framer, Piece, Scan},
};

/// For the answer to each step of the set-up; each is sent this often.
const STEP_PATIENCE: Millis = 200;
const STEP_TRIES: u32 = 3;
/// A camera that does not answer, because it still starts, say, is looked for again after this.
const KNOCK: Millis = 5_000;

pub(crate) struct Visca {
    /// Before the link has opened, the wire it will have.
    fresh: Wire,
    framer: Framer,
    commands: Commands,
    inquiry: Inquiry,
    stage: Stage,
    /// The camera has answered since the link opened.
    ready: bool,
}

#[derive(Clone, Copy)]
enum Stage {
    Down,
    /// The question of this step is out.
    SetUp {
        step: Step,
        tries: u32,
        at: Millis,
    },
    Running {
        since: Millis,
    },
}

#[derive(Clone, Copy)]
enum Step {
    AddressSet,
    Clear,
    ResetNumbers,
}

impl Visca {
    fn new(wire: Wire) -> Self {
        Self {
            fresh: wire,
            framer: Framer::new(packet::scan),
            commands: Commands::new(wire),
            inquiry: Inquiry::default(),
            stage: Stage::Down,
            ready: false,
        }
    }

    fn up(&mut self, now: Millis) -> Vec<Action> {
        *self = Self::new(self.fresh);
        let mut out = Vec::new();
        self.set_up(now, &mut out);
        out
    }

    /// From the beginning: whatever the camera was told before is void.
    fn set_up(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.commands.forget();
        let first = match self.fresh {
            Wire::Plain(_) => Step::AddressSet,
            Wire::Numbered { .. } => Step::ResetNumbers,
        };
        self.step(now, first, 1, out);
    }

    fn step(&mut self, now: Millis, step: Step, tries: u32, out: &mut Vec<Action>) {
        self.stage = Stage::SetUp { step, tries, at: now };
        let broadcast: &[u8] = match step {
            Step::AddressSet => &packet::ADDRESS_SET,
            Step::Clear => &packet::CLEAR,
            Step::ResetNumbers => return self.commands.reset_numbers(now, out),
        };
        out.push(self.commands.wire.command(broadcast).1);
    }

    fn stream(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut out = Vec::new();
        for piece in self.framer.feed(bytes) {
            match piece {
                Piece::Frame(packet) => self.reply(now, None, &packet, &mut out),
                Piece::Malformed(malformation) => {
                    out.push(Action::Report(Report::Malformed(malformation)));
                }
            }
        }
        out
    }

    /// A datagram is whole by itself: a packet cut short is not completed by the next.
    fn plain_datagram(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut out = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let wrong = match packet::scan(rest) {
                Scan::Frame(length) => {
                    let (packet, later) = rest.split_at(length);
                    self.reply(now, None, packet, &mut out);
                    rest = later;
                    continue;
                }
                Scan::Incomplete => Wrong::Length,
                Scan::No(wrong) => wrong,
            };
            out.push(malformed(wrong, rest));
            break;
        }
        out
    }

    fn numbered_datagram(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut out = Vec::new();
        match Datagram::decode(bytes) {
            Ok(Datagram { kind: Kind::Reply, number, payload })
                if packet::scan(payload) == Scan::Frame(payload.len()) =>
            {
                self.reply(now, Some(number), payload, &mut out);
            }
            Ok(Datagram { kind: Kind::Reply, .. }) => out.push(malformed(Wrong::Field, bytes)),
            Ok(Datagram { kind: Kind::ControlReply, number, payload }) => {
                self.answered(&mut out);
                self.control_reply(now, number, payload, &mut out);
            }
            Ok(_) => out.push(malformed(Wrong::Unexpected, bytes)),
            Err(wrong) => out.push(malformed(wrong, bytes)),
        }
        out
    }

    fn control_reply(&mut self, now: Millis, number: u32, payload: &[u8], out: &mut Vec<Action>) {
        match (payload, self.stage) {
            (over_ip::RESET_DONE, Stage::SetUp { .. }) => self.run(now, out),
            // To a reset amid commands, which waits for nothing.
            (over_ip::RESET_DONE, _) => {}
            (over_ip::WRONG_NUMBER, _) => self.commands.wrong_number(now, number, out),
            (over_ip::WRONG_TYPE, _) => {
                let refused = Reply::Refused { socket: 0, why: Refusal::NotUnderstood };
                self.commands.reply(now, Some(number), refused, out);
            }
            _ => out.push(malformed(Wrong::Unexpected, payload)),
        }
    }

    fn answered(&mut self, out: &mut Vec<Action>) {
        if !std::mem::replace(&mut self.ready, true) {
            out.push(Action::Report(Report::Status(Status::Ready)));
        }
    }

    fn reply(&mut self, now: Millis, number: Option<u32>, packet: &[u8], out: &mut Vec<Action>) {
        self.answered(out);
        if let Some(place) = orders::place(packet) {
            return self.inquiry.answered(place, out);
        }
        let reply = packet::decode(packet);
        match (reply, self.stage) {
            (Reply::NetworkChange, _) => self.set_up(now, out),
            (Reply::Other, _) => out.push(malformed(Wrong::Unexpected, packet)),
            // A camera on TCP may refuse a broadcast: that is an answer as well.
            (
                Reply::Addressed | Reply::Refused { .. },
                Stage::SetUp { step: Step::AddressSet, .. },
            ) => self.step(now, Step::Clear, 1, out),
            (
                Reply::Cleared | Reply::Done { .. } | Reply::Refused { .. },
                Stage::SetUp { step: Step::Clear, .. },
            ) => self.run(now, out),
            _ => self.commands.reply(now, number, reply, out),
        }
    }

    /// Set up; nobody has asked for a movement on this link yet.
    fn run(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.stage = Stage::Running { since: now };
        self.stop(now, out);
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let mut out = Vec::new();
        match self.stage {
            Stage::Down => return out,
            Stage::SetUp { step, tries, at } => {
                if now >= at + STEP_PATIENCE {
                    self.unanswered(now, step, tries, &mut out);
                }
            }
            Stage::Running { since } => {
                if !self.ready && now >= since + KNOCK {
                    self.set_up(now, &mut out);
                }
            }
        }
        self.commands.timer(now, &mut out);
        self.inquiry.timer(now, &mut self.commands.wire, &mut out);
        out
    }

    fn unanswered(&mut self, now: Millis, step: Step, tries: u32, out: &mut Vec<Action>) {
        match step {
            step if tries < STEP_TRIES => self.step(now, step, tries + 1, out),
            Step::AddressSet => self.step(now, Step::Clear, 1, out),
            Step::Clear | Step::ResetNumbers => self.run(now, out),
        }
    }
}

fn malformed(wrong: Wrong, bytes: &[u8]) -> Action {
    Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))
}

impl Driver for Visca {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => self.up(now),
            Event::Bytes { channel, bytes } => match (self.fresh, channel) {
                (Wire::Plain(Channel::Stream), Channel::Stream) => self.stream(now, bytes),
                (Wire::Plain(Channel::Datagram), Channel::Datagram) => {
                    self.plain_datagram(now, bytes)
                }
                (Wire::Numbered { .. }, Channel::Datagram) => self.numbered_datagram(now, bytes),
                (Wire::Plain(_) | Wire::Numbered { .. }, _) => Vec::new(),
            },
            Event::Refused(_) | Event::Controls(_) => Vec::new(),
            Event::Down => {
                *self = Self::new(self.fresh);
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
            Stage::SetUp { at, .. } => Some(at + STEP_PATIENCE),
            Stage::Running { since } => (!self.ready).then_some(since + KNOCK),
        };
        let others = [self.commands.deadline(), self.inquiry.deadline()];
        stage.into_iter().chain(others.into_iter().flatten()).min()
    }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod lossy;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_over_ip;
#[cfg(test)]
mod tests_places;
