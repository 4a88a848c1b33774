//! The SunTech Advantage blood-pressure module, over a serial line (9600 8N1).
//!
//! The maker's manual is not public. Known, from public code that quotes its examples (ak-git
//! DesktopFX, tests of its NIBP converter): the frames, their checksum, starting an adult's
//! measurement, asking for cuff pressure and result, the result's fields, and that the one-byte
//! answer `K` says "finished". Not known: the meaning of the error and status codes, of the other
//! one-byte answers, whether a start clears the earlier result, and whether the abort command is
//! right (its checksum is, no public source confirms its number).
//!
//! So the driver trusts what it sees. The cuff has to fill and empty again before a value counts.
//! A result that was already there while the cuff was full belongs to an earlier patient. A code
//! other than those of the good example is a failure of the device, without a guess at its cause.
//! After an abort the cuff is watched, and the abort is repeated, until the pressure is gone.

mod frame;
mod measurement;

pub(crate) use frame::fields as decode;
use frame::{ABORT, GET_PRESSURE, GET_RESULT, Reply, START_MEASUREMENT};
use measurement::{EMPTY, Progress, Question};

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Millis, Report, Status,
    catalogue::{CP210X, Device, FT232, Line, PL2303, Purpose, Transport},
    framer::{Framer, Piece},
};

pub(crate) const DEVICE: Device = Device {
    id: "suntech-advantage",
    title: "SunTech Advantage",
    purpose: Purpose::BloodPressure,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232, PL2303, CP210X],
    bluetooth: &[],
    driver: || Box::new(Suntech::new()),
};

/// Four cuff pressures per second; an exchange takes 30 ms of the line.
const POLL: Millis = 250;
/// How often a module that has not answered yet is asked whether it is there.
const GREET: Millis = 2_000;
/// Three seconds without an answer: the module is lost.
const LOST: u32 = 12;
/// How long an abort may take to show in the pressure, and how often it is repeated.
const ABORT_PATIENCE: Millis = 1_000;
const ABORTS: u32 = 5;

pub(crate) struct Suntech {
    framer: Framer,
    stage: Stage,
    poll_at: Option<Millis>,
    /// Questions since the last answer.
    unanswered: u32,
}

enum Stage {
    /// No link, or no answer so far.
    Unknown,
    Ready,
    Measuring(Progress),
    /// The air is let out. `again`: a person has already asked for the next measurement.
    Releasing {
        aborts: u32,
        repeat_at: Millis,
        again: bool,
    },
}

impl Suntech {
    pub(crate) fn new() -> Self {
        let framer = Framer::new(frame::scan);
        Self { framer, stage: Stage::Unknown, poll_at: None, unanswered: 0 }
    }

    fn up(&mut self, now: Millis) -> Vec<Action> {
        *self = Self::new();
        self.poll_at = Some(now + GREET);
        vec![write(&GET_PRESSURE)]
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut actions = Vec::new();
        for piece in self.framer.feed(bytes) {
            let reply = match piece {
                Piece::Frame(frame) => frame::decode(&frame),
                Piece::Malformed(malformation) => Err(malformation),
            };
            match reply {
                Ok(reply) => self.reply(now, reply, &mut actions),
                Err(wrong) => actions.push(Action::Report(Report::Malformed(wrong))),
            }
        }
        actions
    }

    fn reply(&mut self, now: Millis, reply: Reply, actions: &mut Vec<Action>) {
        self.unanswered = 0;
        match &mut self.stage {
            Stage::Unknown => {
                self.stage = Stage::Ready;
                self.poll_at = None;
                actions.push(Action::Report(Report::Status(Status::Ready)));
            }
            Stage::Ready => {}
            Stage::Measuring(progress) => {
                let (over, report) = measured(now, progress, &reply);
                if over {
                    self.rest();
                }
                actions.extend(report.map(Action::Report));
            }
            Stage::Releasing { again, .. } => {
                if matches!(reply, Reply::Pressure(mmhg) if mmhg < EMPTY) {
                    let again = *again;
                    self.rest();
                    if again {
                        actions.extend(self.start(now));
                    }
                }
            }
        }
    }

