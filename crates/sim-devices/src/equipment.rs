//! What every simulated Bluetooth health device has beside its measurements: Device Information
//! (0x180A), Battery (0x180F) and Current Time (0x1805), with a clock that can be wrong.

use crate::flagged::date_time;
use crate::gatt::table::{READ, WRITE, characteristic, device_information, generic_access};
use crate::gatt::table::{service, value};
use crate::gatt::{Refusal, Service, Uuid};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use std::time::Duration;

const BATTERY_LEVEL: Uuid = Uuid::Short(0x2A19);
const CURRENT_TIME: Uuid = Uuid::Short(0x2A2B);

/// "Data field ignored" (Current Time Service 1.1, 1.6).
const DATA_FIELD_IGNORED: Refusal = Refusal(0x80);

/// What can be said to it, for the end of a device's usage.
pub const USAGE: &str =
    "clock off SECONDS|shows DATE-TIME|fixed|settable, battery PER-CENT, serial TEXT";

/// The clock, the battery and the label of one device.
#[derive(Debug)]
pub struct Equipment {
    name: &'static str,
    serial: String,
    battery: u8,
    /// What its clock showed when the simulation started.
    started: DateTime,
    is_settable: bool,
}

impl Equipment {
    /// Its clock is right.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            serial: "SIM-0001".to_owned(),
            battery: 80,
            started: jiff::Zoned::now().datetime(),
            is_settable: true,
        }
    }

    pub fn clock(&self, now: Duration) -> DateTime {
        self.started.saturating_add(now)
    }

    /// All services: these and the device's own.
    pub fn services(&self, own: Vec<Service>) -> Vec<Service> {
        let mut services = vec![generic_access(self.name)];
        services.extend(own);
        let mut information = device_information(self.name, &self.serial);
        information.characteristics.push(value(0x2A26, b"1.0"));
        services.push(information);
        services.push(service(0x180F, vec![value(0x2A19, &[self.battery])]));
        services.push(service(0x1805, vec![characteristic(0x2A2B, READ | WRITE)]));
        services
    }

    /// `None`: it is the device's own to tell.
    pub fn read(&self, what: Uuid, now: Duration) -> Option<Vec<u8>> {
        match what {
            BATTERY_LEVEL => Some(vec![self.battery]),
            CURRENT_TIME => Some(self.current_time(now)),
            _ => None,
        }
    }

    /// `None`: it is the device's own to take.
    pub fn write(
        &mut self,
        what: Uuid,
        value: &[u8],
        now: Duration,
    ) -> Option<Result<(), Refusal>> {
        (what == CURRENT_TIME).then(|| self.set_clock(value, now))
    }

    /// Date Time, the day of the week from Monday, fractions of 1/256 s, and why it was adjusted.
    fn current_time(&self, now: Duration) -> Vec<u8> {
        let shown = self.clock(now);
        let weekday = shown.weekday().to_monday_one_offset() as u8;
        [date_time(shown).as_slice(), &[weekday, 0, 0]].concat()
    }

    fn set_clock(&mut self, value: &[u8], now: Duration) -> Result<(), Refusal> {
        let &[low, high, month, day, hour, minute, second, _, _, _] = value else {
            return Err(Refusal::INVALID_LENGTH);
        };
        let part = |byte: u8| i8::try_from(byte).map_err(|_| DATA_FIELD_IGNORED);
        let year = i16::from_le_bytes([low, high]);
        let date = Date::new(year, part(month)?, part(day)?).map_err(|_| DATA_FIELD_IGNORED)?;
        let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0);
        let time = time.map_err(|_| DATA_FIELD_IGNORED)?;
        if !self.is_settable {
            return Err(DATA_FIELD_IGNORED);
        }
        self.show(DateTime::from_parts(date, time), now);
        Ok(())
    }

    fn show(&mut self, time: DateTime, now: Duration) {
        self.started = time.saturating_sub(now);
    }

    /// Carries out a command that is about this. `None`: it is the device's own.
    pub fn obey(&mut self, words: &[&str], now: Duration) -> Option<Result<String, String>> {
        let done = match words {
            ["clock", "off", seconds] => self.clock_off(seconds),
            ["clock", "shows", time] => time
                .parse()
                .map(|time| self.show(time, now))
                .map_err(|_| format!("`{time}` is not a time such as 2026-11-22T08:42:00")),
            ["clock", "fixed"] => {
                self.is_settable = false;
                Ok(())
            }
            ["clock", "settable"] => {
                self.is_settable = true;
                Ok(())
            }
            ["battery", charge] => match charge.parse() {
                Ok(charge @ 0..=100) => {
                    self.battery = charge;
                    Ok(())
                }
                Ok(_) | Err(_) => Err(format!("`{charge}` is not a charge from 0 to 100")),
            },
            ["serial", text] => {
                self.serial = (*text).to_owned();
                Ok(())
            }
            ["clock" | "battery" | "serial", ..] => Err(format!("say {USAGE}")),
            _ => return None,
        };
        Some(done.map(|()| String::new()))
    }

    /// From now on it shows this much more (less, when negative) than a right one.
    fn clock_off(&mut self, seconds: &str) -> Result<(), String> {
        let wrong = || format!("`{seconds}` is not a number of seconds");
        let seconds = seconds.parse().map_err(|_| wrong())?;
        self.started =
            self.started.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| wrong())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Duration = Duration::from_secs(61);

    fn equipment() -> Equipment {
        let mut equipment = Equipment::new("Thing");
        say(&mut equipment, "clock shows 2025-11-22T08:42:00").unwrap();
        equipment
    }

    fn say(equipment: &mut Equipment, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split(' ').collect();
        equipment.obey(&words, Duration::ZERO).expect("meant for it")
    }

    #[test]
    fn a_clock_goes_on_and_can_be_wrong_and_set() {
        let mut equipment = equipment();
        let read = |equipment: &Equipment| equipment.read(CURRENT_TIME, LATER).unwrap();
        assert_eq!(read(&equipment), [0xE9, 7, 11, 22, 8, 43, 1, 6, 0, 0]);
        say(&mut equipment, "clock off -3600").unwrap();
        assert_eq!(read(&equipment)[4], 7);
        let right = [0xEA, 7, 2, 28, 23, 59, 59, 6, 0, 2];
        assert_eq!(equipment.write(CURRENT_TIME, &right, LATER), Some(Ok(())));
        let then = equipment.clock(LATER + Duration::from_secs(1));
        assert_eq!(then.to_string(), "2026-03-01T00:00:00");
    }

    #[test]
    fn what_is_no_time_is_not_taken_and_a_fixed_clock_takes_none() {
        let mut equipment = equipment();
        let mut write = |value: &[u8]| equipment.write(CURRENT_TIME, value, LATER);
        assert_eq!(write(&[0xEA, 7, 2, 30, 0, 0, 0, 0, 0, 0]), Some(Err(DATA_FIELD_IGNORED)));
        assert_eq!(write(&[0xEA, 7, 2]), Some(Err(Refusal::INVALID_LENGTH)));
        say(&mut equipment, "clock fixed").unwrap();
        let right = [0xEA, 7, 2, 28, 0, 0, 0, 0, 0, 0];
        assert_eq!(equipment.write(CURRENT_TIME, &right, LATER), Some(Err(DATA_FIELD_IGNORED)));
        assert_eq!(equipment.write(Uuid::Short(0x2A52), &[], LATER), None);
    }

    #[test]
    fn its_label_can_be_another_and_nonsense_is_refused() {
        let mut equipment = equipment();
        say(&mut equipment, "serial SIM-2").unwrap();
        say(&mut equipment, "battery 7").unwrap();
        assert_eq!(equipment.read(BATTERY_LEVEL, LATER), Some(vec![7]));
        let services = equipment.services(Vec::new());
        assert_eq!(services[1].characteristics[2].value, b"SIM-2");
        for line in ["battery 101", "clock off noon", "clock shows noon", "clock", "serial"] {
            assert!(say(&mut equipment, line).is_err(), "{line}");
        }
        assert_eq!(equipment.obey(&["sings"], LATER), None);
    }
}
