//! A simulated Bluetooth thermometer (Health Thermometer Service, 0x1809).
//!
//! Keeps what it measured until a host confirms it.

pub mod measurement;

use crate::control::grammar::{find, hexadecimal};
use crate::gatt::table::{INDICATE, characteristic, device_information, generic_access};
use crate::gatt::table::{service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use measurement::{SITES, Temperature, Unit};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "thermometer",
    usage: "thermometer measures DEGREES [SITE] [fahrenheit] | thermometer sends HEX",
    make: || Arc::new(Mutex::new(Thermometer::default())),
};

const MEASUREMENT: Uuid = Uuid::Short(0x2A1C);
const TEMPERATURE_TYPE: Uuid = Uuid::Short(0x2A1D);

/// Pocket thermometers keep about this many; the oldest goes first.
const MEMORY: usize = 25;
/// Of the body in general: before the first measurement.
const SOMEWHERE: u8 = 2;

/// Its memory: encoded measurements that no host has confirmed.
#[derive(Debug)]
pub struct Thermometer {
    stored: VecDeque<Vec<u8>>,
    /// Temperature Type: where it measured last.
    site: u8,
}

impl Default for Thermometer {
    fn default() -> Self {
        Self { stored: VecDeque::new(), site: SOMEWHERE }
    }
}

impl Thermometer {
    /// Keeps the bytes of a measurement for the next host that asks for indications.
    pub fn store(&mut self, characteristic: Vec<u8>) {
        if self.stored.len() == MEMORY {
            self.stored.pop_front();
        }
        self.stored.push_back(characteristic);
    }
}

impl Peripheral for Thermometer {
    fn services(&self) -> Vec<Service> {
        let measurement = characteristic(0x2A1C, INDICATE);
        vec![
            generic_access("Simulated thermometer"),
            service(0x1809, vec![measurement, value(0x2A1D, &[SOMEWHERE])]),
            device_information("cart-sim", "SIM-0001"),
        ]
    }

    fn read(&mut self, what: Uuid, _now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok((what == TEMPERATURE_TYPE).then(|| vec![self.site]))
    }

    fn due(&mut self, _now: Duration, host: &Subscriptions) -> Option<Push> {
        let next = self.stored.front().filter(|_| host.has(MEASUREMENT))?.clone();
        self.site = site_of(&next).unwrap_or(self.site);
        Some(Push::new(MEASUREMENT, next))
    }

    fn confirmed(&mut self, push: &Push, _now: Duration) {
        // Two hosts may have been told the same one.
        if self.stored.front() == Some(&push.value) {
            self.stored.pop_front();
        }
    }

    fn obey(&mut self, words: &[&str], _now: Duration) -> Result<String, String> {
        match words {
            ["measures", words @ ..] => self.store(measurement::encode(&temperature(words)?)),
            ["sends", bytes @ ..] => self.store(hexadecimal(bytes)?),
            _ => return Err(format!("it can: {}", MODEL.usage)),
        }
        Ok(String::new())
    }
}

fn temperature(words: &[&str]) -> Result<Temperature, String> {
    let [degrees, rest @ ..] = words else {
        return Err("`thermometer measures` wants a temperature, for example 37.6".into());
    };
    let (mantissa, exponent) = measurement::decimal(degrees)
        .ok_or_else(|| format!("`{degrees}` is not a temperature such as 37.6"))?;
    let (site, unit) = match rest {
        [] => (None, Unit::Celsius),
        ["fahrenheit"] => (None, Unit::Fahrenheit),
        [site] => (Some(find(&SITES, "site", site)?), Unit::Celsius),
        [site, "fahrenheit"] => (Some(find(&SITES, "site", site)?), Unit::Fahrenheit),
        _ => return Err("after the temperature come at most a site and `fahrenheit`".into()),
    };
    Ok(Temperature { mantissa, exponent, unit, site })
}

/// The site of a measurement without a time, as this thermometer encodes it.
fn site_of(characteristic: &[u8]) -> Option<u8> {
    match characteristic {
        [0x04 | 0x05, _, _, _, _, site] => Some(*site),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(thermometer: &mut Thermometer, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        thermometer.obey(&words, Duration::ZERO)
    }

    #[test]
    fn what_is_measured_is_stored_until_it_is_confirmed() {
        let mut thermometer = Thermometer::default();
        say(&mut thermometer, "measures 99.7 ear fahrenheit").unwrap();
        say(&mut thermometer, "sends 00 ff").unwrap();
        let encoded = vec![0x05, 0xE5, 0x03, 0, 0xFF, 3];
        assert_eq!(thermometer.stored, [encoded.clone(), vec![0, 0xFF]]);
        thermometer.confirmed(&Push::new(MEASUREMENT, encoded), Duration::ZERO);
        assert_eq!(thermometer.stored, [[0, 0xFF]]);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for (line, part) in [
            ("measures warm", "not a temperature"),
            ("measures 37.6 elbow", "unknown site `elbow`"),
            ("measures", "for example 37.6"),
            ("sends 0", "hexadecimal"),
            ("sings", "it can"),
        ] {
            let refusal = say(&mut Thermometer::default(), line).expect_err(line);
            assert!(refusal.contains(part), "`{line}`: {refusal}");
        }
    }

    #[test]
    fn the_oldest_of_too_many_is_forgotten() {
        let mut thermometer = Thermometer::default();
        (0..30).for_each(|number| thermometer.store(vec![number]));
        assert_eq!((thermometer.stored.len(), &thermometer.stored[0]), (25, &vec![5]));
    }
}
