//! Omron cuffs that keep their measurements in a memory of their own protocol, over Bluetooth.
//!
//! A host unlocks the cuff, reads every slot, and ends. All records are told each time: which of them
//! are new is known where they are kept.

mod model;
mod packet;
mod record;

use clinical::{BloodPressure, Decimal, Measurement, Quality};
use model::{Model, Unlock};
use packet::{Answer, Parts, Request};
use record::{LENGTH, Record};

pub(crate) use model::{HEM_7142T2, HEM_7280T, HEM_7322T, HEM_7530T, HEM_7600T};
pub(crate) use record::decode;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Wrong,
    clock::DeviceClock,
};

/// No secret: a cuff takes any key while it shows "P", and obeys who knows it from then on. With
/// the same key in all carts a cuff may move between them.
const KEY: [u8; 16] = *b"bedside cart key";
const GIVE_KEY: u8 = 0x01;
const KEY_FITS: [u8; 2] = [0x81, 0x00];
const PROGRAM: u8 = 0x02;
const PROGRAMMING: [u8; 2] = [0x82, 0x00];
const NEW_KEY: u8 = 0x00;
const KEY_TAKEN: [u8; 2] = [0x80, 0x00];

/// Any four bytes, and zeros up to the length that the cuff expects.
const TOKEN: [u8; 20] = *b"\x11cart\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const TOKEN_ECHO: [u8; 6] = *b"\x91\0cart";

const PATIENCE: Millis = 1_000;
/// Pairing needs a person and the radio.
const UNLOCK_PATIENCE: Millis = 30_000;
const TRIES: u8 = 5;
/// The bond is made while the cuff is asked for the first time; it refuses until then.
const PROGRAM_TRIES: u8 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Idle,
    Unlocking,
    /// The key did not fit; perhaps the cuff takes a new one.
    Programming,
    NewKey,
    Asked(Request),
}

struct Omron {
    model: &'static Model,
    stage: Stage,
    /// Which slot of which bank comes next.
    next: (usize, u16),
    /// A cuff that has just taken the key has to be asked once and ended; it is read the next time.
    paired_now: bool,
    parts: Parts,
    tries: u8,
    late_at: Option<Millis>,
    clock: Option<DeviceClock>,
}

impl Omron {
    fn new(model: &'static Model) -> Self {
        Self {
            model,
            stage: Stage::Idle,
            next: (0, 0),
            paired_now: false,
            parts: Parts::default(),
            tries: 0,
            late_at: None,
            clock: None,
        }
    }

    fn unlock(&mut self, now: Millis, stage: Stage, bytes: Vec<u8>) -> Action {
        self.stage = stage;
        self.late_at = Some(now + UNLOCK_PATIENCE);
        Action::Write { channel: self.model.way.unlock, bytes }
    }

    /// The answers are subscribed to first: that is what makes some models ask for the bond.
    fn up(&mut self, now: Millis) -> Vec<Action> {
        let way = self.model.way;
        let first = match self.model.unlock {
            Unlock::Key => with_key(GIVE_KEY, KEY),
            Unlock::Token => TOKEN.to_vec(),
        };
        let subscribe = way.answers.iter().chain([&way.unlock]).copied().map(Action::Subscribe);
        subscribe.chain([self.unlock(now, Stage::Unlocking, first)]).collect()
    }

    fn unlocked(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let answer = bytes.first_chunk().copied().unwrap_or_default();
        match (self.stage, self.model.unlock, answer) {
            (Stage::Unlocking, Unlock::Token, _) if bytes.starts_with(&TOKEN_ECHO) => {
                vec![self.ask(now, Request::Start)]
            }
            (Stage::Unlocking, Unlock::Token, _) => self.fail(Failure::Device),
            (Stage::Unlocking, Unlock::Key, KEY_FITS) => vec![self.ask(now, Request::Start)],
            (Stage::Unlocking, Unlock::Key, _) => {
                vec![self.unlock(now, Stage::Programming, with_key(PROGRAM, [0; 16]))]
            }
            (Stage::Programming, _, PROGRAMMING) => {
                vec![self.unlock(now, Stage::NewKey, with_key(NEW_KEY, KEY))]
            }
            (Stage::NewKey, _, KEY_TAKEN) => {
                self.paired_now = true;
                vec![self.ask(now, Request::Start)]
            }
            (Stage::Programming, _, _) => {
                self.late_at = Some(now + PATIENCE);
                Vec::new()
            }
            (Stage::NewKey, _, _) => self.fail(Failure::Device),
            (Stage::Idle | Stage::Asked(_), _, _) => Vec::new(),
        }
    }

    fn ask(&mut self, now: Millis, request: Request) -> Action {
        self.tries = 0;
        self.repeat(now, request)
    }

