//! Takes items from a store and puts back what became of them, in the only order that is safe.
//!
//! Reads no clock and carries nothing: the program asks, sends, and tells the outcome.

use std::collections::BTreeMap;

use clinical::{EntryId, Timestamp};

use crate::{
    Item, Next, Outcome, State, Store,
    item::{after, after_restart, network_came_up, sending},
    order::Scan,
};

/// Items read at once: the first page nearly always holds one to send, and a cart that was away for
/// a month holds 40,000 that must not all be read for each sending.
const PAGE: usize = 32;

/// The only writer of the states of one destination's items.
pub struct Outbox<S> {
    store: S,
    /// Handed out, without an outcome yet: as many as the program sends side by side.
    in_flight: BTreeMap<EntryId, Item>,
    /// What the store could not keep, on a full disk say. Without it an encounter would be held by
    /// an item in flight that nobody sends.
    unsaved: BTreeMap<EntryId, Item>,
}

impl<S: Store> Outbox<S> {
    /// Takes over after a start: what a dead process had in flight is due again.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn open(store: S) -> Result<Self, S::Error> {
        let outbox = Self { store, in_flight: BTreeMap::new(), unsaved: BTreeMap::new() };
        outbox.change_unfinished(after_restart)?;
        Ok(outbox)
    }

    /// What to do now. An item to send is durably in flight when this returns; its outcome must
    /// be told to [`Outbox::finish`]. Several may be in flight, of different encounters.
    ///
    /// # Errors
    /// The store cannot be read or written; nothing is to be sent.
    pub fn take(&mut self, now: Timestamp) -> Result<Next, S::Error> {
        self.save()?;
        let mut scan = Scan::new(now);
        let mut last = None;
        loop {
            let page = self.store.unfinished(last, PAGE)?;
            if let Some(item) = page.iter().find(|item| scan.may_go(item)) {
                return self.hand_out(sending(item, now));
            }
            match page.last() {
                Some(item) if page.len() == PAGE => last = Some(item.position),
                Some(_) | None => return Ok(scan.nothing_to_send()),
            }
        }
    }

    fn hand_out(&mut self, item: Item) -> Result<Next, S::Error> {
        let id = item.id;
        self.store.update(std::slice::from_ref(&item))?;
        self.in_flight.insert(id, item);
        Ok(Next::Send(id))
    }

    /// Keeps the outcome of sending what [`Outbox::take`] gave, and returns the new state.
    /// `random` is uniform in 0…1. `None`: no such item is in flight, nothing is changed.
    ///
    /// # Errors
    /// The store cannot be written. The outcome is not forgotten: the next call of this or of
    /// [`Outbox::take`] keeps it.
    pub fn finish(
        &mut self,
        id: EntryId,
        outcome: Outcome,
        now: Timestamp,
        random: f64,
    ) -> Result<Option<State>, S::Error> {
        let Some(item) = self.in_flight.remove(&id) else { return Ok(None) };
        let state = after(&item, outcome, now, random);
        self.unsaved.insert(id, Item { state: state.clone(), ..item });
        self.save()?;
        Ok(Some(state))
    }

    fn save(&mut self) -> Result<(), S::Error> {
        if self.unsaved.is_empty() {
            return Ok(());
        }
        let unsaved: Vec<_> = self.unsaved.values().cloned().collect();
        self.store.update(&unsaved)?;
        self.unsaved.clear();
        Ok(())
    }

    /// What waited for another try is due at once.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn network_came_up(&mut self) -> Result<(), S::Error> {
        self.save()?;
        self.change_unfinished(network_came_up)
    }

    fn change_unfinished(&self, change: fn(&Item) -> Option<Item>) -> Result<(), S::Error> {
        let mut last = None;
        loop {
            let page = self.store.unfinished(last, PAGE)?;
            let changed: Vec<_> = page.iter().filter_map(change).collect();
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
