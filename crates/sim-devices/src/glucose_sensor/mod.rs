//! A simulated continuous glucose monitor (Continuous Glucose Monitoring Service, 0x181F).
//!
//! It notifies what it measures, and keeps it for whoever was not there. All that it sends can end in
//! a checksum.

pub mod record;

use crate::control::grammar::{hexadecimal, number};
use crate::equipment::{self, Equipment};
use crate::flagged::{NOT_A_NUMBER, sfloat_of};
use crate::gatt::table::{INDICATE, NOTIFY, READ, WRITE, characteristic, service};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use crate::records::{CONTROL, Number, RecordAccess};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use record::{Record, Sealed};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "glucose-sensor",
    usage: "glucose-sensor measures MG-PER-DL [TREND] | glucose-sensor fails | glucose-sensor fills N \
            | glucose-sensor checksum on|off | glucose-sensor breaks-after N | glucose-sensor sends HEX",
    make: || Arc::new(Mutex::new(Sensor::default())),
};

const MEASUREMENT: Uuid = Uuid::Short(0x2AA7);
const FEATURE: Uuid = Uuid::Short(0x2AA8);
const STATUS: Uuid = Uuid::Short(0x2AA9);
const START: Uuid = Uuid::Short(0x2AAA);
const RUN_TIME: Uuid = Uuid::Short(0x2AAB);
const OPS: Uuid = Uuid::Short(0x2AAC);

/// A request without its checksum, or with a wrong one (1.6).
const MISSING_CRC: Refusal = Refusal(0x80);
/// Minutes between two records, as most sensors have it.
const INTERVAL: u16 = 5;
/// Two weeks: as long as a sensor lasts.
const LASTS_HOURS: u16 = 14 * 24;
/// Two weeks of records.
const MEMORY: usize = (LASTS_HOURS as usize) * 60 / (INTERVAL as usize);

#[derive(Debug)]
pub struct Sensor {
    equipment: Equipment,
    sealed: Sealed,
    /// When it was put on, by what its clock showed then.
    start: DateTime,
    /// The same since the simulation started; mostly before.
    began: SignedDuration,
    records: Vec<Record>,
    /// Notified as they are measured, to a host that listens.
    fresh: VecDeque<Record>,
    access: RecordAccess,
    /// Of its own control point, and bytes that somebody made up.
    answers: VecDeque<Push>,
}

impl Default for Sensor {
    fn default() -> Self {
        let equipment = Equipment::new("Simulated sensor");
        Self {
            start: equipment.clock(Duration::ZERO),
            began: SignedDuration::ZERO,
            equipment,
            sealed: Sealed(true),
            records: Vec::new(),
            fresh: VecDeque::new(),
            access: RecordAccess::default(),
            answers: VecDeque::new(),
        }
    }
}

impl Sensor {
    /// Since it was put on, whatever its clock shows.
    fn minutes(&self, now: Duration) -> Number {
        let since = elapsed(now).saturating_sub(self.began).as_mins();
        Number::try_from(since).unwrap_or(Number::MAX)
    }

    fn measures(&mut self, words: &[&str], now: Duration) -> Result<(), String> {
        let (value, trend) = match words {
            [value] => (value, None),
            [value, trend] => (value, Some(concentration(trend)?)),
            _ => return Err("it measures MG-PER-DL, and perhaps its trend per minute".into()),
        };
        let glucose = concentration(value)?;
        self.keep(glucose, trend, now);
        Ok(())
    }

    /// Numbers grow, however fast somebody lets it measure.
    fn keep(&mut self, glucose: [u8; 2], trend: Option<[u8; 2]>, now: Duration) {
        let after = self.records.last().map_or(0, |last| last.minutes.saturating_add(1));
        let minutes = self.minutes(now).max(after);
        let record = Record { minutes, glucose, trend, status: None };
        if self.records.len() == MEMORY {
            self.records.remove(0);
        }
        self.records.push(record);
        self.fresh.push_back(record);
    }

    /// It was put on so long ago that it has measured so often.
    fn fills(&mut self, count: u16, now: Duration) -> Result<(), String> {
        let before = SignedDuration::from_mins(i64::from(count) * i64::from(INTERVAL));
        self.start = self.equipment.clock(now).saturating_sub(before);
        self.began = elapsed(now).saturating_sub(before);
        self.records.clear();
        self.fresh.clear();
        for index in 0..count {
            let glucose = concentration(&(80 + index % 100).to_string())?;
            let minutes = (index + 1) * INTERVAL;
            self.records.push(Record { minutes, glucose, trend: None, status: None });
        }
        Ok(())
    }

    /// The control point of its own service: it only tells its interval.
    fn ops(&mut self, value: &[u8]) -> Result<(), Refusal> {
        let request = self.sealed.open(value).ok_or(MISSING_CRC)?;
        let answer = match request {
            [0x02] => vec![0x03, INTERVAL as u8],
            [op, ..] => vec![0x1C, *op, 0x02],
            [] => return Err(Refusal::INVALID_LENGTH),
        };
        self.answers.push_back(Push::new(OPS, self.sealed.control(&answer)));
        Ok(())
    }
}

fn elapsed(now: Duration) -> SignedDuration {
    SignedDuration::try_from(now).unwrap_or(SignedDuration::MAX)
}

fn concentration(text: &str) -> Result<[u8; 2], String> {
    sfloat_of(text).ok_or_else(|| format!("`{text}` is not a number such as 104"))
}