    fn rest(&mut self) {
        self.stage = Stage::Ready;
        self.poll_at = None;
        self.unanswered = 0;
    }

    fn measure(&mut self, now: Millis) -> Vec<Action> {
        match &mut self.stage {
            Stage::Unknown | Stage::Ready => self.start(now),
            Stage::Measuring(_) => Vec::new(),
            Stage::Releasing { again, .. } => {
                *again = true;
                Vec::new()
            }
        }
    }

    fn start(&mut self, now: Millis) -> Vec<Action> {
        self.stage = Stage::Measuring(Progress::new(now));
        self.poll_at = Some(now + POLL);
        self.unanswered = 0;
        let measuring = Report::Status(Status::Measuring { cuff_mmhg: None });
        vec![write(&START_MEASUREMENT), Action::Report(measuring)]
    }

    fn stop(&mut self, now: Millis) -> Vec<Action> {
        match &mut self.stage {
            Stage::Measuring(_) => self.release(now, Failure::Stopped),
            Stage::Releasing { again, .. } => {
                *again = false;
                vec![write(&ABORT)]
            }
            // Somebody may have started the module by its own button.
            Stage::Unknown | Stage::Ready => vec![write(&ABORT)],
        }
    }

    fn release(&mut self, now: Millis, why: Failure) -> Vec<Action> {
        let repeat_at = now + ABORT_PATIENCE;
        self.stage = Stage::Releasing { aborts: 1, repeat_at, again: false };
        self.poll_at = Some(now + POLL);
        self.unanswered = 0;
        vec![write(&ABORT), Action::Report(Report::Failed(why))]
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.poll_at.is_none_or(|poll_at| now < poll_at) {
            return Vec::new();
        }
        self.poll_at = Some(now + POLL);
        self.unanswered += 1;
        match &mut self.stage {
            Stage::Unknown | Stage::Ready => {
                self.poll_at = Some(now + GREET);
                vec![write(&GET_PRESSURE)]
            }
            Stage::Measuring(progress) => {
                let lost = (self.unanswered > LOST).then_some(Failure::Device);
                match progress.expired(now).or(lost) {
                    Some(why) => self.release(now, why),
                    None => vec![ask(progress.question())],
                }
            }
            Stage::Releasing { .. } => self.watch_release(now),
        }
    }

    fn watch_release(&mut self, now: Millis) -> Vec<Action> {
        let Stage::Releasing { aborts, repeat_at, .. } = &mut self.stage else { return Vec::new() };
        if now < *repeat_at {
            return vec![write(&GET_PRESSURE)];
        }
        if *aborts == ABORTS {
            // Whether it is there is found out anew, so that `Ready` is said only when it answers.
            self.stage = Stage::Unknown;
            self.poll_at = Some(now + GREET);
            return Vec::new();
        }
        *aborts += 1;
        *repeat_at = now + ABORT_PATIENCE;
        vec![write(&ABORT)]
    }
}

impl Driver for Suntech {
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
            Event::Command(Command::Measure) => self.measure(now),
            Event::Command(Command::StopMeasuring) => self.stop(now),
            Event::Command(Command::Ptz(_)) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.poll_at
    }
}

/// What a reply says of a measurement: whether it is over, and what to report.
fn measured(now: Millis, progress: &mut Progress, reply: &Reply) -> (bool, Option<Report>) {
    match reply {
        Reply::Pressure(mmhg) => {
            progress.pressure(now, *mmhg);
            (false, Some(Report::Status(Status::Measuring { cuff_mmhg: Some(*mmhg) })))
        }
        Reply::Finished => {
            progress.finished(now);
            (false, None)
        }
        Reply::Acknowledged => (false, None),
        Reply::Result(result) => {
            let report = progress.result(result);
            (report.is_some(), report)
        }
    }
}

fn ask(question: Question) -> Action {
    match question {
        Question::Pressure => write(&GET_PRESSURE),
        Question::Result => write(&GET_RESULT),
    }
}

fn write(bytes: &[u8]) -> Action {
    Action::Write { channel: Channel::Stream, bytes: bytes.to_vec() }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod tests;
