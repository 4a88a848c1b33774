//! A simulated heart rate strap (Heart Rate Service 1.0, 0x180D).
//!
//! Once a second it notifies the rate, whether it touches skin, and the intervals between beats.

use crate::control::grammar::{hexadecimal, number};
use crate::equipment::{self, Equipment};
use crate::flagged::flagged;
use crate::gatt::table::{NOTIFY, WRITE, characteristic, service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use jiff::civil::DateTime;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "strap",
    usage: "strap on RATE | strap off | strap sends HEX",
    make: || Arc::new(Mutex::new(Strap::default())),
};

const MEASUREMENT: Uuid = Uuid::Short(0x2A37);
const CONTROL: Uuid = Uuid::Short(0x2A39);
const CHEST: u8 = 1;
/// "Control point not supported" (1.6): it only resets the energy.
const NOT_SUPPORTED: Refusal = Refusal(0x80);

/// The bits of the flags.
const LONG_RATE: u32 = 1 << 0;
const TOUCHES: u32 = 1 << 1;
const TELLS_TOUCH: u32 = 1 << 2;
const ENERGY: u32 = 3;
const INTERVALS: u32 = 4;

/// How often the energy is told (3.1.1.3: not with every measurement), in notifications.
const ENERGY_EVERY: u32 = 10;
/// What a resting person spends in ten seconds, about.
const KILOJOULES: u16 = 1;

#[derive(Debug)]
pub struct Strap {
    equipment: Equipment,
    /// Per minute; `None`: it lies on the table.
    rate: Option<u16>,
    energy: u16,
    told: u32,
    next: Duration,
    raw: Option<Vec<u8>>,
}

impl Default for Strap {
    fn default() -> Self {
        Self::named("Simulated strap")
    }
}

impl Strap {
    /// One that lies on the table.
    pub fn named(name: &'static str) -> Self {
        Self {
            equipment: Equipment::new(name),
            rate: None,
            energy: 0,
            told: 0,
            next: Duration::ZERO,
            raw: None,
        }
    }

    /// Of the heart under it, per minute.
    pub fn rate(&self) -> Option<u16> {
        self.rate
    }

    pub fn clock(&self, now: Duration) -> DateTime {
        self.equipment.clock(now)
    }

    fn measurement(&mut self) -> Vec<u8> {
        self.told += 1;
        let energy = self.told.is_multiple_of(ENERGY_EVERY).then(|| {
            self.energy = self.energy.saturating_add(KILOJOULES);
            self.energy.to_le_bytes().to_vec()
        });
        encode(self.rate, energy)
    }
}

/// Rates above 255 need the longer form; intervals are in 1/1024 s.
fn encode(rate: Option<u16>, energy: Option<Vec<u8>>) -> Vec<u8> {
    let shown = rate.unwrap_or(0);
    let touch = if rate.is_some() { TOUCHES | TELLS_TOUCH } else { TELLS_TOUCH };
    let intervals = rate.map(|rate| {
        let interval = (60 * 1024 / u32::from(rate)) as u16;
        let beats = usize::from(rate.div_ceil(60));
        interval.to_le_bytes().repeat(beats)
    });
    let fields = [(ENERGY, energy), (INTERVALS, intervals)];
    match u8::try_from(shown) {
        Ok(short) => flagged(1, touch, &[short], &fields),
        Err(_) => flagged(1, touch | LONG_RATE, &shown.to_le_bytes(), &fields),
    }
}

impl Peripheral for Strap {
    fn services(&self) -> Vec<Service> {
        let own = vec![
            characteristic(0x2A37, NOTIFY),
            value(0x2A38, &[CHEST]),
            characteristic(0x2A39, WRITE),
        ];
        self.equipment.services(vec![service(0x180D, own)])
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(self.equipment.read(what, now))
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        match (what, value) {
            (CONTROL, [1]) => {
                self.energy = 0;
                Ok(())
            }
            (CONTROL, _) => Err(NOT_SUPPORTED),
            _ => self.equipment.write(what, value, now).unwrap_or(Err(NOT_SUPPORTED)),
        }
    }

    fn due(&mut self, now: Duration, host: &Subscriptions) -> Option<Push> {
        if !host.has(MEASUREMENT) {
            return None;
        }
        if let Some(raw) = self.raw.take() {
            return Some(Push::new(MEASUREMENT, raw));
        }
        (now >= self.next).then(|| {
            self.next = now + Duration::from_secs(1);
            Push::new(MEASUREMENT, self.measurement())
        })
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        match words {
            ["on", rate] => self.rate = Some(number("RATE", rate, 20, 500)?),
            ["off"] => self.rate = None,
            ["sends", bytes @ ..] => self.raw = Some(hexadecimal(bytes)?),
            _ => return Err(format!("it can: {}, {}", MODEL.usage, equipment::USAGE)),
        }
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn check(rate: Option<u16>, energy: Option<u16>, expected: &str) {
        let energy = energy.map(|kilojoules| kilojoules.to_le_bytes().to_vec());
        assert_eq!(encode(rate, energy), hex::parse(expected).unwrap(), "{rate:?}");
    }

    #[test]
    fn a_measurement_says_rate_contact_energy_and_intervals() {
        check(Some(60), None, "163c0004");
        check(Some(72), Some(300), "1e482c0155035503");
        check(Some(300), None, "172c01cc00cc00cc00cc00cc00");
        check(None, None, "0400");
    }

    #[test]
    fn it_tells_once_a_second_and_the_energy_seldom() {
        let mut strap = Strap::default();
        strap.obey(&["on", "60"], Duration::ZERO).unwrap();
        let host = Subscriptions::of(&[MEASUREMENT]);
        let mut told = Vec::new();
        for tenth in 0..101 {
            told.extend(strap.due(Duration::from_millis(100 * tenth), &host));
        }
        assert_eq!(told.len(), 11);
        let with_energy = told.iter().position(|push| push.value[0] & 0x08 != 0);
        assert_eq!(with_energy, Some(9));
        assert_eq!(told[9].value[2..4], [1, 0]);
        assert_eq!(strap.write(CONTROL, &[2], Duration::ZERO), Err(NOT_SUPPORTED));
        strap.write(CONTROL, &[1], Duration::ZERO).unwrap();
        assert_eq!(strap.energy, 0);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for line in [&["on", "fast"][..], &["on", "0"], &["sings"], &["sends", "0"]] {
            assert!(Strap::default().obey(line, Duration::ZERO).is_err(), "{line:?}");
        }
    }
}
