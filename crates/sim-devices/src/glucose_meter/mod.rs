//! A simulated Bluetooth glucose meter (Glucose Service, 0x1808).
//!
//! It says nothing by itself: a host asks for its records. It never forgets one.

pub mod record;

use crate::control::grammar::{find, number};
use crate::equipment::{self, Equipment};
use crate::gatt::table::{INDICATE, NOTIFY, WRITE, characteristic, service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use crate::records::{CONTROL, Number, RecordAccess};
use jiff::SignedDuration;
use record::{Concentration, MEALS, Record, UNITS};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "glucose-meter",
    usage: "glucose-meter measures VALUE mg/dl|mmol/l [MEAL] | glucose-meter control VALUE mg/dl|mmol/l \
            | glucose-meter fails | glucose-meter fills N | glucose-meter offset MINUTES \
            | glucose-meter breaks-after N",
    make: || Arc::new(Mutex::new(Meter::default())),
};

const MEASUREMENT: u16 = 0x2A18;
const CONTEXT: u16 = 0x2A34;
/// It detects a low battery, a faulty strip and a result out of range (0x2A51).
const FEATURES: u16 = 1 << 0 | 1 << 4 | 1 << 5;
/// As the largest meters keep; then they forget the oldest.
const MEMORY: usize = 1000;

#[derive(Debug)]
pub struct Meter {
    equipment: Equipment,
    records: Vec<Record>,
    next: Number,
    offset: i16,
    access: RecordAccess,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            equipment: Equipment::new("Simulated meter"),
            records: Vec::new(),
            next: 1,
            offset: 0,
            access: RecordAccess::default(),
        }
    }
}

impl Meter {
    fn keep(&mut self, concentration: Option<Concentration>, now: Duration, rest: Rest) {
        if self.records.len() == MEMORY {
            self.records.remove(0);
        }
        let time = self.equipment.clock(now).saturating_sub(rest.ago);
        let Rest { is_control, meal, .. } = rest;
        let (number, offset) = (self.next, self.offset);
        self.records.push(Record { number, time, offset, concentration, is_control, meal });
        self.next = self.next.wrapping_add(1);
    }

    /// One record an hour up to now, no two next to each other alike.
    fn fills(&mut self, count: u16, now: Duration) -> Result<(), String> {
        for index in 0..count {
            let value = (80 + index % 100).to_string();
            let ago = SignedDuration::from_hours((count - 1 - index).into());
            let concentration = concentration(&value, "mg/dl")?;
            self.keep(Some(concentration), now, Rest { ago, ..Rest::default() });
        }
        Ok(())
    }
}

/// What of a record is the same for most.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    ago: SignedDuration,
    is_control: bool,
    meal: Option<u8>,
}

fn concentration(value: &str, unit: &str) -> Result<Concentration, String> {
    let unit = find(&UNITS, "unit", unit)?;
    Concentration::read(value, unit).ok_or_else(|| format!("`{value}` is not a number such as 5.3"))
}

fn pushes(record: &Record) -> Vec<Push> {
    let mut pushes = vec![Push::new(MEASUREMENT, record.measurement())];
    pushes.extend(record.context().map(|context| Push::new(CONTEXT, context)));
    pushes
}

impl Peripheral for Meter {
    fn services(&self) -> Vec<Service> {
        let own = vec![
            characteristic(MEASUREMENT, NOTIFY),
            characteristic(CONTEXT, NOTIFY),
            value(0x2A51, &FEATURES.to_le_bytes()),
            characteristic(CONTROL, WRITE | INDICATE),
        ];
        self.equipment.services(vec![service(0x1808, own)])
    }

    fn connected(&mut self, _now: Duration) {
        self.access.reset();
    }

    fn disconnected(&mut self, _now: Duration) {
        self.access.reset();
    }

    fn subscribed(&mut self, what: Uuid, wanted: bool, _now: Duration) {
        self.access.subscribed(what, wanted);
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(self.equipment.read(what, now))
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        if what != CONTROL {
            let taken = self.equipment.write(what, value, now);
            return taken.unwrap_or(Err(Refusal::WRITE_NOT_PERMITTED));
        }
        let numbers: Vec<Number> = self.records.iter().map(|record| record.number).collect();
        let records = &self.records;
        let of = |number| records.iter().find(|record| record.number == number);
        self.access.request(value, &numbers, |number| of(number).map_or_else(Vec::new, pushes))
    }

    fn due(&mut self, _now: Duration, _host: &Subscriptions) -> Option<Push> {
        self.access.due()
    }

    fn hangs_up(&mut self, _now: Duration) -> bool {
        self.access.hangs_up()
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        let usual = Rest::default();
        match words {
            ["measures", value, unit] => self.keep(Some(concentration(value, unit)?), now, usual),
            ["measures", value, unit, meal] => {
                let meal = Some(find(&MEALS, "meal", meal)?);
                self.keep(Some(concentration(value, unit)?), now, Rest { meal, ..usual });
            }
            ["control", value, unit] => {
                let control = Rest { is_control: true, ..usual };
                self.keep(Some(concentration(value, unit)?), now, control);
            }
            ["fails"] => self.keep(None, now, usual),
            ["fills", count] => self.fills(number("N", count, 1, MEMORY as u16)?, now)?,
            ["offset", minutes] => self.offset = number("MINUTES", minutes, -1440, 1440)?,
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

    fn say(meter: &mut Meter, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        meter.obey(&words, Duration::ZERO)
    }

    fn asked(meter: &mut Meter, request: &str) -> Vec<Push> {
        meter.connected(Duration::ZERO);
        meter.subscribed(CONTROL, true, Duration::ZERO);
        meter.write(CONTROL, &hex::parse(request).unwrap(), Duration::ZERO).unwrap();
        let host = Subscriptions::default();
        std::iter::from_fn(|| meter.due(Duration::ZERO, &host)).collect()
    }

    #[test]
    fn its_records_are_numbered_and_a_context_follows_its_record() {
        let mut meter = Meter::default();
        say(&mut meter, "measures 95 mg/dl").unwrap();
        say(&mut meter, "measures 5.3 mmol/l fasting").unwrap();
        say(&mut meter, "control 120 mg/dl").unwrap();
        let pushed = asked(&mut meter, "0101");
        let kinds: Vec<Uuid> = pushed.iter().map(|push| push.characteristic).collect();
        assert_eq!(kinds, [MEASUREMENT, MEASUREMENT, CONTEXT, MEASUREMENT, 0x2A52].map(Uuid::from));
        assert_eq!(pushed[2].value, [2, 2, 0, 3]);
        assert_eq!(pushed[3].value[1..3], [3, 0]);
    }

    #[test]
    fn five_hundred_records_are_counted_and_sent() {
        let mut meter = Meter::default();
        say(&mut meter, "fills 500").unwrap();
        assert_eq!(asked(&mut meter, "0401")[0].value, [5, 0, 0xF4, 0x01]);
        assert_eq!(asked(&mut meter, "010301f401").len(), 2, "the last one and the end");
        assert_eq!(asked(&mut meter, "0101").len(), 501);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for (line, part) in [
            ("measures 95", "it can"),
            ("measures 95 grams", "unknown unit"),
            ("measures high mg/dl", "not a number"),
            ("measures 95 mg/dl brunch", "unknown meal"),
            ("fills 0", "from 1"),
            ("sings", "it can"),
        ] {
            let refusal = say(&mut Meter::default(), line).expect_err(line);
            assert!(refusal.contains(part), "`{line}`: {refusal}");
        }
    }
}
