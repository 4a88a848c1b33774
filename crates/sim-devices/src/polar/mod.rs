//! A simulated Polar H10: a heart rate strap that also streams its ECG (Polar Measurement Data, PMD).
//!
//! What the maker's public SDK and its documentation say of the service: a control point takes orders
//! and indicates an answer to each; the samples are notified 73 at a time, 130 a second.

mod stream;

use crate::equipment;
use crate::gatt::table::{INDICATE, NOTIFY, READ, WRITE, characteristic, service};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::heart_rate::Strap;
use crate::peripherals::Model;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use stream::Stream;

pub const MODEL: Model = Model {
    name: "h10",
    usage: "h10 on RATE | h10 off | h10 ecg takes-none|takes | h10 ecg loses-one | h10 sends HEX",
    make: || Arc::new(Mutex::new(H10::default())),
};

const MEASUREMENT_DATA: Uuid = Uuid::Long(0xFB00_5C80_02E7_F387_1CAD_8ACD_2D8D_F0C8);
const CONTROL: Uuid = Uuid::Long(0xFB00_5C81_02E7_F387_1CAD_8ACD_2D8D_F0C8);
const DATA: Uuid = Uuid::Long(0xFB00_5C82_02E7_F387_1CAD_8ACD_2D8D_F0C8);
const CURRENT_TIME: Uuid = Uuid::Short(0x1805);

/// A notification of 73 samples and its header has 229 bytes.
const MTU: u16 = 232;
/// What the control point reads: the features, of which this one has only ECG.
const FEATURES: [u8; 17] = [0x0F, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Orders.
const SETTINGS: u8 = 1;
const START: u8 = 2;
const STOP: u8 = 3;
const ANSWER: u8 = 0xF0;
const ECG: u8 = 0;

/// Each setting: what it is, how many values, and each of them in two bytes.
const RATE_130: [u8; 4] = [0x00, 0x01, 0x82, 0x00];
const RESOLUTION_14: [u8; 4] = [0x01, 0x01, 0x0E, 0x00];

/// What an order came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Success = 0,
    NoSuchOrder = 1,
    NoSuchMeasurement = 2,
    NotSupported = 3,
    Length = 4,
    AlreadySo = 6,
    Resolution = 7,
    Rate = 8,
}

pub struct H10 {
    strap: Strap,
    /// While somebody records.
    stream: Option<Stream>,
    takes_none: bool,
    /// Of the stream, but not its first notification: that leaves no gap.
    loses_one: bool,
    answers: VecDeque<Vec<u8>>,
}

impl Default for H10 {
    fn default() -> Self {
        Self {
            strap: Strap::named("Polar H10 SIM0001"),
            stream: None,
            takes_none: false,
            loses_one: false,
            answers: VecDeque::new(),
        }
    }
}

impl H10 {
    /// The answer: what was ordered, of which measurement, what it came to, and that no more follows.
    fn take(&mut self, order: &[u8], now: Duration) -> Vec<u8> {
        let (&code, rest) = order.split_first().unwrap_or((&0, &[]));
        let (&kind, settings) = rest.split_first().unwrap_or((&0xFF, &[]));
        let outcome = self.carry_out(code, kind, settings, now);
        let mut answer = vec![ANSWER, code, kind, outcome as u8, 0];
        if (code, outcome) == (SETTINGS, Outcome::Success) {
            answer.extend([RATE_130, RESOLUTION_14].concat());
        }
        answer
    }

    fn carry_out(&mut self, code: u8, kind: u8, settings: &[u8], now: Duration) -> Outcome {
        if !matches!(code, SETTINGS | START | STOP) {
            return Outcome::NoSuchOrder;
        }
        match (code, kind) {
            (_, other) if other != ECG => Outcome::NoSuchMeasurement,
            (START, _) => self.start(settings, now),
            (STOP, _) => match self.stream.take() {
                Some(_) => Outcome::Success,
                None => Outcome::AlreadySo,
            },
            _ => Outcome::Success,
        }
    }

    fn start(&mut self, settings: &[u8], now: Duration) -> Outcome {
        if self.takes_none {
            return Outcome::NotSupported;
        }
        if settings.len() != RATE_130.len() + RESOLUTION_14.len() {
            return Outcome::Length;
        }
        for setting in settings.chunks(4) {
            match setting[0] {
                0 if setting != RATE_130 => return Outcome::Rate,
                1 if setting != RESOLUTION_14 => return Outcome::Resolution,
                0 | 1 => {}
                _ => return Outcome::NotSupported,
            }
        }
        if self.stream.is_some() {
            return Outcome::AlreadySo;
        }
        self.stream = Some(Stream::start(now, self.strap.clock(now)));
        Outcome::Success
    }

