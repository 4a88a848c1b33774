//! A store in memory: what the real one does, without a disk.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use clinical::EntryId;
use outbox::{Item, State, Store};

/// Clones share the items, as processes share a disk: drop the outbox, and they are still there.
#[derive(Clone, Default)]
pub struct MemoryStore(Rc<RefCell<BTreeMap<i64, Item>>>);

#[derive(Debug, thiserror::Error)]
#[error("there is no item {0}")]
pub struct NoSuchItem(EntryId);

impl MemoryStore {
    pub fn with(items: &[Item]) -> Self {
        let store = Self::default();
        items.iter().for_each(|item| store.commit(item.clone()));
        store
    }

    pub fn commit(&self, item: Item) {
        self.0.borrow_mut().insert(item.position, item);
    }

    pub fn all(&self) -> Vec<Item> {
        self.0.borrow().values().cloned().collect()
    }
}

impl Store for MemoryStore {
    type Error = NoSuchItem;

    fn unfinished(&self, after: Option<i64>, limit: usize) -> Result<Vec<Item>, NoSuchItem> {
        let from = after.map_or(i64::MIN, |position| position + 1);
        let items = self.0.borrow();
        let unfinished = items.range(from..).filter(|(_, item)| item.state != State::Done);
        Ok(unfinished.take(limit).map(|(_, item)| item.clone()).collect())
    }

    fn item(&self, id: EntryId) -> Result<Option<Item>, NoSuchItem> {
        Ok(self.0.borrow().values().find(|item| item.id == id).cloned())
    }

    fn update(&self, items: &[Item]) -> Result<(), NoSuchItem> {
        for item in items {
            self.item(item.id)?.ok_or(NoSuchItem(item.id))?;
        }
        items.iter().for_each(|item| self.commit(item.clone()));
        Ok(())
    }
}

#[test]
fn a_store_in_memory_keeps_the_contract() {
    outbox::conformance::check(MemoryStore::with);
}
