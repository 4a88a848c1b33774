//! One outbox over a day and a night, in virtual time.

use std::collections::{BTreeMap, HashSet};

use clinical::{EncounterId, EntryId};
use outbox::{Decision, Event, Item, Look, Moment, Next, Outbox, Outcome, State, step};

use crate::{
    faults::Faults,
    memory::MemoryStore,
    receiver::{LATENESS_MS, Receiver, repeat},
};

/// Longer than the receiver's lateness.
pub const SETTLE_MS: u32 = 120_000;
const ENCOUNTERS: u64 = 5;
const MINUTE_MS: i64 = 60_000;

pub struct World {
    pub(crate) seed: u64,
    settle_ms: u32,
    random: u64,
    now: Moment,
    pub(crate) store: MemoryStore,
    outbox: Outbox<MemoryStore>,
    in_flight: Vec<(EntryId, Look)>,
    pub(crate) receiver: Receiver,
    pub(crate) committed: BTreeMap<EntryId, Item>,
    /// What a person said should be sent again.
    pub(crate) decided: HashSet<EntryId>,
    pub(crate) faults: Faults,
    good_night: bool,
}

impl World {
    pub fn new(seed: u64, settle_ms: u32) -> Self {
        let (store, now) = (MemoryStore::default(), Moment::from_millis(0));
        Self {
            seed,
            settle_ms,
            random: seed,
            now,
            outbox: Outbox::open(store.clone(), now).unwrap(),
            store,
            in_flight: Vec::new(),
            receiver: Receiver::default(),
            committed: BTreeMap::new(),
            decided: HashSet::new(),
            faults: Faults::default(),
            good_night: false,
        }
    }

    /// Captures, sends, answers, crashes and outages in any order.
    pub fn live_through_a_bad_day(&mut self) {
        for _ in 0..200 {
            match self.below(10) {
                0..=2 => self.capture(),
                3..=5 => self.send().unwrap_or(()),
                6 | 7 => self.answer(),
                8 => {
                    let minutes = self.below(10) as i64;
                    self.pass(minutes * MINUTE_MS);
                }
                _ => self.machine_trouble(),
            }
        }
    }

