//! One call: who rings, who is in it, who is away, and when that makes it over.

use std::collections::BTreeSet;

use clinical::{CallId, EncounterId, Timestamp};
use hub_api::CallEnd;

use super::{Answered, CartName, Effect, PhysicianName};

/// A nurse at a bedside does not listen to a ringing tone for longer.
const RING_MS: i64 = 45_000;
/// A cart that changes from Wi-Fi to mobile is back by then.
const CART_AWAY_MS: i64 = 30_000;
/// Reloading a page takes seconds, waking a laptop less than a minute.
const PHYSICIAN_AWAY_MS: i64 = 60_000;

#[derive(Debug)]
pub struct Room {
    pub cart: CartName,
    pub encounter: EncounterId,
    pub stage: Stage,
    /// Since when the cart has no connection.
    cart_away: Option<Timestamp>,
}

#[derive(Debug)]
pub enum Stage {
    Ringing { since: Timestamp, declined: BTreeSet<PhysicianName>, rung: BTreeSet<PhysicianName> },
    Answered { physician: PhysicianName, away: Option<Timestamp> },
}

impl Room {
    pub fn ringing(cart: CartName, encounter: EncounterId, now: Timestamp) -> Self {
        let stage = Stage::Ringing { since: now, declined: BTreeSet::new(), rung: BTreeSet::new() };
        Self { cart, encounter, stage, cart_away: None }
    }

    pub fn resume(answered: Answered, now: Timestamp) -> Self {
        let stage = Stage::Answered { physician: answered.physician, away: Some(now) };
        Self { cart: answered.cart, encounter: answered.encounter, stage, cart_away: Some(now) }
    }

    pub fn physician(&self) -> Option<&PhysicianName> {
        match &self.stage {
            Stage::Ringing { .. } => None,
            Stage::Answered { physician, .. } => Some(physician),
        }
    }

    /// When time alone ends it, and as what.
    pub fn over_at(&self) -> Option<(Timestamp, CallEnd)> {
        let cart = self.cart_away.map(|since| (since.plus_millis(CART_AWAY_MS), CallEnd::CartLost));
        let stage = match &self.stage {
            Stage::Ringing { since, .. } => Some((since.plus_millis(RING_MS), CallEnd::Unanswered)),
            Stage::Answered { away, .. } => {
                away.map(|since| (since.plus_millis(PHYSICIAN_AWAY_MS), CallEnd::Physician))
            }
        };
        cart.into_iter().chain(stage).min_by_key(|(at, _)| *at)
    }

    pub fn cart_is_away(&mut self, call: CallId, now: Timestamp) -> Option<Effect> {
        self.cart_away.get_or_insert(now);
        self.tell_online(call, false)
    }

    pub fn cart_is_back(&mut self, call: CallId) -> Vec<Effect> {
        if self.cart_away.take().is_none() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if let Some(physician) = self.physician().cloned() {
            // The first telling may have been lost with the old connection.
            effects.push(Effect::Answered { cart: self.cart.clone(), call, physician });
        }
        effects.extend(self.tell_online(call, true));
        effects
    }

    pub fn physician_is_away(&mut self, name: &PhysicianName, now: Timestamp) {
        if let Stage::Answered { physician, away } = &mut self.stage
            && physician == name
        {
            away.get_or_insert(now);
        }
    }

    /// A new page knows nothing: it has to be rung again.
    pub fn physician_is_back(&mut self, name: &PhysicianName) {
        match &mut self.stage {
            Stage::Ringing { rung, .. } => {
                rung.remove(name);
            }
            Stage::Answered { physician, away } if physician == name => *away = None,
            Stage::Answered { .. } => {}
        }
    }

    /// The first who answers gets it.
    pub fn answer(&mut self, physician: PhysicianName, call: CallId) -> Vec<Effect> {
        let Stage::Ringing { rung, .. } = &mut self.stage else {
            let reason = "A colleague has taken this call.";
            return vec![Effect::RefusePhysician { physician, reason }];
        };
        let others = std::mem::take(rung).into_iter().filter(|each| *each != physician);
        let mut effects = vec![
            Effect::Join { physician: physician.clone(), call },
            Effect::Answered { cart: self.cart.clone(), call, physician: physician.clone() },
        ];
        effects.extend(others.map(|physician| Effect::StopRinging { physician, call }));
        if self.cart_away.is_some() {
            let physician = physician.clone();
            effects.push(Effect::CartOnline { physician, call, online: false });
        }
        self.stage = Stage::Answered { physician, away: None };
        effects
    }

    pub fn decline(&mut self, physician: PhysicianName) {
        if let Stage::Ringing { declined, rung, .. } = &mut self.stage
            && rung.remove(&physician)
        {
            declined.insert(physician);
        }
    }

    fn tell_online(&self, call: CallId, online: bool) -> Option<Effect> {
        let physician = self.physician()?.clone();
        Some(Effect::CartOnline { physician, call, online })
    }
}
