//! The hub's side of video visits: who is rung, who gets the call, whose signals go where, when it is over.
//!
//! A call is a room of one cart and one physician. Knows no socket, account or record: the hub tells it
//! what happens and carries out what it returns. Time comes in as an argument.

mod event;
mod ringing;
mod room;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use clinical::{CallId, EncounterId, Timestamp};
use hub_api::{CallEnd, Signal};

pub use event::{Answered, CartName, Effect, Input, PhysicianName};
use room::{Room, Stage};

/// A call that is not on record here may be one that rings and whose "Call" follows at once.
const CLAIM_MS: i64 = 2_000;
/// Ended calls that are remembered, so that a cart that was away hears why. A hub has few carts away
/// at once; what is forgotten ends as [`CallEnd::CartLost`].
const REMEMBERED_ENDS: usize = 256;

/// All calls of a hub.
#[derive(Debug, Default)]
pub struct Desk {
    rooms: BTreeMap<CallId, Room>,
    on_call: BTreeSet<PhysicianName>,
    /// Calls that a cart believes in and nobody here knows, since when.
    claims: BTreeMap<CartName, (CallId, Timestamp)>,
    ended: VecDeque<(CallId, CallEnd)>,
}

impl Desk {
    /// After a start: picture and sound of answered calls may have gone on without the hub, so
    /// their two sides have the usual time to come back.
    pub fn resume(on_call: Vec<PhysicianName>, answered: Vec<Answered>, now: Timestamp) -> Self {
        let rooms = answered.into_iter().map(|each| (each.call, Room::resume(each, now))).collect();
        Self { rooms, on_call: on_call.into_iter().collect(), ..Self::default() }
    }

