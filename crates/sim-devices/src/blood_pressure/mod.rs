//! Simulated Bluetooth cuffs (Blood Pressure Service, 0x1810).
//!
//! They keep what they measured until a host confirms it, and send it oldest first. While one
//! measures, it tells the pressure in the cuff.

pub mod measurement;

use crate::control::grammar::{find, hexadecimal, number};
use crate::equipment::Equipment;
use crate::gatt::table::{INDICATE, NOTIFY, characteristic, service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use jiff::SignedDuration;
use measurement::{Layout, REMARKS, Reading, encode, encode_cuff};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "ble-cuff",
    usage: "ble-cuff measures SYS DIA MAP PULSE [SECONDS] | ble-cuff fails [REMARK] \
            | ble-cuff remarks REMARK... | ble-cuff fills N | ble-cuff sends HEX",
    make: || Arc::new(Mutex::new(Cuff::new("Simulated cuff", Layout::Standard))),
};

pub const BM85: Model = Model {
    name: "bm85",
    usage: "bm85: as ble-cuff, with the bytes and the habits of a Beurer BM85",
    make: || Arc::new(Mutex::new(Cuff::new("BM85", Layout::Bm85))),
};

const MEASUREMENT: Uuid = Uuid::Short(0x2A35);
const CUFF_PRESSURE: Uuid = Uuid::Short(0x2A36);

/// Movement, fit, irregular pulse, pulse range and position are detected (0x2A49).
const FEATURES: u16 = 0x001F;
/// More than any cuff keeps; the oldest goes first.
const MEMORY: usize = 1000;
/// A BM85 acknowledges a subscription that comes earlier after the connection, and stays silent. Hosts
/// wait for twice as long, so a slow machine does not confuse the two.
const DEAF: Duration = Duration::from_millis(50);
/// Times in a second that a measuring cuff tells its pressure.
const TOLD: u32 = 4;

/// A cuff and its memory: encoded readings that no host has confirmed.
#[derive(Debug)]
pub struct Cuff {
    equipment: Equipment,
    layout: Layout,
    stored: VecDeque<Vec<u8>>,
    status: u16,
    measuring: Option<Measuring>,
    connected_at: Duration,
    is_deaf: bool,
}

/// A measurement that is going on.
#[derive(Clone, Copy, Debug)]
struct Measuring {
    pressures: [u16; 3],
    pulse: u16,
    began: Duration,
    takes: Duration,
    told: u32,
}

impl Cuff {
    pub fn new(name: &'static str, layout: Layout) -> Self {
        Self {
            equipment: Equipment::new(name),
            layout,
            stored: VecDeque::new(),
            status: 0,
            measuring: None,
            connected_at: Duration::ZERO,
            is_deaf: false,
        }
    }

    fn store(&mut self, reading: &Reading) {
        self.keep(encode(reading, self.layout));
    }

    fn keep(&mut self, bytes: Vec<u8>) {
        if self.stored.len() == MEMORY {
            self.stored.pop_front();
        }
        self.stored.push_back(bytes);
    }

    fn measures(&mut self, words: &[&str], now: Duration) -> Result<(), String> {
        let (numbers, seconds) = match words {
            [numbers @ .., seconds] if words.len() == 5 => (numbers, Some(*seconds)),
            _ => (words, None),
        };
        let &[systolic, diastolic, mean, pulse] = numbers else {
            return Err("it measures SYS DIA MAP PULSE, for example 128 82 97 71".into());
        };
        let pressures = [
            number("SYS", systolic, 1_u16, 300)?,
            number("DIA", diastolic, 1, 300)?,
            number("MAP", mean, 1, 300)?,
        ];
        let pulse = number("PULSE", pulse, 1_u16, 255)?;
        let seconds = seconds.map_or(Ok(0), |seconds| number("SECONDS", seconds, 0, 170))?;
        let takes = Duration::from_secs(seconds);
        self.measuring = Some(Measuring { pressures, pulse, began: now, takes, told: 0 });
        self.finish(now);
        Ok(())
    }

