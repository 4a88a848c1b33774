//! A simulated Bluetooth oximeter (Pulse Oximeter Service, 0x1822).
//!
//! It streams once a second, and keeps finished spot checks until a host confirms them.

pub mod measurement;

use crate::control::grammar::{find, hexadecimal, number};
use crate::equipment::{self, Equipment};
use crate::gatt::table::{INDICATE, NOTIFY, characteristic, service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use measurement::{Finger, Kind, SIGNALS, continuous, spot};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "ble-oximeter",
    usage: "ble-oximeter on SPO2 PULSE | ble-oximeter off \
            | ble-oximeter flags good|poor|low-perfusion|artifact|questionable \
            | ble-oximeter spot SPO2 PULSE [stored|demonstration] [no-clock] \
            | ble-oximeter sends HEX",
    make: || Arc::new(Mutex::new(Oximeter::default())),
};

const SPOT: Uuid = Uuid::Short(0x2A5E);
const CONTINUOUS: Uuid = Uuid::Short(0x2A5F);

/// Measurement status, device status, storage of spot checks, their time, fast values and pulse
/// amplitude (0x2A60): bits 0 to 4 and 6.
const FEATURES: u16 = 0x005F;
/// As pocket oximeters have it; the oldest goes first.
const MEMORY: usize = 100;

#[derive(Debug)]
pub struct Oximeter {
    equipment: Equipment,
    finger: Option<Finger>,
    signal: u32,
    stored: VecDeque<Vec<u8>>,
    next: Duration,
    raw: Option<Vec<u8>>,
}

impl Default for Oximeter {
    fn default() -> Self {
        Self {
            equipment: Equipment::new("Simulated oximeter"),
            finger: None,
            signal: 0,
            stored: VecDeque::new(),
            next: Duration::ZERO,
            raw: None,
        }
    }
}

impl Oximeter {
    fn spot(&mut self, words: &[&str], now: Duration) -> Result<(), String> {
        let (finger, rest) = finger(words)?;
        let (kind, rest) = match rest {
            ["stored", rest @ ..] => (Kind::Stored, rest),
            ["demonstration", rest @ ..] => (Kind::Demonstration, rest),
            rest => (Kind::Fresh, rest),
        };
        let time = match rest {
            [] => Some(self.equipment.clock(now)),
            ["no-clock"] => None,
            _ => {
                return Err(
                    "after the numbers come `stored` or `demonstration`, and `no-clock`".into()
                );
            }
        };
        if self.stored.len() == MEMORY {
            self.stored.pop_front();
        }
        self.stored.push_back(spot(finger, kind, time, self.signal));
        Ok(())
    }
}

fn finger<'a>(words: &'a [&'a str]) -> Result<(Finger, &'a [&'a str]), String> {
    let [spo2, pulse, rest @ ..] = words else {
        return Err("it shows SPO2 PULSE, for example 97 72".into());
    };
    let finger =
        Finger { spo2: number("SPO2", spo2, 0, 100)?, pulse: number("PULSE", pulse, 18, 321)? };
    Ok((finger, rest))
}

impl Peripheral for Oximeter {
    fn services(&self) -> Vec<Service> {
        let own = vec![
            characteristic(0x2A5E, INDICATE),
            characteristic(0x2A5F, NOTIFY),
            value(0x2A60, &FEATURES.to_le_bytes()),
        ];
        self.equipment.services(vec![service(0x1822, own)])
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(self.equipment.read(what, now))
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        self.equipment.write(what, value, now).unwrap_or(Err(Refusal::WRITE_NOT_PERMITTED))
    }

    fn due(&mut self, now: Duration, host: &Subscriptions) -> Option<Push> {
        if host.has(CONTINUOUS) {
            if let Some(raw) = self.raw.take() {
                return Some(Push::new(CONTINUOUS, raw));
            }
            if now >= self.next {
                self.next = now + Duration::from_secs(1);
                return Some(Push::new(CONTINUOUS, continuous(self.finger, self.signal)));
            }
        }
        let next = self.stored.front().filter(|_| host.has(SPOT))?;
        Some(Push::new(SPOT, next.clone()))
    }

    fn confirmed(&mut self, push: &Push, _now: Duration) {
        if self.stored.front() == Some(&push.value) {
            self.stored.pop_front();
        }
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        match words {
            ["on", words @ ..] => match finger(words)? {
                (finger, []) => self.finger = Some(finger),
                _ => return Err("`on` wants two numbers: SPO2 PULSE".into()),
            },
            ["off"] => self.finger = None,
            ["flags", signal] => self.signal = find(&SIGNALS, "signal", signal)?,
            ["spot", words @ ..] => self.spot(words, now)?,
            ["sends", bytes @ ..] => self.raw = Some(hexadecimal(bytes)?),
            _ => return Err(format!("it can: {}, {}", MODEL.usage, equipment::USAGE)),
        }
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(oximeter: &mut Oximeter, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        oximeter.obey(&words, Duration::ZERO)
    }

    #[test]
    fn it_streams_once_a_second_and_keeps_spot_checks() {
        let mut oximeter = Oximeter::default();
        say(&mut oximeter, "on 97 72").unwrap();
        say(&mut oximeter, "spot 96 70 stored").unwrap();
        let host = Subscriptions::of(&[SPOT, CONTINUOUS]);
        let mut due = |millis| oximeter.due(Duration::from_millis(millis), &host);
        assert_eq!(due(0).unwrap().characteristic, CONTINUOUS);
        let spot = due(10).unwrap();
        assert_eq!((spot.characteristic, spot.value[1]), (SPOT, 96));
        assert_eq!(due(1_000).unwrap().value[1], 97);
        assert_eq!(due(1_010), Some(spot.clone()));
        oximeter.confirmed(&spot, Duration::ZERO);
        assert_eq!(oximeter.due(Duration::from_millis(1_020), &host), None);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for line in ["on 97", "on 101 72", "on 97 72 81", "flags bad", "spot 97 72 later", "sings"]
        {
            assert!(say(&mut Oximeter::default(), line).is_err(), "{line}");
        }
    }
}
