//! Microlife blood pressure cuffs with Bluetooth, such as the BP3GY1-2N (vendor service FFF0).
//!
//! A host asks for what the cuff has stored. The clock is set after that, for the next measurements:
//! the cuff does not say what its clock shows.

mod frame;

use clinical::{BloodPressure, Decimal, Measurement, Timestamp};
use frame::Record;

pub(crate) use frame::decode;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    clock::DeviceClock,
    date_time::DateTime,
    framer::{Found, Framer},
};

/// By its name: the service is one that very different devices use.
pub(crate) const DEVICE: Device = Device {
    id: "microlife",
    title: "Microlife BP3GY1-2N",
    purpose: Purpose::BloodPressure,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Name("BP3GY1-2N")],
    driver: || Box::new(Microlife::new()),
};

const SERVICE: u16 = 0xFFF0;
const NOTIFY: Channel = Channel::sig(SERVICE, 0xFFF1);
const WRITE: Channel = Channel::sig(SERVICE, 0xFFF2);

/// The cuff gathers its memory first; each notification starts this time anew.
const PATIENCE: Millis = 30_000;

struct Microlife {
    framer: Framer,
    clock: Option<DeviceClock>,
    /// When the measurements have to be here; `None` while none were asked for.
    late_at: Option<Millis>,
}

impl Microlife {
    fn new() -> Self {
        Self { framer: Framer::new(frame::scan), clock: None, late_at: None }
    }

    /// An answer is longer than a notification.
    fn notified(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut actions = Vec::new();
        self.late_at = self.late_at.map(|_| now + PATIENCE);
        let Self { framer, clock, late_at } = self;
        framer.run(bytes, |found| match found {
            Found::Frame(frame) => {
                let Some(records) = frame::records(frame::payload(frame)) else { return };
                // A list that nobody asked for is one that was told already.
                if late_at.take().is_none() {
                    return;
                }
                let reports =
                    records.map(|(slot, record)| Action::Report(report(*clock, slot, record)));
                actions.extend(reports);
                actions.extend(goodbye(*clock, now));
            }
            Found::Malformed(malformation) => {
                actions.push(Action::Report(Report::Malformed(malformation)));
            }
        });
        actions
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.late_at.take_if(|at| now >= *at).is_none() {
            return Vec::new();
        }
        self.framer = Framer::new(frame::scan);
        vec![Action::Report(Report::Failed(Failure::TimedOut))]
    }
}

fn report(clock: Option<DeviceClock>, slot: &[u8], record: Result<Record, Wrong>) -> Report {
    let refused = |wrong| Report::Malformed(Malformation::new(wrong, slot));
    let Record { systolic, diastolic, pulse, time } = match record {
        Ok(record) => record,
        Err(wrong) => return refused(wrong),
    };
    let device_time: Option<Timestamp> = time.timestamp();
    let measurement = Measurement::BloodPressure(BloodPressure {
        systolic: u16::from(systolic).into(),
        diastolic: u16::from(diastolic).into(),
        mean: None,
        pulse: (pulse != 0).then(|| Decimal::from(u16::from(pulse))),
    });
    let corrected = device_time.map(|time| clock.map_or(time, |clock| clock.corrected(time)));
    Report::value(Measured {
        device_time,
        corrected_time: corrected,
        ..Measured::new(measurement, slot)
    })
}

fn goodbye(clock: Option<DeviceClock>, now: Millis) -> Vec<Action> {
    let time = clock.map(|clock| frame::set_time(DateTime::of_wall(clock.wall(now))));
    let writes = time.into_iter().chain([frame::disconnect()]);
    writes.map(|bytes| Action::Write { channel: WRITE, bytes }).collect()
}