impl Peripheral for Sensor {
    fn services(&self) -> Vec<Service> {
        let own = vec![
            characteristic(MEASUREMENT, NOTIFY),
            characteristic(FEATURE, READ),
            characteristic(STATUS, READ),
            characteristic(START, READ),
            characteristic(RUN_TIME, READ),
            characteristic(CONTROL, WRITE | INDICATE),
            characteristic(OPS, WRITE | INDICATE),
        ];
        self.equipment.services(vec![service(0x181F, own)])
    }

    fn connected(&mut self, _now: Duration) {
        self.access.reset();
        self.answers.clear();
    }

    fn disconnected(&mut self, _now: Duration) {
        self.access.reset();
    }

    fn subscribed(&mut self, what: Uuid, wanted: bool, _now: Duration) {
        self.access.subscribed(what, wanted);
        // What was measured while nobody listened has to be asked for.
        if what == MEASUREMENT && wanted {
            self.fresh.clear();
        }
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(match what {
            FEATURE => Some(self.sealed.feature()),
            STATUS => Some(self.sealed.status(self.minutes(now))),
            START => Some(self.sealed.start(self.start)),
            RUN_TIME => Some(self.sealed.run_time(LASTS_HOURS)),
            _ => self.equipment.read(what, now),
        })
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        match what {
            OPS => self.ops(value),
            CONTROL => {
                let numbers: Vec<Number> =
                    self.records.iter().map(|record| record.minutes).collect();
                let (records, sealed) = (&self.records, self.sealed);
                self.access.request(value, &numbers, |number| {
                    let found = records.iter().filter(|record| record.minutes == number);
                    found.map(|record| Push::new(MEASUREMENT, sealed.measurement(record))).collect()
                })
            }
            _ => {
                let taken = self.equipment.write(what, value, now);
                taken.unwrap_or(Err(Refusal::WRITE_NOT_PERMITTED))
            }
        }
    }

    fn due(&mut self, _now: Duration, host: &Subscriptions) -> Option<Push> {
        if let Some(push) = self.access.due() {
            return Some(push);
        }
        if self.answers.front().is_some_and(|push| host.has(push.characteristic)) {
            return self.answers.pop_front();
        }
        let record = host.has(MEASUREMENT).then(|| self.fresh.pop_front())??;
        Some(Push::new(MEASUREMENT, self.sealed.measurement(&record)))
    }

    fn hangs_up(&mut self, _now: Duration) -> bool {
        self.access.hangs_up()
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        match words {
            ["measures", words @ ..] => self.measures(words, now)?,
            ["fails"] => self.keep(NOT_A_NUMBER, None, now),
            ["fills", count] => {
                let most = MEMORY as u16;
                self.fills(number("N", count, 1, most)?, now)?;
            }
            ["checksum", "on"] => self.sealed = Sealed(true),
            ["checksum", "off"] => self.sealed = Sealed(false),
            ["sends", bytes @ ..] => {
                self.answers.push_back(Push::new(MEASUREMENT, hexadecimal(bytes)?));
            }
            ["breaks-after", count] => self.access.break_after(number("N", count, 0, MEMORY)?),
            _ => return Err(format!("it can: {}, {}", MODEL.usage, equipment::USAGE)),
        }
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const LATER: Duration = Duration::from_secs(600);

    fn say(sensor: &mut Sensor, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        sensor.obey(&words, LATER)
    }

    fn pushed(sensor: &mut Sensor) -> Vec<String> {
        let host = Subscriptions::of(&[MEASUREMENT, OPS]);
        let pushes = std::iter::from_fn(|| sensor.due(LATER, &host));
        pushes.map(|push| hex::write(&push.value)).collect()
    }

    #[test]
    fn a_record_is_notified_once_and_kept() {
        let mut sensor = Sensor::default();
        say(&mut sensor, "checksum off").unwrap();
        say(&mut sensor, "measures 110 1.2").unwrap();
        assert_eq!(pushed(&mut sensor), ["08016e000a000cf0"]);
        assert_eq!(pushed(&mut sensor), [""; 0]);
        sensor.subscribed(CONTROL, true, LATER);
        sensor.write(CONTROL, &[1, 1], LATER).unwrap();
        assert_eq!(pushed(&mut sensor), ["08016e000a000cf0", "06000101"]);
    }

    #[test]
    fn its_session_is_as_old_as_its_records() {
        let mut sensor = Sensor::default();
        say(&mut sensor, "fills 500").unwrap();
        let status = sensor.read(STATUS, LATER).unwrap().unwrap();
        assert_eq!((status.len(), &status[..2]), (7, &2500_u16.to_le_bytes()[..]));
        sensor.subscribed(CONTROL, true, LATER);
        sensor.write(CONTROL, &[4, 1], LATER).unwrap();
        assert_eq!(pushed(&mut sensor), ["0500f401"]);
    }

    #[test]
    fn requests_of_its_own_have_a_checksum_too() {
        let mut sensor = Sensor::default();
        assert_eq!(sensor.write(OPS, &[2], LATER), Err(MISSING_CRC));
        say(&mut sensor, "checksum off").unwrap();
        sensor.write(OPS, &[2], LATER).unwrap();
        sensor.write(OPS, &[0x1A], LATER).unwrap();
        assert_eq!(pushed(&mut sensor), ["0305", "1c1a02"]);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for line in ["measures", "measures high", "fills 0", "fills 9999", "checksum", "sings"] {
            assert!(say(&mut Sensor::default(), line).is_err(), "{line}");
        }
    }
}
