//! A store in memory: what the real one does, without a disk.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashSet},
    rc::Rc,
};

use clinical::EntryId;
use outbox::{Item, State, Store};

/// Clones share the items, as processes share a disk: drop the outbox, and they are still there.
#[derive(Clone, Default)]
pub struct MemoryStore {
    items: Rc<RefCell<BTreeMap<i64, Item>>>,
    full: Rc<Cell<bool>>,
    claims: Rc<Cell<u64>>,
    own_claim: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    #[error("there is no item {0}")]
    NoSuchItem(EntryId),
    #[error("the disk is full")]
    Full,
    #[error("another sender has taken over")]
    TakenOver,
}

impl MemoryStore {
    pub fn with(items: &[Item]) -> Self {
        let store = Self::default();
        items.iter().for_each(|item| store.commit(item.clone()));
        store
    }

    pub fn commit(&self, item: Item) {
        self.items.borrow_mut().insert(item.position, item);
    }

    /// Nothing more can be written, or it can again.
    pub fn set_full(&self, full: bool) {
        self.full.set(full);
    }

    pub fn all(&self) -> Vec<Item> {
        self.items.borrow().values().cloned().collect()
    }
}

impl Store for MemoryStore {
    type Error = MemoryError;

    fn unfinished(&self, after: Option<i64>, limit: usize) -> Result<Vec<Item>, MemoryError> {
        let from = after.map_or(i64::MIN, |position| position + 1);
        let items = self.items.borrow();
        let unfinished = items.range(from..).filter(|(_, item)| item.state != State::Done);
        Ok(unfinished.take(limit).map(|(_, item)| item.clone()).collect())
    }

    fn claim(&mut self) -> Result<(), MemoryError> {
        self.own_claim = self.claims.get() + 1;
        self.claims.set(self.own_claim);
        Ok(())
    }

    fn update(&self, items: &[Item]) -> Result<(), MemoryError> {
        if self.own_claim != self.claims.get() {
            return Err(MemoryError::TakenOver);
        }
        if self.full.get() {
            return Err(MemoryError::Full);
        }
        let known: HashSet<_> = self.all().iter().map(|item| item.id).collect();
        if let Some(item) = items.iter().find(|item| !known.contains(&item.id)) {
            return Err(MemoryError::NoSuchItem(item.id));
        }
        items.iter().for_each(|item| self.commit(item.clone()));
        Ok(())
    }
}

#[test]
fn a_store_in_memory_keeps_the_contract() {
    outbox::conformance::check(MemoryStore::with);
}
