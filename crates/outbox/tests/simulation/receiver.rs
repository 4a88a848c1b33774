//! The other side: it takes what it is sent once, twice, late or not at all, as its kind does.

use std::collections::{HashMap, HashSet};

use clinical::EntryId;
use outbox::{Moment, Repeat};

/// What a request may take to be taken in after its sender has given up on it.
pub const LATENESS_MS: u64 = 50_000;

#[derive(Default)]
pub struct Receiver {
    /// In the order in which it was taken in, doubles included.
    pub taken: Vec<EntryId>,
    pub refuses: HashSet<EntryId>,
    /// On its way through a slow server, or still on the line after its sender died.
    late: Vec<(Moment, EntryId)>,
    times: HashMap<EntryId, u32>,
}

impl Receiver {
    pub fn times(&self, id: EntryId) -> u32 {
        self.times.get(&id).copied().unwrap_or(0)
    }

    pub fn take(&mut self, id: EntryId) {
        // Only who knows a thing by its id sees that it has it.
        if self.times(id) > 0 && knows_by_id(id) {
            return;
        }
        *self.times.entry(id).or_default() += 1;
        self.taken.push(id);
    }

    pub fn will_take(&mut self, id: EntryId, at: Moment) {
        self.late.push((at, id));
    }

    /// Time passes: what was late arrives.
    pub fn passes(&mut self, now: Moment) {
        self.late.sort();
        let arrived = self.late.partition_point(|(at, _)| *at <= now);
        for (_, id) in self.late.drain(..arrived).collect::<Vec<_>>() {
            self.take(id);
        }
    }
}

/// A third of the things goes to each kind of receiver.
pub fn repeat(id: EntryId, settle_ms: u32) -> Repeat {
    match id.uuid().as_u128() % 3 {
        0 => Repeat::Harmless,
        1 => Repeat::AfterLook { settle_ms },
        _ => Repeat::Never { settle_ms },
    }
}

fn knows_by_id(id: EntryId) -> bool {
    repeat(id, 0) == Repeat::Harmless
}
