//! Any strap or band with the Bluetooth Heart Rate Service (0x180D).
//!
//! It sends its rate about every second from the moment it may notify.

mod value;

use clinical::{HeartRate, Measurement};
use value::Beat;
pub(crate) use value::decode;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Malformation, Measured, Millis, Report,
    Status, Uuid,
    catalogue::{Advertised, Device, Purpose, Transport},
    gatt::{Heard, Live, Peripheral, Shown, Signal},
};

pub(crate) const DEVICE: Device = Device {
    id: "ble-heart-rate",
    title: "Bluetooth heart rate strap",
    purpose: Purpose::HeartRate,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::new(Strap::new()),
};

const SERVICE: u16 = 0x180D;
const MEASUREMENT: Channel = Channel::sig(SERVICE, 0x2A37);

/// A strap that was just put on counts artefacts as beats until its electrodes are moist and still.
const SETTLE: Millis = 10_000;

#[derive(Debug)]
pub(crate) struct Strap {
    peripheral: Peripheral,
    live: Live,
}

impl Strap {
    pub(crate) fn new() -> Self {
        Self { peripheral: Peripheral::default(), live: Live::new(SETTLE) }
    }

    /// A value of now that a strap gives beside its rate, with the strap's name.
    pub(crate) fn value(&self, now: Millis, measured: Measured) -> Report {
        self.peripheral.value(now, Shown::Nothing, measured)
    }

    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        if let Some(actions) = self.peripheral.bytes(now, channel, bytes) {
            return actions;
        }
        if channel != MEASUREMENT {
            return Vec::new();
        }
        match Beat::read(bytes) {
            Ok(beat) => self.beat(now, &beat, bytes),
            Err(wrong) => vec![Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))],
        }
    }

    fn beat(&mut self, now: Millis, beat: &Beat, bytes: &[u8]) -> Vec<Action> {
        let signal = match beat {
            Beat { contact: Some(false), .. } => Signal::Off,
            Beat { rate: 0, .. } => Signal::Searching,
            Beat { .. } => Signal::Good,
        };
        let Heard { live, reading, news } = self.live.hear(now, signal);
        let rate = || Measurement::HeartRate(HeartRate { rate: beat.rate.into() });
        let live = live.then(|| Report::live(rate())).flatten();
        let reading = reading.then(|| self.value(now, Measured::new(rate(), bytes)));
        news.into_iter().chain(live.into_iter().chain(reading).map(Action::Report)).collect()
    }
}

impl Driver for Strap {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                *self = Self::new();
                let mut actions = self.peripheral.up(now, clock, &[]);
                actions.push(Action::Report(Report::Status(Status::Ready)));
                actions.push(Action::Subscribe(MEASUREMENT));
                actions
            }
            Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Refused(MEASUREMENT) => vec![Action::Report(Report::Failed(Failure::Device))],
            Event::Refused(channel) => self.peripheral.refused(channel),
            Event::Timer => self.live.timer(now),
            Event::Command(Command::Measure) => {
                self.live.ask();
                Vec::new()
            }
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) | Event::Controls(_) => {
                Vec::new()
            }
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.live.deadline()
    }
}

#[cfg(test)]
mod tests {
    use clinical::Quality;
    use proptest::prelude::*;

    use super::*;
    use crate::{clock::TEST, said::without_live, testdata::hex};

    fn connected() -> Strap {
        let mut driver = Strap::new();
        let _ = driver.handle(0, Event::Up(TEST));
        driver
    }

    /// One value every second, from second `from` on; what was said, with the second.
    fn feed(driver: &mut Strap, from: Millis, count: Millis, bytes: &str) -> Vec<String> {
        let bytes = &hex(bytes);
        let mut said = Vec::new();
        for second in from..from + count {
            let event = Event::Bytes { channel: MEASUREMENT, bytes };
            let actions = driver.handle(second * 1_000, event);
            let lasting = without_live(actions).into_iter();
            said.extend(lasting.map(|action| format!("{second} {}", word(action))));
        }
        said
    }

    fn word(action: Action) -> String {
        match action {
            Action::Report(Report::Measured(Measured { measurement, quality, .. })) => {
                let Measurement::HeartRate(HeartRate { rate }) = measurement else { panic!() };
                format!("{rate} {quality:?}")
            }
            Action::Report(Report::Status(Status::NotOnPatient)) => "off".to_owned(),
            Action::Report(Report::Status(Status::Measuring { .. })) => "on".to_owned(),
            Action::Report(Report::Malformed(wrong)) => wrong.what.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_strap_gives_a_reading_after_ten_seconds_and_then_one_a_minute() {
        let said = feed(&mut connected(), 0, 80, "06 48");
        assert_eq!(said, ["0 on", "10 72 []", "70 72 []"]);
    }

    #[test]
    fn a_strap_without_contact_is_told_once_and_gives_nothing() {
        let mut driver = connected();
        assert_eq!(feed(&mut driver, 0, 20, "04 48"), ["0 off"]);
        assert_eq!(feed(&mut driver, 20, 15, "06 48"), ["20 on", "30 72 []"]);
    }

    #[test]
    fn a_rate_that_is_not_found_is_no_rate() {
        assert_eq!(feed(&mut connected(), 0, 20, "00 00"), ["0 on"]);
    }

    #[test]
    fn a_rate_that_nobody_has_is_refused_and_a_seldom_one_asked_about() {
        assert_eq!(feed(&mut connected(), 0, 11, "01 2d01"), ["0 on", "10 implausible"]);
        let unusual = format!("10 221 {:?}", [Quality::Unusual]);
        assert_eq!(feed(&mut connected(), 0, 11, "00 dd"), ["0 on", unusual.as_str()]);
    }

    #[test]
    fn another_connection_settles_anew() {
        let mut driver = connected();
        feed(&mut driver, 0, 9, "00 48");
        assert_eq!(driver.handle(9_000, Event::Down), []);
        assert_eq!(driver.deadline(), None);
        let _ = driver.handle(9_500, Event::Up(TEST));
        assert_eq!(feed(&mut driver, 10, 11, "00 48"), ["10 on", "20 72 []"]);
    }

    #[test]
    fn a_strap_that_falls_silent_has_failed() {
        let mut driver = connected();
        feed(&mut driver, 0, 12, "00 48");
        let deadline = driver.deadline().unwrap();
        let failed = [Action::Report(Report::Failed(Failure::Device))];
        assert_eq!(driver.handle(deadline, Event::Timer), failed);
        assert_eq!(driver.handle(0, Event::Refused(MEASUREMENT)), failed);
    }

    #[test]
    fn who_asks_gets_the_next_settled_rate() {
        let mut driver = connected();
        feed(&mut driver, 0, 12, "00 48");
        assert_eq!(driver.handle(12_000, Event::Command(Command::Measure)), []);
        assert_eq!(feed(&mut driver, 12, 5, "00 49"), ["12 73 []"]);
    }

    proptest! {
        #[test]
        fn malformed_bytes_are_named_and_never_a_reading(
            bytes in proptest::collection::vec(any::<u8>(), 0..30),
        ) {
            let mut driver = connected();
            feed(&mut driver, 0, 12, "06 48");
            driver.live.ask();
            let actions =
                driver.handle(12_000, Event::Bytes { channel: MEASUREMENT, bytes: &bytes });
            let malformed = matches!(&actions[..], [Action::Report(Report::Malformed(_))]);
            prop_assert!(Beat::read(&bytes).is_ok() || malformed, "{:?}", actions);
        }
    }
}