    /// The receiver is there and answers, a person decides what the rules cannot, and everything that
    /// can go has to go.
    pub fn have_a_good_night(&mut self) {
        self.good_night = true;
        self.store.set_full(false);
        self.outbox.network_came_up(self.now).unwrap();
        for _ in 0..10_000 {
            match self.outbox.next(self.now).unwrap() {
                Next::Send { .. } => self.send().unwrap(),
                _ if !self.in_flight.is_empty() => self.answer(),
                Next::WaitUntil(at) => self.pass(at.millis_since(self.now)),
                Next::Idle if self.decide_all() => {}
                Next::Idle => return,
            }
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

    /// One, or several side by side. `Err`: the store could not keep that they are in flight, so that
    /// nothing was sent.
    fn send(&mut self) -> Result<(), ()> {
        let full = |faults: &mut Faults| faults.full_disk += 1;
        let at_most = 1 + self.below(4) as usize;
        let due = self.outbox.due(self.now, at_most).map_err(|_| full(&mut self.faults))?;
        let chosen: Vec<_> =
            due.send.iter().map(|(id, _)| (*id, repeat(*id, self.settle_ms))).collect();
        let begun = self.outbox.begin_all(&chosen, self.now).map_err(|_| full(&mut self.faults))?;
        assert!(begun.len() <= at_most, "seed {}: too many at once", self.seed);
        self.faults.several_at_once += u32::from(begun.len() > 1);
        for (id, look) in due.send {
            assert!(begun.contains(&id), "seed {}: {id} could not be begun", self.seed);
            let twice = self.in_flight.iter().any(|(other, _)| *other == id);
            assert!(!twice, "seed {}: {id} sent twice at once", self.seed);
            self.in_flight.push((id, look));
        }
        Ok(())
    }

    fn answer(&mut self) {
        let count = self.in_flight.len() as u64;
        if count == 0 {
            return;
        }
        let index = self.below(count) as usize;
        let (id, look) = self.in_flight.swap_remove(index);
        let outcome = self.carry(id, look);
        let random = self.below(1_000) as f64 / 1_000.0;
        if self.below(2) == 0 {
            self.faults.kept_later += 1;
            let state = self.outbox.end(id, outcome, self.now, random);
            return assert!(state.is_some(), "seed {}: {id} was not in flight", self.seed);
        }
        match self.outbox.finish(id, outcome, self.now, random) {
            Ok(state) => assert!(state.is_some(), "seed {}: {id} was not in flight", self.seed),
            Err(_) => self.faults.outcomes_on_full_disk += 1,
        }
    }

    /// What a careful courier does: looks where it is told to, and says only what it knows.
    fn carry(&mut self, id: EntryId, look: Look) -> Outcome {
        if look == Look::No {
            return self.receive(id);
        }
        if self.happens(4) {
            self.faults.failed_looks += 1;
            return match self.below(2) {
                0 => Outcome::Later { retry_after: None },
                _ => Outcome::Denied { reason: "denied".into() },
            };
        }
        if self.receiver.times(id) > 0 {
            self.faults.found += 1;
            return Outcome::Accepted;
        }
        self.faults.missing += 1;
        if look == Look::Only {
            self.faults.unproven += 1;
            return Outcome::NotFound { reason: "not found".into() };
        }
        self.receive(id)
    }

    fn receive(&mut self, id: EntryId) -> Outcome {
        if self.happens(4) {
            self.faults.away += 1;
            let retry_after = (self.below(2) == 0).then(|| self.below(60_000) as i64);
            return Outcome::Later { retry_after };
        }
        if self.happens(12) {
            self.faults.denied += 1;
            return Outcome::Denied { reason: "denied".into() };
        }
        if self.receiver.refuses.contains(&id) {
            self.faults.refused += 1;
            self.faults.refused_openings += u32::from(self.committed[&id].opens);
            return Outcome::Refused { reason: "refused".into() };
        }
        if self.happens(3) {
            self.lose(id);
            return Outcome::InDoubt { retry_after: None };
        }
        self.receiver.take(id);
        Outcome::Accepted
    }

    /// The request, the reply, or the sender's patience.
    fn lose(&mut self, id: EntryId) {
        match self.below(3) {
            0 => self.faults.lost_requests += 1,
            1 => {
                self.faults.lost_replies += 1;
                self.receiver.take(id);
            }
            _ => {
                self.faults.late += 1;
                self.takes_late(id);
            }
        }
    }

    fn takes_late(&mut self, id: EntryId) {
        let at = self.now.plus_millis(self.below(LATENESS_MS) as i64);
        self.receiver.will_take(id, at);
    }

    fn machine_trouble(&mut self) {
        self.store.set_full(false);
        match self.below(4) {
            0 => self.outbox.network_came_up(self.now).unwrap(),
            1 => self.store.set_full(true),
            2 => self.crash(),
            _ => self.rob(),
        }
    }

    fn crash(&mut self) {
        self.abandon_what_is_in_flight();
        self.outbox = Outbox::open(self.store.clone(), self.now).unwrap();
    }

    /// Another sender takes over while this one lives, and this one tries to go on.
    fn rob(&mut self) {
        self.faults.stolen_claims += 1;
        self.abandon_what_is_in_flight();
        let thief = Outbox::open(self.store.clone(), self.now).unwrap();
        let mut robbed = std::mem::replace(&mut self.outbox, thief);
        if let Ok(Next::Send { id, .. }) = robbed.next(self.now) {
            self.faults.sends_of_the_robbed += 1;
            let begun = robbed.begin(id, repeat(id, self.settle_ms), self.now);
            assert!(begun.is_err(), "seed {}: {id} was begun by two senders", self.seed);
        }
    }

    /// What was on the line may reach the receiver after its sender died.
    fn abandon_what_is_in_flight(&mut self) {
        for (id, look) in std::mem::take(&mut self.in_flight) {
            self.faults.crashes_in_flight += 1;
            let sends = match look {
                Look::No => true,
                Look::First => self.receiver.times(id) == 0,
                Look::Only => false,
            };
            if sends && !self.receiver.refuses.contains(&id) && self.below(2) == 0 {
                self.faults.late_after_a_crash += 1;
                self.takes_late(id);
            }
        }
    }

    /// A person looks into the receiver. `false`: nothing waited for one.
    fn decide_all(&mut self) -> bool {
        // Who looks at once may look too early, as a program would.
        self.pass(SETTLE_MS.into());
        let unknown = |item: &Item| matches!(item.state, State::Unknown { .. });
        let waiting: Vec<_> = self.store.all().into_iter().filter(unknown).collect();
        for item in &waiting {
            let there = self.receiver.times(item.id) > 0;
            let decision = if there { Decision::IsThere } else { Decision::SendAgain };
            self.decided.insert(item.id);
            let event = Event::Decided(decision);
            self.store.commit(step(item, &event, self.now).expect("it waits for a person"));
        }
        !waiting.is_empty()
    }

    fn pass(&mut self, millis: i64) {
        self.now = self.now.plus_millis(millis);
        self.receiver.passes(self.now);
    }

    /// A fault that happens once in `times`, and not at night.
    fn happens(&mut self, times: u64) -> bool {
        !self.good_night && self.below(times) == 0
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