    #[must_use]
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        let mut effects = match input {
            Input::CartStatus { cart, call } => self.cart_status(cart, call, now),
            Input::CartLost { cart } => self.cart_lost(&cart, now),
            Input::Call { cart, call, encounter } => self.call(cart, call, encounter, now),
            Input::CartHangUp { cart, call } => self.cart_hangs_up(&cart, call),
            Input::CartSignal { cart, call, signal } => self.cart_signals(cart, call, signal),
            Input::OnCall { physician, on_call } => self.set_on_call(physician, on_call),
            Input::PhysicianConnected { physician } => self.physician_connected(&physician),
            Input::PhysicianLost { physician } => self.physician_lost(&physician, now),
            Input::Answer { physician, call } => self.answer(physician, call),
            Input::Decline { physician, call } => self.decline(physician, call),
            Input::PhysicianHangUp { physician, call } => self.physician_hangs_up(physician, call),
            Input::PhysicianSignal { physician, call, signal } => {
                self.physician_signals(physician, call, signal)
            }
            Input::Tick => self.tick(now),
        };
        effects.extend(self.ring_and_stop());
        effects
    }

    /// When a [`Input::Tick`] is due; `None` when time changes nothing.
    pub fn deadline(&self) -> Option<Timestamp> {
        let claims = self.claims.values().map(|(_, since)| since.plus_millis(CLAIM_MS));
        claims.chain(self.rooms.values().filter_map(|room| room.over_at().map(|(at, _)| at))).min()
    }

    /// Ringing or answered.
    pub fn call_of_cart(&self, cart: &CartName) -> Option<CallId> {
        self.rooms.iter().find(|(_, room)| room.cart == *cart).map(|(call, _)| *call)
    }

    /// The answered call of a physician.
    pub fn call_of_physician(&self, physician: &PhysicianName) -> Option<CallId> {
        let is_in = |room: &Room| room.physician() == Some(physician);
        self.rooms.iter().find(|(_, room)| is_in(room)).map(|(call, _)| *call)
    }

    /// Where a call comes from.
    pub fn origin(&self, call: CallId) -> Option<(&CartName, EncounterId)> {
        self.rooms.get(&call).map(|room| (&room.cart, room.encounter))
    }

    pub fn is_on_call(&self, physician: &PhysicianName) -> bool {
        self.on_call.contains(physician)
    }

    fn cart_status(&mut self, cart: CartName, call: Option<CallId>, now: Timestamp) -> Vec<Effect> {
        self.claims.remove(&cart);
        let mut effects = Vec::new();
        if let Some(known) = self.call_of_cart(&cart).filter(|known| call != Some(*known)) {
            // The nurse hung up while the cart was away.
            effects.extend(self.end(known, CallEnd::Nurse));
        }
        let Some(call) = call else { return effects };
        match self.rooms.get_mut(&call).filter(|room| room.cart == cart) {
            Some(room) => effects.extend(room.cart_is_back(call)),
            None => effects.extend(self.claim(cart, call, now)),
        }
        effects
    }

    fn claim(&mut self, cart: CartName, call: CallId, now: Timestamp) -> Option<Effect> {
        if let Some((_, why)) = self.ended.iter().find(|(ended, _)| *ended == call) {
            return Some(Effect::TellEnded { cart, call, why: *why });
        }
        self.claims.insert(cart, (call, now));
        None
    }

    fn cart_lost(&mut self, cart: &CartName, now: Timestamp) -> Vec<Effect> {
        self.claims.remove(cart);
        let Some(call) = self.call_of_cart(cart) else { return Vec::new() };
        self.rooms
            .get_mut(&call)
            .and_then(|room| room.cart_is_away(call, now))
            .into_iter()
            .collect()
    }

    fn call(
        &mut self,
        cart: CartName,
        call: CallId,
        encounter: EncounterId,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.claims.remove(&cart);
        if self.call_of_cart(&cart) == Some(call) {
            // Pressed once, told twice: the first message was thought lost.
            return Vec::new();
        }
        if let Some((_, why)) = self.ended.iter().find(|(ended, _)| *ended == call) {
            return vec![Effect::TellEnded { cart, call, why: *why }];
        }
        if self.call_of_cart(&cart).is_some() || self.rooms.contains_key(&call) {
            return vec![Effect::RefuseCart { cart, reason: "This cart is in a call already." }];
        }
        self.rooms.insert(call, Room::ringing(cart, encounter, now));
        Vec::new()
    }

    fn cart_hangs_up(&mut self, cart: &CartName, call: CallId) -> Vec<Effect> {
        // Of a call that is over: both hung up at once.
        if self.call_of_cart(cart) != Some(call) {
            return Vec::new();
        }
        self.end(call, CallEnd::Nurse)
    }

    fn cart_signals(&mut self, cart: CartName, call: CallId, signal: Signal) -> Vec<Effect> {
        let room = self.rooms.get(&call).filter(|room| room.cart == cart);
        match room.and_then(Room::physician).cloned() {
            Some(physician) => vec![Effect::SignalToPhysician { physician, call, signal }],
            None => vec![Effect::RefuseCart { cart, reason: "This call is not answered." }],
        }
    }

    fn set_on_call(&mut self, physician: PhysicianName, on_call: bool) -> Vec<Effect> {
        if on_call {
            self.on_call.insert(physician);
        } else {
            self.on_call.remove(&physician);
        }
        Vec::new()
    }

    fn physician_connected(&mut self, physician: &PhysicianName) -> Vec<Effect> {
        for room in self.rooms.values_mut() {
            room.physician_is_back(physician);
        }
        Vec::new()
    }

    fn physician_lost(&mut self, physician: &PhysicianName, now: Timestamp) -> Vec<Effect> {
        for room in self.rooms.values_mut() {
            room.physician_is_away(physician, now);
        }
        Vec::new()
    }

    fn answer(&mut self, physician: PhysicianName, call: CallId) -> Vec<Effect> {
        if let Some(current) = self.call_of_physician(&physician) {
            let reason = "You are in a call already. Hang up first.";
            let refuse = Effect::RefusePhysician { physician, reason };
            // Pressed twice is answered once.
            return if current == call { Vec::new() } else { vec![refuse] };
        }
        let may = self.on_call.contains(&physician);
        match self.rooms.get_mut(&call).filter(|_| may) {
            Some(room) => room.answer(physician, call),
            None => vec![Effect::RefusePhysician { physician, reason: "This call is over." }],
        }
    }

    fn decline(&mut self, physician: PhysicianName, call: CallId) -> Vec<Effect> {
        if let Some(room) = self.rooms.get_mut(&call) {
            room.decline(physician);
        }
        Vec::new()
    }

    fn physician_hangs_up(&mut self, physician: PhysicianName, call: CallId) -> Vec<Effect> {
        // Of a call that is over: both hung up at once.
        if self.call_of_physician(&physician) != Some(call) {
            return Vec::new();
        }
        self.end(call, CallEnd::Physician)
    }

    fn physician_signals(
        &mut self,
        physician: PhysicianName,
        call: CallId,
        signal: Signal,
    ) -> Vec<Effect> {
        let room = self.rooms.get(&call).filter(|room| room.physician() == Some(&physician));
        match room {
            Some(room) => vec![Effect::SignalToCart { cart: room.cart.clone(), call, signal }],
            None => {
                vec![Effect::RefusePhysician { physician, reason: "You are not in this call." }]
            }
        }
    }
}
