//! One cart, three devices and the people around them over a day, in virtual time.

use std::collections::BTreeMap;

use clinical::{DeviceId, EncounterId, Measurement, Reading, Timestamp};
use devices::{Measured, Millis};

use crate::{
    cart::{Cart, Kept},
    frames,
    instrument::{Instrument, at},
};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const DAY: Millis = 24 * 60 * MINUTE;
/// How far clocks are off: right, an hour of summer time, half an hour, a few minutes, a year.
const CLOCKS_OFF_MINUTES: [i64; 7] = [0, 60, -60, 30, -30, 7, -525_600];
/// What a driver may hold, in bytes: the records that it holds back until it knows the device's clock are
/// the most of it, and after a whole day it has no more than after the first hour.
const MOST_HELD: i64 = 64 * 1024;
const METER: usize = 0;
const CUFF: usize = 1;
const OXIMETER: usize = 2;

pub struct World {
    seed: u64,
    random: u64,
    now: Millis,
    cart: Cart,
    instruments: [Instrument; 3],
    /// When the links go down by themselves.
    cut_at: [Option<Millis>; 3],
    /// Who was on the cart from when to when.
    visits: Vec<(EncounterId, Timestamp, Option<Timestamp>)>,
    /// When each stored measurement really was, by device and number.
    truth: BTreeMap<(DeviceId, u16), Timestamp>,
    numbers: u16,
}

/// What has happened, so that none of it is missing from the proof.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    cut_short: u32,
    sent_again: u32,
    known_records: u32,
    clocks_set: u32,
    clocks_not_set: u32,
    in_the_tray: u32,
    bound: BTreeMap<String, u32>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut random = seed;
        let mut instrument = |driver| {
            let off = CLOCKS_OFF_MINUTES[below(&mut random, 7) as usize];
            Instrument::new(driver, off * 60_000, below(&mut random, 2) == 0)
        };
        let instruments =
            ["ble-glucose", "ble-blood-pressure", "ble-oximeter"].map(&mut instrument);
        Self {
            seed,
            random,
            now: 0,
            cart: Cart::default(),
            instruments,
            cut_at: [None; 3],
            visits: Vec::new(),
            truth: BTreeMap::new(),
            numbers: 0,
        }
    }

    /// Links, measurements and patients come and go in any order.
    pub fn live_through_a_bad_day(&mut self) {
        while self.now < DAY {
            let pause = self.below(4 * MINUTE);
            self.pass(self.now + pause);
            match self.below(10) {
                0..=3 => self.flap(),
                4..=6 => self.measure(),
                7 => self.finger(),
                _ => self.change_patient(),
            }
        }
    }

    /// Nobody measures, and the links hold: all that the devices still keep has to come.
    pub fn have_a_good_night(&mut self) {
        for which in [METER, CUFF, OXIMETER] {
            self.cut_at[which] = None;
            self.set_link(which, false);
        }
        for _ in 0..3 {
            for which in [METER, CUFF, OXIMETER] {
                self.set_link(which, true);
            }
            self.pass(self.now + 10 * MINUTE);
            for which in [METER, CUFF, OXIMETER] {
                let idle = self.instruments[which].is_idle();
                assert!(idle, "seed {}: {which} still sends", self.seed);
                self.set_link(which, false);
            }
        }
    }

    /// Lets everything happen that is due until then, in the order of time.
    fn pass(&mut self, until: Millis) {
        loop {
            let cut = |which: usize| self.cut_at[which];
            let due =
                |which: usize| cut(which).into_iter().chain(self.instruments[which].due()).min();
            let next = [METER, CUFF, OXIMETER].into_iter().filter_map(|it| Some((due(it)?, it)));
            let Some((time, which)) = next.min().filter(|(time, _)| *time <= until) else { break };
            self.now = self.now.max(time);
            if self.cut_at[which].take_if(|at| *at <= self.now).is_some() {
                self.set_link(which, false);
            } else {
                let said = self.instruments[which].play(self.now);
                self.hear(which, said);
            }
        }
        self.now = until;
    }

    fn flap(&mut self) {
        let which = self.below(3) as usize;
        let up = self.instruments[which].up;
        self.set_link(which, !up);
        // One of two links does not hold for long: it is lost among the answers or the records.
        self.cut_at[which] = (!up && self.below(2) == 0).then(|| self.now + self.below(4 * SECOND));
        if up && self.below(2) == 0 {
            self.set_link(which, true);
        }
    }

    fn set_link(&mut self, which: usize, up: bool) {
        if self.instruments[which].up == up {
            return;
        }
        if up && self.visits.last().is_some_and(|(.., end)| end.is_none()) {
            self.cart.arm(self.instruments[which].id.clone(), at(self.now));
        }
        let said = self.instruments[which].link(self.now, up);
        self.hear(which, said);
    }

    fn measure(&mut self) {
        let which = if self.below(2) == 0 { METER } else { CUFF };
        self.numbers += 1;
        let instrument = &mut self.instruments[which];
        self.truth.insert((instrument.id.clone(), self.numbers), at(self.now));
        instrument.measure(self.now, self.numbers);
        if which == METER && self.instruments[METER].up && self.below(2) == 0 {
            let said = self.instruments[METER].command(self.now);
            self.hear(METER, said);
        }
    }

    fn finger(&mut self) {
        if self.instruments[OXIMETER].up && self.instruments[OXIMETER].is_idle() {
            let seconds = self.below(90);
            self.instruments[OXIMETER].finger_is_in(self.now, seconds);
        }
    }

    fn change_patient(&mut self) {
        let now = at(self.now);
        if let Some((_, _, end @ None)) = self.visits.last_mut() {
            *end = Some(now);
            return self.cart.end(now);
        }
        let there = self.instruments.iter().filter(|instrument| instrument.up);
        let devices = there.map(|instrument| instrument.id.clone()).collect();
        let id = self.cart.open(now, devices);
        self.visits.push((id, now, None));
    }

    fn hear(&mut self, which: usize, said: Vec<Measured>) {
        for measured in said {
            let id = self.instruments[which].id.clone();
            self.cart.hear(&id, measured, at(self.now));
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        below(&mut self.random, bound)
    }
}

