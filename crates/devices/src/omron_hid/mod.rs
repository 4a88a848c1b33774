//! The Omron HEM-790IT blood pressure cuff (also HEM-7080IT), over USB HID.
//!
//! It stores readings of two users; a host asks how many there are and reads one after the other,
//! then switches it off. All are told each time. Which user of the cuff it was names no patient.

mod report;
mod words;

use clinical::{BloodPressure, Decimal, Measurement};
use report::{Answer, Gathered, READING_MODE, Request};

pub(crate) use words::decode;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Wrong,
    catalogue::{Device, Purpose, Transport, UsbId},
    clock::DeviceClock,
};

pub(crate) const DEVICE: Device = Device {
    id: "omron-790it",
    title: "Omron HEM-790IT",
    purpose: Purpose::BloodPressure,
    transports: &[Transport::Hid],
    usb: &[UsbId(0x0590, 0x0028)],
    bluetooth: &[],
    driver: || Box::<Omron790>::default(),
};

const BANKS: u8 = 2;
const PATIENCE: Millis = 1_000;
/// It answers `NO` now and then, and wants to be asked again; the clearing takes some rounds.
const TRIES: u8 = 10;

#[derive(Debug, Default)]
struct Omron790 {
    asked: Option<Request>,
    /// Readings in the bank that is read.
    count: u8,
    gathered: Gathered,
    tries: u8,
    late_at: Option<Millis>,
    clock: Option<DeviceClock>,
}

impl Omron790 {
    fn ask(&mut self, now: Millis, request: Request) -> Vec<Action> {
        self.tries = 0;
        self.repeat(now, request)
    }

    fn repeat(&mut self, now: Millis, request: Request) -> Vec<Action> {
        if self.tries == TRIES {
            return self.fail(Failure::TimedOut);
        }
        self.tries += 1;
        self.asked = Some(request);
        self.gathered = Gathered::default();
        self.late_at = Some(now + PATIENCE);
        let reports = request.reports().into_iter();
        reports.map(|bytes| Action::Write { channel: Channel::Hid, bytes }).collect()
    }

    fn fail(&mut self, failure: Failure) -> Vec<Action> {
        *self = Self { clock: self.clock, ..Self::default() };
        vec![Action::Report(Report::Failed(failure))]
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Some(request) = self.asked else { return Vec::new() };
        match (request, self.gathered.add(request, bytes)) {
            (_, None) => Vec::new(),
            // While it clears, anything but OK is the rest of what it was doing.
            (Request::Clear, Some(Err(_) | Ok(Answer::No))) | (_, Some(Ok(Answer::No))) => {
                self.repeat(now, request)
            }
            (_, Some(Err(wrong))) => {
                let malformation = Malformation::new(wrong, bytes);
                let mut actions = vec![Action::Report(Report::Malformed(malformation))];
                actions.extend(self.repeat(now, request));
                actions
            }
            (request, Some(Ok(answer))) => self.answered(now, request, answer),
        }
    }

    fn answered(&mut self, now: Millis, request: Request, answer: Answer) -> Vec<Action> {
        match (request, answer) {
            (Request::Clear, _) => self.ask(now, Request::Count { bank: 0 }),
            (Request::Count { bank }, Answer::Count(count)) => {
                self.count = count;
                self.next(now, bank, 0)
            }
            (Request::Reading { bank, index }, Answer::Reading(bytes)) => {
                let mut actions = vec![Action::Report(self.report(&bytes))];
                actions.extend(self.next(now, bank, index + 1));
                actions
            }
            (Request::End, _) => {
                *self = Self { clock: self.clock, ..Self::default() };
                vec![Action::Report(Report::Status(Status::Ready))]
            }
            (Request::Count { .. } | Request::Reading { .. }, _) => Vec::new(),
        }
    }

    /// The reading of this number, or what comes after the last one of the bank.
    fn next(&mut self, now: Millis, bank: u8, index: u8) -> Vec<Action> {
        let request = if index < self.count {
            Request::Reading { bank, index }
        } else if bank + 1 < BANKS {
            Request::Count { bank: bank + 1 }
        } else {
            Request::End
        };
        self.ask(now, request)
    }

    /// A reading without a time could be anybody's and is refused.
    fn report(&self, bytes: &[u8; 14]) -> Report {
        let refused = |wrong| Report::Malformed(Malformation::new(wrong, bytes));
        let timed = report::reading(bytes).and_then(|reading| {
            let time = reading.time()?.timestamp().ok_or(Wrong::Field)?;
            Ok((reading, time))
        });
        let (reading, device_time) = match timed {
            Ok(timed) => timed,
            Err(wrong) => return refused(wrong),
        };
        let measurement = Measurement::BloodPressure(BloodPressure {
            systolic: u16::from(reading.systolic).into(),
            diastolic: u16::from(reading.diastolic).into(),
            mean: None,
            pulse: (reading.pulse != 0).then(|| Decimal::from(u16::from(reading.pulse))),
        });
        let corrected = self.clock.map_or(device_time, |clock| clock.corrected(device_time));
        Report::value(Measured {
            device_time: Some(device_time),
            corrected_time: Some(corrected),
            ..Measured::new(measurement, bytes)
        })
    }
}

impl Driver for Omron790 {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                *self = Self { clock: Some(DeviceClock::new(now, clock)), ..Self::default() };
                let bytes = READING_MODE.to_vec();
                let mode = Action::Write { channel: Channel::HidFeature, bytes };
                [mode].into_iter().chain(self.ask(now, Request::Clear)).collect()
            }
            Event::Down => {
                *self = Self::default();
                Vec::new()
            }
            Event::Bytes { channel: Channel::Hid, bytes } => self.bytes(now, bytes),
            Event::Refused(Channel::Hid | Channel::HidFeature) if self.asked.is_some() => {
                self.fail(Failure::Device)
            }
            Event::Timer => match self.asked {
                Some(request) if self.late_at.is_some_and(|at| now >= at) => {
                    self.repeat(now, request)
                }
                _ => Vec::new(),
            },
            Event::Bytes { .. } | Event::Refused(_) | Event::Command(_) | Event::Controls(_) => {
                Vec::new()
            }
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.late_at
    }
}

#[cfg(test)]
mod tests;
