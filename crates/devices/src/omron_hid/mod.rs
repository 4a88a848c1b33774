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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{clock, testdata::hex};

    fn up() -> Omron790 {
        let mut driver = Omron790::default();
        let told = driver.handle(0, Event::Up(clock::TEST));
        let mode = Action::Write { channel: Channel::HidFeature, bytes: vec![0x74, 0xBC] };
        assert_eq!(told[0], mode);
        assert_eq!(told.len(), 3);
        driver
    }

    fn feed(driver: &mut Omron790, reports: &[&str]) -> Vec<Action> {
        let one = |report: &&str| {
            let bytes = &hex(report);
            driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes })
        };
        reports.iter().flat_map(one).collect()
    }

    const OK: &str = "024f4b0000000000";
    const NO: &str = "024e4f0000000000";
    const ONE: [&str; 2] = ["074f4b00000a0001", "010b000000000000"];
    const NONE: [&str; 2] = ["074f4b00000a0000", "010a000000000000"];
    const READING: [&str; 3] = ["074f4b0007010300", "0706330000704b47", "0300004c00000000"];

    fn writes(request: Request) -> Vec<Action> {
        let reports = request.reports().into_iter();
        reports.map(|bytes| Action::Write { channel: Channel::Hid, bytes }).collect()
    }

    #[test]
    fn both_banks_are_read_and_it_is_switched_off() {
        let driver = &mut up();
        assert_eq!(feed(driver, &[OK]), writes(Request::Count { bank: 0 }));
        assert_eq!(feed(driver, &ONE), writes(Request::Reading { bank: 0, index: 0 }));
        let told = feed(driver, &READING);
        let Action::Report(Report::Measured(measured)) = &told[0] else { panic!("{told:?}") };
        assert_eq!(measured.device_time.unwrap().to_string(), "2007-01-03T00:06:51.000Z");
        assert_eq!(told[1..], writes(Request::Count { bank: 1 }));
        assert_eq!(feed(driver, &NONE), writes(Request::End));
        let told = feed(driver, &["054f46460d0a0000"]);
        assert_eq!(told, [Action::Report(Report::Status(Status::Ready))]);
        assert_eq!(driver.deadline(), None);
    }

    #[test]
    fn what_is_answered_no_is_asked_again() {
        let driver = &mut up();
        feed(driver, &[OK]);
        feed(driver, &ONE);
        assert_eq!(feed(driver, &[NO]), writes(Request::Reading { bank: 0, index: 0 }));
        for _ in 0..8 {
            feed(driver, &[NO]);
        }
        let failed = Action::Report(Report::Failed(Failure::TimedOut));
        assert_eq!(feed(driver, &[NO]), [failed]);
    }

    #[test]
    fn a_damaged_reading_is_asked_for_again() {
        let driver = &mut up();
        feed(driver, &[OK]);
        feed(driver, &ONE);
        let told = feed(driver, &["074f4b0007010301", READING[1], READING[2]]);
        let Action::Report(Report::Malformed(said)) = &told[0] else { panic!("{told:?}") };
        assert_eq!(said.what, Wrong::Checksum);
        assert_eq!(told[1..], writes(Request::Reading { bank: 0, index: 0 }));
    }

    #[test]
    fn a_cuff_that_does_not_answer_fails() {
        let mut driver = up();
        for second in 1..10 {
            let told = driver.handle(second * 1_000, Event::Timer);
            assert_eq!(told, writes(Request::Clear));
        }
        let failed = Action::Report(Report::Failed(Failure::TimedOut));
        assert_eq!(driver.handle(10_000, Event::Timer), [failed]);
        assert_eq!(driver.deadline(), None);
    }

    proptest! {
        #[test]
        fn no_damaged_report_is_a_reading(at in 0usize..3, byte in 1usize..8, bit in 0u8..8) {
            let driver = &mut up();
            feed(driver, &[OK]);
            feed(driver, &ONE);
            let mut reports = READING.map(hex);
            reports[at][byte] ^= 1 << bit;
            for bytes in &reports {
                for action in driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes }) {
                    let Action::Report(Report::Measured(measured)) = action else { continue };
                    // What lies behind the valid bytes of the last report is not looked at.
                    prop_assert!(at == 2 && byte > 3, "{measured:?}");
                }
            }
        }

        #[test]
        fn any_reports_are_borne(
            reports in proptest::collection::vec(
                proptest::collection::vec(any::<u8>(), 0..10), 0..80,
            ),
        ) {
            let driver = &mut up();
            feed(driver, &[OK]);
            for bytes in &reports {
                let told = driver.handle(1, Event::Bytes { channel: Channel::Hid, bytes });
                prop_assert!(told.len() <= 4);
            }
        }
    }
}
