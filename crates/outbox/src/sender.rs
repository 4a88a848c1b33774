//! Takes items from a store and puts back what became of them, in the only order that is safe.
//!
//! Reads no clock and carries nothing: the program asks, sends, and tells the outcome.

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
}

impl<S: Store> Outbox<S> {
    /// Takes over after a start: what a dead process had in flight is due again.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn open(store: S) -> Result<Self, S::Error> {
        let outbox = Self { store };
        outbox.change_unfinished(after_restart)?;
        Ok(outbox)
    }

    /// What to do now. An item to send is durably in flight when this returns; its outcome must
    /// be told to [`Outbox::finish`]. Several may be in flight, of different encounters.
    ///
    /// # Errors
    /// The store cannot be read or written; nothing is to be sent.
    pub fn take(&mut self, now: Timestamp) -> Result<Next, S::Error> {
        let mut scan = Scan::new(now);
        let mut last = None;
        loop {
            let page = self.store.unfinished(last, PAGE)?;
            if let Some(item) = page.iter().find(|item| scan.may_go(item)) {
                self.store.update(&[sending(item, now)])?;
                return Ok(Next::Send(item.id));
            }
            match page.last() {
                Some(item) if page.len() == PAGE => last = Some(item.position),
                Some(_) | None => return Ok(scan.nothing_to_send()),
            }
        }
    }

    /// Keeps the outcome of sending what [`Outbox::take`] gave, and returns the new state.
    /// `random` is uniform in 0…1. `None`: there is no such item in flight, nothing is changed.
    ///
    /// # Errors
    /// The store cannot be read or written; the item is sent again after a restart.
    pub fn finish(
        &mut self,
        id: EntryId,
        outcome: Outcome,
        now: Timestamp,
        random: f64,
    ) -> Result<Option<State>, S::Error> {
        let Some(item) = self.store.item(id)? else { return Ok(None) };
        match item.state {
            State::InFlight { .. } => {}
            State::Pending | State::Retry { .. } | State::SetAside { .. } | State::Done => {
                return Ok(None);
            }
        }
        let state = after(&item, outcome, now, random);
        self.store.update(&[Item { state: state.clone(), ..item }])?;
        Ok(Some(state))
    }

    /// What waited for another try is due at once.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn network_came_up(&mut self) -> Result<(), S::Error> {
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