    fn repeat(&mut self, now: Millis, request: Request) -> Action {
        self.stage = Stage::Asked(request);
        self.parts = Parts::default();
        self.tries += 1;
        self.late_at = Some(now + PATIENCE);
        Action::Write { channel: self.model.way.request, bytes: request.bytes() }
    }

    fn answered(&mut self, now: Millis, index: usize, part: &[u8]) -> Vec<Action> {
        let Stage::Asked(request) = self.stage else { return Vec::new() };
        let answer = match self.parts.add(self.model.way, index, part) {
            None => return Vec::new(),
            Some(Ok(answer)) => answer,
            // The request is repeated when its time is over.
            Some(Err(refused)) => {
                let malformation = Malformation::new(refused.what, &refused.packet);
                return vec![Action::Report(Report::Malformed(malformation))];
            }
        };
        match (request, answer) {
            (Request::Start, Answer::Started) => vec![self.ask_next(now)],
            (Request::Read { address, .. }, Answer::Data { address: of, bytes })
                if address == of =>
            {
                let report = bytes.try_into().ok().and_then(|slot| self.report(&slot));
                report.map(Action::Report).into_iter().chain([self.ask_next(now)]).collect()
            }
            (Request::End, Answer::Ended { error: 0 }) => {
                self.rest();
                vec![Action::Report(Report::Status(Status::Ready))]
            }
            (Request::End, Answer::Ended { .. }) => self.fail(Failure::Device),
            // The answer to a request that was repeated meanwhile.
            _ => Vec::new(),
        }
    }

    /// One slot at a time: a read of other cuts would tear records apart.
    fn ask_next(&mut self, now: Millis) -> Action {
        let (bank, slot) = self.next;
        let request = match self.model.banks.get(bank).filter(|_| !self.paired_now) {
            None => Request::End,
            Some(of) => {
                self.next = if slot + 1 == of.slots { (bank + 1, 0) } else { (bank, slot + 1) };
                Request::Read { address: of.address + slot * LENGTH as u16, count: LENGTH as u8 }
            }
        };
        self.ask(now, request)
    }

    /// Nothing for an empty slot. A record without a time could be anybody's and is refused.
    fn report(&self, slot: &[u8; LENGTH]) -> Option<Report> {
        let Record { systolic, diastolic, pulse, time, moved, irregular } =
            record::parse(self.model.layout, slot)?;
        let Some(device_time) = time.ok().and_then(|time| time.timestamp()) else {
            return Some(Report::Malformed(Malformation::new(Wrong::Field, slot)));
        };
        let measurement = Measurement::BloodPressure(BloodPressure {
            systolic: systolic.into(),
            diastolic: u16::from(diastolic).into(),
            mean: None,
            pulse: (pulse != 0).then(|| Decimal::from(u16::from(pulse))),
        });
        let remarks =
            [moved.then_some(Quality::Motion), irregular.then_some(Quality::IrregularPulse)];
        let corrected = self.clock.map_or(device_time, |clock| clock.corrected(device_time));
        Some(Report::value(Measured {
            device_time: Some(device_time),
            corrected_time: Some(corrected),
            quality: remarks.into_iter().flatten().collect(),
            ..Measured::new(measurement, slot)
        }))
    }

    fn rest(&mut self) {
        *self = Self { clock: self.clock, ..Self::new(self.model) };
    }

    fn fail(&mut self, failure: Failure) -> Vec<Action> {
        self.rest();
        vec![Action::Report(Report::Failed(failure))]
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.late_at.is_none_or(|at| now < at) {
            return Vec::new();
        }
        match self.stage {
            Stage::Asked(request) if self.tries < TRIES => vec![self.repeat(now, request)],
            Stage::Programming if self.tries < PROGRAM_TRIES => {
                self.tries += 1;
                vec![self.unlock(now, Stage::Programming, with_key(PROGRAM, [0; 16]))]
            }
            _ => self.fail(Failure::TimedOut),
        }
    }
}

fn with_key(first: u8, rest: [u8; 16]) -> Vec<u8> {
    [&[first][..], &rest].concat()
}

impl Driver for Omron {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                *self = Self::new(self.model);
                self.clock = Some(DeviceClock::new(now, clock));
                self.up(now)
            }
            Event::Down => {
                *self = Self::new(self.model);
                Vec::new()
            }
            Event::Bytes { channel, bytes } if channel == self.model.way.unlock => {
                self.unlocked(now, bytes)
            }
            Event::Bytes { channel, bytes } => {
                match self.model.way.answers.iter().position(|of| *of == channel) {
                    Some(index) => self.answered(now, index, bytes),
                    None => Vec::new(),
                }
            }
            Event::Refused(Channel::Gatt { service, .. })
                if service == self.model.way.service && self.stage != Stage::Idle =>
            {
                self.fail(Failure::Device)
            }
            Event::Timer => self.timer(now),
            Event::Refused(_) | Event::Command(_) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.late_at
    }
}

#[cfg(test)]
mod tests;