    fn samples(&mut self, now: Duration) -> Option<Push> {
        let rate = self.strap.rate();
        let stream = self.stream.as_mut()?;
        let under_way = stream.is_under_way();
        let next = stream.due(now, rate)?;
        if under_way && std::mem::take(&mut self.loses_one) {
            return None;
        }
        Some(Push::new(DATA, next))
    }
}

impl Peripheral for H10 {
    fn services(&self) -> Vec<Service> {
        // Nobody sets the clock of a strap.
        let mut services = self.strap.services();
        services.retain(|service| service.uuid != CURRENT_TIME);
        let own =
            vec![characteristic(CONTROL, READ | WRITE | INDICATE), characteristic(DATA, NOTIFY)];
        services.push(service(MEASUREMENT_DATA, own));
        services
    }

    fn mtu(&self) -> u16 {
        MTU
    }

    /// Its stream is for one host.
    fn disconnected(&mut self, _now: Duration) {
        self.stream = None;
        self.answers.clear();
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        match what {
            CONTROL => Ok(Some(FEATURES.to_vec())),
            _ => self.strap.read(what, now),
        }
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        if what != CONTROL {
            return self.strap.write(what, value, now);
        }
        let answer = self.take(value, now);
        self.answers.push_back(answer);
        Ok(())
    }

    fn due(&mut self, now: Duration, host: &Subscriptions) -> Option<Push> {
        if host.has(CONTROL)
            && let Some(answer) = self.answers.pop_front()
        {
            return Some(Push::new(CONTROL, answer));
        }
        if host.has(DATA)
            && let Some(push) = self.samples(now)
        {
            return Some(push);
        }
        self.strap.due(now, host)
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        match words {
            ["ecg", "takes-none"] => self.takes_none = true,
            ["ecg", "takes"] => self.takes_none = false,
            ["ecg", "loses-one"] => self.loses_one = true,
            ["on" | "off" | "sends" | "clock" | "battery" | "serial", ..] => {
                return self.strap.obey(words, now);
            }
            _ => return Err(format!("it can: {}, {}", MODEL.usage, equipment::USAGE)),
        }
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const NOW: Duration = Duration::ZERO;

    /// What the strap answers to orders, one after the other.
    #[track_caller]
    fn check(h10: &mut H10, order: &str, answer: &str) {
        h10.write(CONTROL, &hex::parse(order).unwrap(), NOW).unwrap();
        let push = h10.due(NOW, &Subscriptions::of(&[CONTROL])).unwrap();
        assert_eq!(push, Push::new(CONTROL, hex::parse(answer).unwrap()), "{order}");
    }

    #[test]
    fn orders_are_answered_as_the_maker_says() {
        let mut h10 = H10::default();
        check(&mut h10, "01 00", "f0 01 00 00 00 0001 8200 0101 0e00");
        check(&mut h10, "03 00", "f0 03 00 06 00");
        check(&mut h10, "02 00 0001 8200 0101 0e00", "f0 02 00 00 00");
        check(&mut h10, "02 00 0001 8200 0101 0e00", "f0 02 00 06 00");
        check(&mut h10, "03 00", "f0 03 00 00 00");
        check(&mut h10, "02 00 0001 c800 0101 0e00", "f0 02 00 08 00");
        check(&mut h10, "02 00 0001 8200 0101 1000", "f0 02 00 07 00");
        check(&mut h10, "02 00 0001 8200", "f0 02 00 04 00");
        check(&mut h10, "02 01", "f0 02 01 02 00");
        check(&mut h10, "09 00", "f0 09 00 01 00");
        h10.obey(&["ecg", "takes-none"], NOW).unwrap();
        check(&mut h10, "02 00 0001 8200 0101 0e00", "f0 02 00 03 00");
    }

    #[test]
    fn samples_come_to_who_started_them_and_end_with_the_link() {
        let mut h10 = H10::default();
        check(&mut h10, "02 00 0001 8200 0101 0e00", "f0 02 00 00 00");
        let (host, later) = (Subscriptions::of(&[DATA]), Duration::from_secs(1));
        assert_eq!(h10.due(later, &host).unwrap().value.len(), 10 + 3 * 73);
        assert_eq!(h10.due(later, &host), None, "73 samples a notification, 130 a second");
        h10.disconnected(later);
        assert_eq!(h10.due(2 * later, &host), None);
    }
}