impl Driver for Microlife {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                let clock = Some(DeviceClock::new(now, clock));
                *self = Self { clock, late_at: Some(now + PATIENCE), ..Self::new() };
                let ask = Action::Write { channel: WRITE, bytes: frame::get_measurements() };
                let ready = Action::Report(Report::Status(Status::Ready));
                vec![Action::Subscribe(NOTIFY), ask, ready]
            }
            Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Bytes { channel: NOTIFY, bytes } => self.notified(now, bytes),
            // The time and the goodbye may be refused; the measurements are here by then.
            Event::Refused(NOTIFY | WRITE) if self.late_at.take().is_some() => {
                vec![Action::Report(Report::Failed(Failure::Device))]
            }
            Event::Timer => self.timer(now),
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
    use crate::clock;

    fn answer(slots: &[[u8; 10]]) -> Vec<u8> {
        let length = (38 + slots.len() * 10 + 1) as u16;
        let [high, low] = length.to_be_bytes();
        let mut frame = [&[0x4D, 0x3A, high, low], &[0; 38][..], &slots.concat()].concat();
        frame.push(frame.iter().fold(0, |sum, &byte| sum.wrapping_add(byte)));
        frame
    }

    const SLOT: [u8; 10] = [120, 80, 60, 24, 6, 15, 14, 30, 0, 0];

    fn up() -> Microlife {
        let mut driver = Microlife::new();
        let told = driver.handle(0, Event::Up(clock::TEST));
        assert_eq!(told[0], Action::Subscribe(NOTIFY));
        driver
    }

    fn feed(driver: &mut Microlife, bytes: &[u8]) -> Vec<Action> {
        bytes
            .chunks(20)
            .flat_map(|bytes| driver.handle(10, Event::Bytes { channel: NOTIFY, bytes }))
            .collect()
    }

    #[test]
    fn all_that_is_stored_is_told_and_then_the_clock_is_set() {
        let told = feed(&mut up(), &answer(&[SLOT, [0; 10], SLOT]));
        let [Action::Report(Report::Measured(measured)), _, Action::Write { bytes, .. }, goodbye] =
            &told[..]
        else {
            panic!("{told:?}")
        };
        let shown = measured.device_time.unwrap();
        assert_eq!(shown.to_string(), "2024-06-15T14:30:00.000Z");
        assert_eq!(measured.corrected_time, Some(shown.plus_millis(-3_600_000)));
        // The wall's time of the test.
        assert_eq!(*bytes, frame::set_time(DateTime::of_wall(clock::TEST.wall())));
        assert_eq!(*goodbye, Action::Write { channel: WRITE, bytes: frame::disconnect() });
    }

    #[test]
    fn a_list_is_told_once() {
        let mut driver = up();
        assert_eq!(feed(&mut driver, &answer(&[SLOT])).len(), 3);
        assert_eq!(feed(&mut driver, &answer(&[SLOT])), []);
    }

    #[test]
    fn a_cuff_that_does_not_answer_fails() {
        let mut driver = up();
        assert_eq!(driver.deadline(), Some(30_000));
        let failed = Action::Report(Report::Failed(Failure::TimedOut));
        assert_eq!(driver.handle(30_000, Event::Timer), [failed]);
        assert_eq!(driver.handle(60_000, Event::Timer), []);
    }

    proptest! {
        #[test]
        fn no_damaged_answer_is_a_reading(at in 0usize..63, bit in 0u8..8) {
            let mut bytes = answer(&[SLOT, SLOT]);
            bytes[at] ^= 1 << bit;
            let told = feed(&mut up(), &bytes);
            let measured = |action: &Action| matches!(action, Action::Report(Report::Measured(_)));
            prop_assert!(!told.iter().any(measured), "{:?}", told);
        }

        #[test]
        fn any_bytes_in_any_chunks_give_the_same(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let bytes = [&[0x4D, 0x3A, 0x00, 0x08][..], &bytes, &answer(&[SLOT])].concat();
            let same = crate::chunks::whole_and_cut(up, NOTIFY, &bytes, &cuts);
            prop_assert_eq!(same, Ok(()));
        }
    }
}
