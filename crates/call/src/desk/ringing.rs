//! What follows from every input: who must ring, who must stop, and which calls are over.

use std::collections::BTreeSet;

use clinical::{CallId, Timestamp};
use hub_api::CallEnd;

use super::{CLAIM_MS, Desk, Effect, PhysicianName, REMEMBERED_ENDS, Room, Stage};

impl Desk {
    /// Rings everybody who is on call, free and has not declined, and nobody else.
    pub(super) fn ring_and_stop(&mut self) -> Vec<Effect> {
        let busy: BTreeSet<_> = self.rooms.values().filter_map(Room::physician).cloned().collect();
        let mut effects = Vec::new();
        let mut over = Vec::new();
        for (&call, room) in &mut self.rooms {
            let Stage::Ringing { declined, rung, .. } = &mut room.stage else { continue };
            let wanted: BTreeSet<_> = self.on_call.difference(declined).cloned().collect();
            if wanted.is_empty() {
                let nobody = declined.is_empty();
                over.push((call, if nobody { CallEnd::Unanswered } else { CallEnd::Declined }));
                continue;
            }
            let free = &wanted - &busy;
            effects.extend(changes(call, rung, &free));
            *rung = free;
        }
        effects.extend(over.into_iter().flat_map(|(call, why)| self.end(call, why)));
        effects
    }

    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let over = |room: &Room| room.over_at().filter(|(at, _)| *at <= now).map(|(_, why)| why);
        let due: Vec<_> =
            self.rooms.iter().filter_map(|(call, room)| Some((*call, over(room)?))).collect();
        let mut effects: Vec<_> =
            due.into_iter().flat_map(|(call, why)| self.end(call, why)).collect();
        let stale = |since: &Timestamp| since.plus_millis(CLAIM_MS) <= now;
        for (cart, (call, _)) in self.claims.extract_if(.., |_, (_, since)| stale(since)) {
            effects.push(Effect::TellEnded { cart, call, why: CallEnd::CartLost });
        }
        effects
    }

    pub(super) fn end(&mut self, call: CallId, why: CallEnd) -> Vec<Effect> {
        let Some(room) = self.rooms.remove(&call) else { return Vec::new() };
        if self.ended.len() == REMEMBERED_ENDS {
            self.ended.pop_front();
        }
        self.ended.push_back((call, why));
        let physician = room.physician().cloned();
        let mut effects = vec![Effect::Ended { call, cart: room.cart, physician, why }];
        if let Stage::Ringing { rung, .. } = room.stage {
            let stop = |physician| Effect::StopRinging { physician, call };
            effects.extend(rung.into_iter().map(stop));
        }
        effects
    }
}

fn changes(
    call: CallId,
    rung: &BTreeSet<PhysicianName>,
    wanted: &BTreeSet<PhysicianName>,
) -> Vec<Effect> {
    let start = wanted.difference(rung).cloned().map(|physician| Effect::Ring { physician, call });
    let stop =
        rung.difference(wanted).cloned().map(|physician| Effect::StopRinging { physician, call });
    start.chain(stop).collect()
}
