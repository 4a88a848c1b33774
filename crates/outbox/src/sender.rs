//! Takes items from a store and puts back what became of them, in the only order that is safe.
//!
//! Reads no clock and carries nothing: the program asks, sends, and tells the outcome.

use std::collections::BTreeMap;

use clinical::EntryId;

use crate::{
    Due, Event, Item, Look, Moment, Next, Outcome, Repeat, State, Store,
    order::{Scan, look},
    step::step,
};

/// Items read at once: the first page nearly always holds one to send, and a cart that was away for
/// a month holds 40,000 that must not all be read for each sending.
const PAGE: usize = 32;

/// The only writer of the states of one destination's items.
pub struct Outbox<S> {
    store: S,
    /// What [`Outbox::due`] named last.
    offered: Vec<Item>,
    /// Handed out, without an outcome yet: as many as the program sends side by side.
    in_flight: BTreeMap<EntryId, (Item, Look)>,
    /// What became of items and is not kept yet: it goes with the next write, or the store could not
    /// keep it, on a full disk say. Without it an encounter would be held by an item in flight that
    /// nobody sends.
    unsaved: BTreeMap<EntryId, Item>,
}

impl<S: Store> Outbox<S> {
    /// Takes over after a start, or from another sender, which from then on can change nothing: each
    /// wait begins anew, and what was in flight is looked for or due again.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn open(mut store: S, now: Moment) -> Result<Self, S::Error> {
        store.claim()?;
        let outbox = Self {
            store,
            offered: Vec::new(),
            in_flight: BTreeMap::new(),
            unsaved: BTreeMap::new(),
        };
        outbox.tell_all(&Event::Restarted, now)?;
        Ok(outbox)
    }

    /// [`Outbox::due`], of one item.
    ///
    /// # Errors
    /// As there.
    pub fn next(&mut self, now: Moment) -> Result<Next, S::Error> {
        let Due { send, wake } = self.due(now, 1)?;
        let nothing = wake.map_or(Next::Idle, Next::WaitUntil);
        Ok(send.first().map_or(nothing, |&(id, look)| Next::Send { id, look }))
    }

    /// What to do now: up to `at_most` items, of different encounters. They have to be begun first;
    /// when there is none, everything that ended is durable.
    ///
    /// # Errors
    /// The store cannot be read or written; nothing is to be sent.
    pub fn due(&mut self, now: Moment, at_most: usize) -> Result<Due, S::Error> {
        self.offered.clear();
        let mut scan = Scan::new(now);
        let mut last = None;
        while self.offered.len() < at_most {
            let page = self.store.unfinished(last, PAGE)?;
            last = page.last().map(|item| item.position);
            let is_last = page.len() < PAGE;
            let newest = page.into_iter().map(|item| match self.unsaved.get(&item.id) {
                Some(newer) => newer.clone(),
                None => item,
            });
            let rest = at_most - self.offered.len();
            self.offered.extend(newest.filter(|item| scan.may_go(item)).take(rest));
            if is_last {
                break;
            }
        }
        if self.offered.is_empty() {
            self.save()?;
        }
        let send = self.offered.iter().map(|item| (item.id, look(item))).collect();
        Ok(Due { send, wake: scan.wake() })
    }

    /// [`Outbox::begin_all`], of one item.
    ///
    /// # Errors
    /// As there.
    pub fn begin(&mut self, id: EntryId, repeat: Repeat, now: Moment) -> Result<bool, S::Error> {
        Ok(self.begin_all(&[(id, repeat)], now)?.contains(&id))
    }

    /// Of the items that [`Outbox::due`] named last, those that are durably in flight when this returns:
    /// only then their bytes may leave, and the outcome of each must be told to [`Outbox::finish`] or
    /// [`Outbox::end`]. What ended before is durable, too: in the same write.
    ///
    /// # Errors
    /// The store cannot be written, or another sender has taken over; nothing is to be sent.
    pub fn begin_all(
        &mut self,
        chosen: &[(EntryId, Repeat)],
        now: Moment,
    ) -> Result<Vec<EntryId>, S::Error> {
        let offered = std::mem::take(&mut self.offered);
        let begun = offered.iter().filter_map(|item| {
            let (_, repeat) = chosen.iter().find(|(id, _)| *id == item.id)?;
            Some((step(item, &Event::Begins { repeat: *repeat }, now)?, look(item)))
        });
        let begun: Vec<(Item, Look)> = begun.collect();
        let mut changed = self.unsaved.clone();
        changed.extend(begun.iter().map(|(item, _)| (item.id, item.clone())));
        if !changed.is_empty() {
            self.store.update(&changed.into_values().collect::<Vec<_>>())?;
        }
        self.unsaved.clear();
        let ids = begun.iter().map(|(item, _)| item.id).collect();
        self.in_flight.extend(begun.into_iter().map(|(item, look)| (item.id, (item, look))));
        Ok(ids)
    }

    /// [`Outbox::end`], and durable when this returns.
    ///
    /// # Errors
    /// The store cannot be written. The outcome is not forgotten: the next write keeps it.
    pub fn finish(
        &mut self,
        id: EntryId,
        outcome: Outcome,
        now: Moment,
        random: f64,
    ) -> Result<Option<State>, S::Error> {
        let state = self.end(id, outcome, now, random);
        self.save()?;
        Ok(state)
    }

    /// What becomes of an item in flight by this outcome. `random` is uniform in 0…1. `None`: no such
    /// item is in flight, nothing is changed.
    ///
    /// It is kept by the next [`Outbox::begin`] or [`Outbox::save`]: one write for what ends and what
    /// begins. Before that nobody may be told of it; a crash leaves the item in flight.
    pub fn end(
        &mut self,
        id: EntryId,
        outcome: Outcome,
        now: Moment,
        random: f64,
    ) -> Option<State> {
        let (item, look) = self.in_flight.remove(&id)?;
        let outcome = if look == Look::Only { still_in_doubt(outcome) } else { outcome };
        let ended = step(&item, &Event::Ends { outcome, random }, now)?;
        let state = ended.state.clone();
        // What was named before may have to wait for it now.
        self.offered.clear();
        self.unsaved.insert(id, ended);
        Some(state)
    }

    /// What waited for another try is due at once.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn network_came_up(&mut self, now: Moment) -> Result<(), S::Error> {
        self.save()?;
        // What was named is changed by what is told now.
        self.offered.clear();
        self.tell_all(&Event::NetworkCameUp, now)
    }

    /// What became of items by [`Outbox::end`] and is not kept yet: newer than what the store says.
    pub fn unsaved(&self) -> impl Iterator<Item = (EntryId, &State)> {
        self.unsaved.values().map(|item| (item.id, &item.state))
    }

    /// Everything that ended is durable when this returns.
    ///
    /// # Errors
    /// The store cannot be written; nothing of it is forgotten.
    pub fn save(&mut self) -> Result<(), S::Error> {
        if self.unsaved.is_empty() {
            return Ok(());
        }
        let unsaved: Vec<_> = self.unsaved.values().cloned().collect();
        self.store.update(&unsaved)?;
        self.unsaved.clear();
        Ok(())
    }

    fn tell_all(&self, event: &Event, now: Moment) -> Result<(), S::Error> {
        let mut last = None;
        loop {
            let page = self.store.unfinished(last, PAGE)?;
            let changed: Vec<_> = page.iter().filter_map(|item| step(item, event, now)).collect();
            if !changed.is_empty() {
                self.store.update(&changed)?;
            }
            match page.last() {
                Some(item) if page.len() == PAGE => last = Some(item.position),
                Some(_) | None => return Ok(()),
            }
        }
    }
}

/// An attempt that only looked, and did not come to see anything, leaves the doubt where it was.
fn still_in_doubt(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Later { retry_after } => Outcome::InDoubt { retry_after },
        Outcome::Denied { .. } => Outcome::InDoubt { retry_after: None },
        Outcome::Accepted
        | Outcome::InDoubt { .. }
        | Outcome::NotFound { .. }
        | Outcome::Refused { .. } => outcome,
    }
}
