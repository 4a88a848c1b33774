//! Omron cuffs that keep their measurements in a memory of their own protocol (HEM-7322T, HEM-7600T,
//! HEM-7530T), over Bluetooth.
//!
//! A host unlocks the cuff by a key that it gave the cuff once, reads every slot, and ends. All
//! records are told each time: which of them are new is known where they are kept. Models with the
//! later service FE4A unlock in another way and are not spoken with.

mod packet;
mod record;

use clinical::{BloodPressure, Decimal, Measurement, Quality};
use packet::{ANSWER, Answer, Parts, REQUEST, Request, UNLOCK};
use record::{LENGTH, Layout, Record};

pub(crate) use record::decode;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Wrong,
    catalogue::{Device, Purpose, Transport},
    clock::DeviceClock,
};

/// Where a model keeps the records of one user: the first address, and how many slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bank {
    address: u16,
    slots: u16,
}

struct Model {
    layout: Layout,
    banks: &'static [Bank],
}

/// A cuff does not say which model it is before it is unlocked, so the configuration does.
const fn device(id: &'static str, title: &'static str, driver: fn() -> Box<dyn Driver>) -> Device {
    Device {
        id,
        title,
        purpose: Purpose::BloodPressure,
        transports: &[Transport::Gatt],
        usb: &[],
        bluetooth: &[],
        driver,
    }
}

pub(crate) const HEM_7322T: Device =
    device("omron-hem-7322t", "Omron HEM-7322T", || Box::new(Omron::new(&MODEL_7322T)));
pub(crate) const HEM_7600T: Device =
    device("omron-hem-7600t", "Omron HEM-7600T", || Box::new(Omron::new(&MODEL_7600T)));
pub(crate) const HEM_7530T: Device =
    device("omron-hem-7530t", "Omron HEM-7530T", || Box::new(Omron::new(&MODEL_7530T)));

static MODEL_7322T: Model = Model {
    layout: Layout::Big,
    banks: &[Bank { address: 0x02AC, slots: 100 }, Bank { address: 0x0824, slots: 100 }],
};
static MODEL_7600T: Model =
    Model { layout: Layout::Big, banks: &[Bank { address: 0x02AC, slots: 100 }] };
static MODEL_7530T: Model =
    Model { layout: Layout::Big, banks: &[Bank { address: 0x02E8, slots: 90 }] };

/// No secret: a cuff takes any key while it shows "P", and obeys who knows it from then on. With
/// the same key in all carts a cuff may move between them.
const KEY: [u8; 16] = *b"bedside cart key";
const GIVE_KEY: u8 = 0x01;
const KEY_FITS: [u8; 2] = [0x81, 0x00];
const PROGRAM: u8 = 0x02;
const PROGRAMMING: [u8; 2] = [0x82, 0x00];
const NEW_KEY: u8 = 0x00;
const KEY_TAKEN: [u8; 2] = [0x80, 0x00];

const PATIENCE: Millis = 1_000;
/// Pairing needs a person and the radio.
const UNLOCK_PATIENCE: Millis = 30_000;
const TRIES: u8 = 5;

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

    fn unlock(&mut self, now: Millis, stage: Stage, first: u8, rest: [u8; 16]) -> Action {
        self.stage = stage;
        self.late_at = Some(now + UNLOCK_PATIENCE);
        Action::Write { channel: UNLOCK, bytes: [&[first][..], &rest].concat() }
    }

    fn unlocked(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let answer = bytes.first_chunk().copied().unwrap_or_default();
        match (self.stage, answer) {
            (Stage::Unlocking, KEY_FITS) => self.begin(now),
            (Stage::Unlocking, _) => vec![self.unlock(now, Stage::Programming, PROGRAM, [0; 16])],
            (Stage::Programming, PROGRAMMING) => {
                vec![self.unlock(now, Stage::NewKey, NEW_KEY, KEY)]
            }
            (Stage::NewKey, KEY_TAKEN) => {
                self.paired_now = true;
                self.begin(now)
            }
            (Stage::Programming | Stage::NewKey, _) => self.fail(Failure::Device),
            (Stage::Idle | Stage::Asked(_), _) => Vec::new(),
        }
    }

    fn begin(&mut self, now: Millis) -> Vec<Action> {
        let mut actions = ANSWER.map(Action::Subscribe).to_vec();
        actions.push(self.ask(now, Request::Start));
        actions
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
        Action::Write { channel: REQUEST, bytes: request.bytes() }
    }

    fn answered(&mut self, now: Millis, index: usize, part: &[u8]) -> Vec<Action> {
        let Stage::Asked(request) = self.stage else { return Vec::new() };
        let answer = match self.parts.add(index, part) {
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
            _ => self.fail(Failure::TimedOut),
        }
    }
}

impl Driver for Omron {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                *self = Self::new(self.model);
                self.clock = Some(DeviceClock::new(now, clock));
                let key = self.unlock(now, Stage::Unlocking, GIVE_KEY, KEY);
                vec![Action::Subscribe(UNLOCK), key]
            }
            Event::Down => {
                *self = Self::new(self.model);
                Vec::new()
            }
            Event::Bytes { channel: UNLOCK, bytes } => self.unlocked(now, bytes),
            Event::Bytes { channel, bytes } => match ANSWER.iter().position(|of| *of == channel) {
                Some(index) => self.answered(now, index, bytes),
                None => Vec::new(),
            },
            Event::Refused(Channel::Gatt { service: packet::SERVICE, .. })
                if self.stage != Stage::Idle =>
            {
                self.fail(Failure::Device)
            }
            Event::Timer => self.timer(now),
            Event::Refused(_) | Event::Command(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.late_at
    }
}

#[cfg(test)]
mod tests;
