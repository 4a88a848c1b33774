//! Takes items from a store and puts back what became of them, in the only order that is safe.
//!
//! Reads no clock and carries nothing: the program asks, sends, and tells the outcome.

use std::collections::BTreeMap;

use clinical::EntryId;

use crate::{
    Event, Item, Look, Moment, Next, Outcome, Repeat, State, Store,
    order::{Scan, look},
    step::step,
};

/// Items read at once: the first page nearly always holds one to send, and a cart that was away for
/// a month holds 40,000 that must not all be read for each sending.
const PAGE: usize = 32;

/// The only writer of the states of one destination's items.
pub struct Outbox<S> {
    store: S,
    /// What [`Outbox::next`] named last.
    offered: Option<Item>,
    /// Handed out, without an outcome yet: as many as the program sends side by side.
    in_flight: BTreeMap<EntryId, (Item, Look)>,
    /// What the store could not keep, on a full disk say. Without it an encounter would be held by
    /// an item in flight that nobody sends.
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
        let outbox =
            Self { store, offered: None, in_flight: BTreeMap::new(), unsaved: BTreeMap::new() };
        outbox.tell_all(&Event::Restarted, now)?;
        Ok(outbox)
    }

    /// What to do now. Nothing is changed: an item to send has to be begun first.
    ///
    /// # Errors
    /// The store cannot be read or written; nothing is to be sent.
    pub fn next(&mut self, now: Moment) -> Result<Next, S::Error> {
        self.save()?;
        let mut scan = Scan::new(now);
        let mut last = None;
        loop {
            let mut page = self.store.unfinished(last, PAGE)?;
            if let Some(index) = page.iter().position(|item| scan.may_go(item)) {
                let item = page.swap_remove(index);
                let next = Next::Send { id: item.id, look: look(&item) };
                self.offered = Some(item);
                return Ok(next);
            }
            match page.last() {
                Some(item) if page.len() == PAGE => last = Some(item.position),
                Some(_) | None => return Ok(scan.nothing_to_send()),
            }
        }
    }

    /// The item that [`Outbox::next`] named is durably in flight when this returns true: only then its
    /// bytes may leave, and its outcome must be told to [`Outbox::finish`]. Several may be in flight,
    /// of different encounters.
    ///
    /// # Errors
    /// The store cannot be written, or another sender has taken over; nothing is to be sent.
    pub fn begin(&mut self, id: EntryId, repeat: Repeat, now: Moment) -> Result<bool, S::Error> {
        let Some(item) = self.offered.take().filter(|item| item.id == id) else { return Ok(false) };
        let Some(begun) = step(&item, &Event::Begins { repeat }, now) else { return Ok(false) };
        self.store.update(std::slice::from_ref(&begun))?;
        self.in_flight.insert(id, (begun, look(&item)));
        Ok(true)
    }

    /// Keeps what became of an item in flight, and returns it.
    /// `random` is uniform in 0…1. `None`: no such item is in flight, nothing is changed.
    ///
    /// # Errors
    /// The store cannot be written. The outcome is not forgotten: the next call of this or of
    /// [`Outbox::next`] keeps it.
    pub fn finish(
        &mut self,
        id: EntryId,
        outcome: Outcome,
        now: Moment,
        random: f64,
    ) -> Result<Option<State>, S::Error> {
        let Some((item, look)) = self.in_flight.remove(&id) else { return Ok(None) };
        let outcome = if look == Look::Only { still_in_doubt(outcome) } else { outcome };
        let Some(ended) = step(&item, &Event::Ends { outcome, random }, now) else {
            return Ok(None);
        };
        let state = ended.state.clone();
        self.unsaved.insert(id, ended);
        self.save()?;
        Ok(Some(state))
    }

    /// What waited for another try is due at once.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn network_came_up(&mut self, now: Moment) -> Result<(), S::Error> {
        self.save()?;
        self.tell_all(&Event::NetworkCameUp, now)
    }

    fn save(&mut self) -> Result<(), S::Error> {
        // What was named may be changed by what is saved or told now.
        self.offered = None;
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