/// splitmix64: small, and the same on every machine.
fn below(random: &mut u64, bound: u64) -> u64 {
    *random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *random;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % bound
}

impl World {
    pub fn check(&self) {
        let seed = self.seed;
        let mut times: BTreeMap<(DeviceId, u16), u32> = BTreeMap::new();
        for kept in &self.cart.kept {
            let when = match number(&kept.reading) {
                Some(number) => {
                    let name = (kept.reading.device.id.clone(), number);
                    *times.entry(name.clone()).or_default() += 1;
                    self.truth[&name]
                }
                None => kept.reading.received,
            };
            self.check_owner(kept, when);
        }
        for name in self.truth.keys() {
            let count = times.get(name).copied().unwrap_or(0);
            assert_eq!(count, 1, "seed {seed}: {name:?} was kept {count} times");
        }
    }

    /// The drivers are over with this.
    pub fn check_memory(self) {
        for instrument in self.instruments {
            let (id, held) = instrument.held();
            assert!((1..=MOST_HELD).contains(&held), "seed {}: {id:?} holds {held}", self.seed);
        }
    }

    /// A reading in a chart was measured in that visit, or shortly before it when nobody was there.
    fn check_owner(&self, kept: &Kept, when: Timestamp) {
        let Ok(owner) = kept.owner else { return };
        let (seed, reading) = (self.seed, &kept.reading);
        for (id, opened, closed) in &self.visits {
            let during = *opened <= when && closed.is_none_or(|closed| when <= closed);
            assert!(
                !during || *id == owner,
                "seed {seed}: of {id} in {owner}, {when}: {reading:?}"
            );
            let early = opened.plus_millis(-2 * 60_000 - 1_000) > when;
            assert!(!early || *id != owner, "seed {seed}: too old, {when}: {reading:?}");
        }
    }

    pub fn add_to(&self, seen: &mut Seen) {
        for instrument in &self.instruments {
            seen.cut_short += instrument.cut_short;
            seen.sent_again += instrument.sent_again;
            seen.clocks_set += instrument.clocks_set;
            seen.clocks_not_set += u32::from(instrument.stubborn);
        }
        seen.known_records += self.cart.repeats;
        for kept in &self.cart.kept {
            match kept.owner {
                Ok(_) => *seen.bound.entry(kept.reading.device.id.0.clone()).or_default() += 1,
                Err(_) => seen.in_the_tray += 1,
            }
        }
    }
}

impl Seen {
    pub fn everything(&self) -> bool {
        let counts = [
            self.cut_short,
            self.sent_again,
            self.known_records,
            self.clocks_set,
            self.clocks_not_set,
            self.in_the_tray,
        ];
        counts.iter().all(|count| *count > 0) && self.bound.len() == 3
    }
}

/// Of a stored measurement; live values have none.
fn number(reading: &Reading) -> Option<u16> {
    match &reading.measurement {
        Measurement::Glucose(_) => reading.sequence.and_then(|number| u16::try_from(number).ok()),
        Measurement::BloodPressure(of) => {
            Some(frames::number_of(of.systolic.to_f64(), of.diastolic.to_f64()))
        }
        _ => None,
    }
}
