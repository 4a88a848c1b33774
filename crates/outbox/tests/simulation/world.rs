//! One cart's outbox over a day, in virtual time.

use std::collections::{BTreeMap, HashSet};

use clinical::{EncounterId, EntryId, Timestamp};
use outbox::{Item, Next, Outbox, Outcome, State};

use crate::memory::MemoryStore;

const ENCOUNTERS: u64 = 5;
const MINUTE_MS: i64 = 60_000;

pub struct World {
    seed: u64,
    random: u64,
    now: Timestamp,
    store: MemoryStore,
    outbox: Outbox<MemoryStore>,
    in_flight: Vec<EntryId>,
    receiver: Receiver,
    committed: BTreeMap<EntryId, Item>,
    faults: Faults,
    good_night: bool,
}

/// Idempotent by id, as the hub is. Remembers the order in which it took things in.
#[derive(Default)]
struct Receiver {
    accepted: Vec<EntryId>,
    known: HashSet<EntryId>,
    refuses: HashSet<EntryId>,
}

#[derive(Clone, Debug, Default)]
pub struct Faults {
    lost_replies: u32,
    repeats_received: u32,
    away: u32,
    refused: u32,
    refused_openings: u32,
    crashes_in_flight: u32,
    full_disk: u32,
    outcomes_on_full_disk: u32,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let store = MemoryStore::default();
        Self {
            seed,
            random: seed,
            now: Timestamp::from_millis(1_795_333_320_000),
            outbox: Outbox::open(store.clone()).unwrap(),
            store,
            in_flight: Vec::new(),
            receiver: Receiver::default(),
            committed: BTreeMap::new(),
            faults: Faults::default(),
            good_night: false,
        }
    }

    /// Captures, sends, answers, crashes and outages in any order.
    pub fn live_through_a_bad_day(&mut self) {
        for _ in 0..200 {
            match self.below(10) {
                0..=2 => self.capture(),
                3..=5 => self.take(),
                6 | 7 => self.answer(),
                8 => self.now = self.now.plus_millis(self.below(10) as i64 * MINUTE_MS),
                _ => self.machine_trouble(),
            }
        }
    }

    /// The receiver is there and answers; everything that can go has to go.
    pub fn have_a_good_night(&mut self) {
        self.good_night = true;
        self.store.set_full(false);
        self.outbox.network_came_up().unwrap();
        for _ in 0..10_000 {
            self.take();
            if self.in_flight.is_empty() {
                return;
            }
            self.answer();
        }
        panic!("seed {}: the outbox never comes to rest", self.seed);
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    fn capture(&mut self) {
        let encounter = self.below(ENCOUNTERS);
        let encounter: EncounterId =
            format!("0193a5e0-ffff-7000-8000-{encounter:012x}").parse().unwrap();
        let position = self.committed.len() as i64 + 1;
        let item = Item {
            id: format!("0193a5e0-0000-7000-8000-{position:012x}").parse().unwrap(),
            encounter,
            position,
            opens: self.committed.values().all(|item| item.encounter != encounter),
            state: State::Pending,
            attempts: 0,
        };
        if self.below(12) == 0 {
            self.receiver.refuses.insert(item.id);
        }
        self.committed.insert(item.id, item.clone());
        self.store.commit(item);
    }

    fn take(&mut self) {
        let taken = self.outbox.take(self.now).inspect_err(|_| self.faults.full_disk += 1);
        if let Ok(Next::Send(id)) = taken {
            assert!(!self.in_flight.contains(&id), "seed {}: {id} sent twice at once", self.seed);
            self.in_flight.push(id);
        }
    }

    fn answer(&mut self) {
        let count = self.in_flight.len() as u64;
        if count == 0 {
            return;
        }
        let index = self.below(count) as usize;
        let id = self.in_flight.swap_remove(index);
        let outcome = self.receive(id);
        let random = self.below(1_000) as f64 / 1_000.0;
        match self.outbox.finish(id, outcome, self.now, random) {
            Ok(state) => assert!(state.is_some(), "seed {}: {id} was not in flight", self.seed),
            Err(_) => self.faults.outcomes_on_full_disk += 1,
        }
    }

    fn receive(&mut self, id: EntryId) -> Outcome {
        if !self.good_night && self.below(4) == 0 {
            self.faults.away += 1;
            let retry_after = (self.below(2) == 0).then(|| self.below(60_000) as i64);
            return Outcome::Later { retry_after };
        }
        if self.receiver.refuses.contains(&id) {
            self.faults.refused += 1;
            self.faults.refused_openings += u32::from(self.committed[&id].opens);
            return Outcome::Refused { reason: "refused".into() };
        }
        if self.receiver.known.insert(id) {
            self.receiver.accepted.push(id);
        } else {
            self.faults.repeats_received += 1;
        }
        if !self.good_night && self.below(4) == 0 {
            self.faults.lost_replies += 1;
            return Outcome::Later { retry_after: None };
        }
        Outcome::Accepted
    }

    fn machine_trouble(&mut self) {
        self.store.set_full(false);
        match self.below(3) {
            0 => self.outbox.network_came_up().unwrap(),
            1 => self.store.set_full(true),
            _ => self.crash(),
        }
    }

    fn crash(&mut self) {
        // What was in flight may have reached the receiver before the process died.
        for id in std::mem::take(&mut self.in_flight) {
            self.faults.crashes_in_flight += 1;
            if self.below(2) == 0 {
                self.receive(id);
            }
        }
        self.outbox = Outbox::open(self.store.clone()).unwrap();
    }

    /// splitmix64: small, and the same on every machine.
    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

impl World {
    pub fn check(&self) {
        let items = self.store.all();
        assert_eq!(items.len(), self.committed.len(), "seed {}: an item is gone", self.seed);
        for item in &items {
            self.check_end(item, &items);
        }
        self.check_order();
    }

    /// Done is at the receiver, set aside was refused, and only a refused opening leaves more.
    fn check_end(&self, item: &Item, items: &[Item]) {
        let (seed, id) = (self.seed, item.id);
        let known = self.receiver.known.contains(&id);
        match &item.state {
            State::Done => assert!(known, "seed {seed}: {id} is done, and lost"),
            State::SetAside { .. } => {
                assert!(self.receiver.refuses.contains(&id), "seed {seed}: {id} was not refused");
                assert!(!known, "seed {seed}: {id} is set aside, and delivered");
            }
            State::Pending => {
                let opening = items.iter().find(|it| it.opens && it.encounter == item.encounter);
                let state = &opening.expect("each encounter has an opening").state;
                let held = matches!(state, State::SetAside { .. });
                assert!(held, "seed {seed}: {id} was left lying behind {state:?}");
                assert!(!known, "seed {seed}: {id} went before its opening");
            }
            State::InFlight { .. } | State::Retry { .. } => {
                panic!("seed {seed}: {id} is still {:?}", item.state)
            }
        }
    }

    fn check_order(&self) {
        let seed = self.seed;
        let mut last: BTreeMap<EncounterId, i64> = BTreeMap::new();
        for id in &self.receiver.accepted {
            let item = &self.committed[id];
            let before = last.insert(item.encounter, item.position);
            assert!(before.is_some() || item.opens, "seed {seed}: {id} came before its opening");
            assert!(before < Some(item.position), "seed {seed}: {id} came out of order");
        }
    }
}

impl Faults {
    pub fn add(&mut self, other: &Self) {
        self.lost_replies += other.lost_replies;
        self.repeats_received += other.repeats_received;
        self.away += other.away;
        self.refused += other.refused;
        self.refused_openings += other.refused_openings;
        self.crashes_in_flight += other.crashes_in_flight;
        self.full_disk += other.full_disk;
        self.outcomes_on_full_disk += other.outcomes_on_full_disk;
    }

    pub fn all_happened(&self) -> bool {
        [
            self.lost_replies,
            self.repeats_received,
            self.away,
            self.refused,
            self.refused_openings,
            self.crashes_in_flight,
            self.full_disk,
            self.outcomes_on_full_disk,
        ]
        .iter()
        .all(|&count| count > 0)
    }
}
