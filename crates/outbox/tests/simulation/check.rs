//! What has to be true after the night.

use std::collections::BTreeMap;

use clinical::EncounterId;
use outbox::{Item, State};

use crate::world::World;

impl World {
    pub fn check(&self) {
        let items = self.store.all();
        assert_eq!(items.len(), self.committed.len(), "seed {}: an item is gone", self.seed);
        for item in &items {
            self.check_end(item, &items);
        }
        self.check_order();
    }

    pub fn count_doubles(&mut self) {
        let doubled = self.committed.keys().filter(|id| self.receiver.times(**id) > 1).count();
        self.faults.doubled += u32::try_from(doubled).unwrap();
    }

    /// Done is at the receiver once, set aside was refused, and only a refused opening leaves more.
    fn check_end(&self, item: &Item, items: &[Item]) {
        let (seed, id) = (self.seed, item.id);
        let times = self.receiver.times(id);
        match &item.state {
            State::Done => assert_eq!(times, 1, "seed {seed}: {id} is done"),
            State::SetAside { .. } => {
                assert!(self.receiver.refuses.contains(&id), "seed {seed}: {id} was not refused");
                assert_eq!(times, 0, "seed {seed}: {id} is set aside, and delivered");
            }
            State::Pending => {
                let opening = items.iter().find(|it| it.opens && it.encounter == item.encounter);
                let state = &opening.expect("each encounter has an opening").state;
                let held = matches!(state, State::SetAside { .. });
                assert!(held, "seed {seed}: {id} was left lying behind {state:?}");
                assert_eq!(times, 0, "seed {seed}: {id} went before its opening");
            }
            State::InFlight { .. }
            | State::Retry { .. }
            | State::Unsettled { .. }
            | State::Held { .. }
            | State::Unknown { .. } => panic!("seed {seed}: {id} is still {:?}", item.state),
        }
    }

    /// What was sent once by a person's word may come after what did not wait for it.
    fn check_order(&self) {
        let seed = self.seed;
        let mut last: BTreeMap<EncounterId, i64> = BTreeMap::new();
        for id in &self.receiver.taken {
            let item = &self.committed[id];
            if self.decided.contains(id) && !item.opens {
                continue;
            }
            let before = last.insert(item.encounter, item.position);
            assert!(before.is_some() || item.opens, "seed {seed}: {id} came before its opening");
            assert!(before < Some(item.position), "seed {seed}: {id} came out of order");
        }
    }
}