    /// A measurement whose time is over becomes a reading.
    fn finish(&mut self, now: Duration) {
        let over = |measuring: &mut Measuring| now >= measuring.began + measuring.takes;
        if let Some(Measuring { pressures, pulse, .. }) = self.measuring.take_if(over) {
            let time = self.equipment.clock(now);
            let (pressures, pulse) = (Some(pressures), Some(pulse));
            self.store(&Reading { pressures, pulse, status: self.status, time });
        }
    }

    /// One reading a minute up to now, no two next to each other alike.
    fn fills(&mut self, count: u16, now: Duration) {
        let last = self.equipment.clock(now);
        for index in 0..count {
            let back = SignedDuration::from_mins((count - 1 - index).into());
            let systolic = 100 + index % 60;
            self.store(&Reading {
                pressures: Some([systolic, 70, 85]),
                pulse: Some(60 + index % 40),
                status: self.status,
                time: last.saturating_sub(back),
            });
        }
    }

    /// The pressure, when it is time to tell it again.
    fn pressure(&mut self, now: Duration) -> Option<u16> {
        let measuring = self.measuring.as_mut()?;
        let elapsed = now.saturating_sub(measuring.began);
        (elapsed >= Duration::from_secs(1) / TOLD * measuring.told).then(|| {
            measuring.told += 1;
            measuring.pressure(elapsed)
        })
    }
}

impl Measuring {
    /// Up to 30 mmHg above the systolic pressure in the first third, then down to nothing.
    fn pressure(&self, elapsed: Duration) -> u16 {
        let highest = f64::from(self.pressures[0]) + 30.0;
        let part = elapsed.as_secs_f64() / self.takes.as_secs_f64();
        let share = if part < 1.0 / 3.0 { part * 3.0 } else { (1.0 - part) * 1.5 };
        (highest * share.clamp(0.0, 1.0)) as u16
    }
}

impl Peripheral for Cuff {
    fn services(&self) -> Vec<Service> {
        let own = vec![
            characteristic(0x2A35, INDICATE),
            characteristic(0x2A36, NOTIFY),
            value(0x2A49, &FEATURES.to_le_bytes()),
        ];
        self.equipment.services(vec![service(0x1810, own)])
    }

    fn connected(&mut self, now: Duration) {
        self.connected_at = now;
        self.is_deaf = false;
    }

    fn subscribed(&mut self, what: Uuid, _wanted: bool, now: Duration) {
        let early = now < self.connected_at + DEAF;
        if what == MEASUREMENT && self.layout == Layout::Bm85 && early {
            self.is_deaf = true;
        }
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(self.equipment.read(what, now))
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        self.equipment.write(what, value, now).unwrap_or(Err(Refusal::WRITE_NOT_PERMITTED))
    }

    fn due(&mut self, now: Duration, host: &Subscriptions) -> Option<Push> {
        self.finish(now);
        if self.is_deaf {
            return None;
        }
        if host.has(CUFF_PRESSURE)
            && let Some(mmhg) = self.pressure(now)
        {
            return Some(Push::new(CUFF_PRESSURE, encode_cuff(mmhg)));
        }
        let next = self.stored.front().filter(|_| host.has(MEASUREMENT))?;
        Some(Push::new(MEASUREMENT, next.clone()))
    }

    fn confirmed(&mut self, push: &Push, _now: Duration) {
        // Two hosts may have been told the same one.
        if self.stored.front() == Some(&push.value) {
            self.stored.pop_front();
        }
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        match words {
            ["measures", words @ ..] => self.measures(words, now)?,
            ["fails", remarks @ ..] => {
                let status = status(remarks)?;
                let time = self.equipment.clock(now);
                self.store(&Reading { pressures: None, pulse: None, status, time });
            }
            ["remarks", remarks @ ..] => self.status = status(remarks)?,
            ["fills", count] => {
                let count = number("N", count, 1, MEMORY as u16)?;
                self.fills(count, now);
            }
            ["sends", bytes @ ..] => self.keep(hexadecimal(bytes)?),
            _ => return Err(format!("it can: {}", MODEL.usage)),
        }
        Ok(String::new())
    }
}

/// Nothing said: no remark.
fn status(remarks: &[&str]) -> Result<u16, String> {
    remarks.iter().try_fold(0, |status, word| Ok(status | find(&REMARKS, "remark", word)?))
}

#[cfg(test)]
mod tests;
