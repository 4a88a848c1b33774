//! A simulated Bluetooth scale (Weight Scale 0x181D, Body Composition 0x181B).
//!
//! Keeps each weighing until a host confirms it. A bare foot that loses its contact leaves the weight
//! and a composition of zeros.

pub mod measurement;

use crate::control::grammar::hexadecimal;
use crate::equipment::{self, Equipment};
use crate::flagged::steps_of;
use crate::gatt::table::{INDICATE, characteristic, service, value};
use crate::gatt::{Peripheral, Push, Refusal, Service, Subscriptions, Uuid};
use crate::peripherals::Model;
use measurement::{Body, Weight, body, weight};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MODEL: Model = Model {
    name: "scale",
    usage: "scale weighs KG [FAT-PER-CENT OHM|shoes] | scale weighs-pounds LB | scale fails \
            | scale sends HEX",
    make: || Arc::new(Mutex::new(Scale::default())),
};

const WEIGHT: Uuid = Uuid::Short(0x2A9D);
const COMPOSITION: Uuid = Uuid::Short(0x2A9C);

/// Time stamps; a resolution of 0.005 kg (7) in bits 3 to 6 (0x2A9E).
const WEIGHT_FEATURES: u32 = 1 | 7 << 3;
/// Time stamps (0), impedance (8) and weight (9); the weight's resolution as above, in bits 11 to 14
/// (0x2A9B).
const BODY_FEATURES: u32 = 1 | 1 << 8 | 1 << 9 | 7 << 11;
/// Weighings that no host has fetched; the oldest goes first.
const MEMORY: usize = 30;

#[derive(Debug)]
pub struct Scale {
    equipment: Equipment,
    stored: VecDeque<Push>,
}

impl Default for Scale {
    fn default() -> Self {
        Self { equipment: Equipment::new("Simulated scale"), stored: VecDeque::new() }
    }
}

impl Scale {
    fn keep(&mut self, push: Push) {
        if self.stored.len() == MEMORY {
            self.stored.pop_front();
        }
        self.stored.push_back(push);
    }

    fn weighs(&mut self, words: &[&str], now: Duration) -> Result<(), String> {
        let [kilograms, rest @ ..] = words else {
            return Err("it weighs KG, for example 74.5".into());
        };
        let steps = steps_of(kilograms, 5, -3)
            .ok_or_else(|| format!("`{kilograms}` is not a weight in steps of 0.005 kg"))?;
        let found = match rest {
            [] => None,
            ["shoes"] => Some(Body { fat: 0, impedance: 0 }),
            [fat, ohm] => Some(Body { fat: tenths(fat)?, impedance: tenths(ohm)? }),
            _ => return Err("after the weight come FAT-PER-CENT and OHM, or `shoes`".into()),
        };
        let time = self.equipment.clock(now);
        self.keep(Push::new(WEIGHT, weight(Weight::Kilograms(Some(steps)), time)));
        if let Some(found) = found {
            self.keep(Push::new(COMPOSITION, body(found, steps, time)));
        }
        Ok(())
    }
}

fn tenths(text: &str) -> Result<u16, String> {
    steps_of(text, 1, -1).ok_or_else(|| format!("`{text}` is not a number with one place"))
}

impl Peripheral for Scale {
    fn services(&self) -> Vec<Service> {
        let features = value(0x2A9E, &WEIGHT_FEATURES.to_le_bytes());
        let weight = vec![characteristic(0x2A9D, INDICATE), features];
        let features = value(0x2A9B, &BODY_FEATURES.to_le_bytes());
        let body = vec![characteristic(0x2A9C, INDICATE), features];
        self.equipment.services(vec![service(0x181D, weight), service(0x181B, body)])
    }

    fn read(&mut self, what: Uuid, now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(self.equipment.read(what, now))
    }

    fn write(&mut self, what: Uuid, value: &[u8], now: Duration) -> Result<(), Refusal> {
        self.equipment.write(what, value, now).unwrap_or(Err(Refusal::WRITE_NOT_PERMITTED))
    }

    /// Nothing before the host can hear both, so that the two of a weighing stay together.
    fn due(&mut self, _now: Duration, host: &Subscriptions) -> Option<Push> {
        let both = host.has(WEIGHT) && host.has(COMPOSITION);
        self.stored.front().filter(|_| both).cloned()
    }

    fn confirmed(&mut self, push: &Push, _now: Duration) {
        if self.stored.front() == Some(push) {
            self.stored.pop_front();
        }
    }

    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String> {
        if let Some(answer) = self.equipment.obey(words, now) {
            return answer;
        }
        let time = self.equipment.clock(now);
        match words {
            ["weighs", words @ ..] => self.weighs(words, now)?,
            ["weighs-pounds", pounds] => {
                let steps = steps_of(pounds, 1, -2);
                let steps =
                    steps.ok_or_else(|| format!("`{pounds}` is not a weight in 0.01 lb"))?;
                self.keep(Push::new(WEIGHT, weight(Weight::Pounds(steps), time)));
            }
            ["fails"] => self.keep(Push::new(WEIGHT, weight(Weight::Kilograms(None), time))),
            ["sends", bytes @ ..] => self.keep(Push::new(WEIGHT, hexadecimal(bytes)?)),
            _ => return Err(format!("it can: {}, {}", MODEL.usage, equipment::USAGE)),
        }
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(scale: &mut Scale, line: &str) -> Result<String, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        scale.obey(&words, Duration::ZERO)
    }

    #[test]
    fn a_weighing_in_shoes_has_a_weight_and_a_composition_of_zeros() {
        let mut scale = Scale::default();
        say(&mut scale, "weighs 74.46 shoes").unwrap();
        let deaf = Subscriptions::of(&[WEIGHT]);
        assert_eq!(scale.due(Duration::ZERO, &deaf), None);
        let host = Subscriptions::of(&[WEIGHT, COMPOSITION]);
        let first = scale.due(Duration::ZERO, &host).unwrap();
        assert_eq!((first.characteristic, &first.value[1..3]), (WEIGHT, &[0x2C, 0x3A][..]));
        scale.confirmed(&first, Duration::ZERO);
        let second = scale.due(Duration::ZERO, &host).unwrap();
        assert_eq!((second.characteristic, &second.value[2..4]), (COMPOSITION, &[0, 0][..]));
        assert_eq!(second.value[11..13], [0, 0]);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for line in
            ["weighs", "weighs much", "weighs 74.461", "weighs 74 20", "weighs-pounds 1.001"]
        {
            assert!(say(&mut Scale::default(), line).is_err(), "{line}");
        }
        assert!(say(&mut Scale::default(), "sings").unwrap_err().contains("it can"));
    }
}
