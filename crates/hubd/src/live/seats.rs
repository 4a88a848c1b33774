//! The windows of physicians. One may have several open; at most one of them has the call.

use std::collections::BTreeMap;

use call::desk::PhysicianName;
use clinical::EncounterId;
use hub_api::HubToPortal;

use super::{ConnectionId, Line};

#[derive(Default)]
pub struct Seats(BTreeMap<ConnectionId, Seat>);

pub struct Seat {
    pub physician: PhysicianName,
    pub display_name: String,
    pub token_sha256: String,
    pub line: Line,
    /// The encounter of the call that this window is or was in last: its note is still written there.
    pub encounter: Option<EncounterId>,
    pub has_call: bool,
}

impl Seats {
    pub fn add(&mut self, connection: ConnectionId, seat: Seat) {
        self.0.insert(connection, seat);
    }

    pub fn remove(&mut self, connection: ConnectionId) -> Option<Seat> {
        self.0.remove(&connection)
    }

    pub fn get(&self, connection: ConnectionId) -> Option<&Seat> {
        self.0.get(&connection)
    }

    /// This window has the call from now on; any other of the same physician no longer.
    pub fn give_call(&mut self, connection: ConnectionId, encounter: EncounterId) {
        let Some(physician) = self.0.get(&connection).map(|seat| seat.physician.clone()) else {
            return;
        };
        self.take_call(&physician);
        if let Some(seat) = self.0.get_mut(&connection) {
            (seat.has_call, seat.encounter) = (true, Some(encounter));
        }
    }

    pub fn take_call(&mut self, physician: &PhysicianName) {
        for seat in self.0.values_mut().filter(|seat| seat.physician == *physician) {
            seat.has_call = false;
        }
    }

    pub fn with_call(&self, physician: &PhysicianName) -> Option<ConnectionId> {
        self.of(physician).find(|(_, seat)| seat.has_call).map(|(connection, _)| *connection)
    }

    pub fn is_here(&self, physician: &PhysicianName) -> bool {
        self.of(physician).next().is_some()
    }

    pub fn have_open(&self, encounter: EncounterId) -> bool {
        self.0.values().any(|seat| seat.encounter == Some(encounter))
    }

    pub fn display_name(&self, physician: &PhysicianName) -> Option<String> {
        self.of(physician).next().map(|(_, seat)| seat.display_name.clone())
    }

    pub fn with_token(&self, token_sha256: &str) -> Vec<ConnectionId> {
        let has = |seat: &Seat| seat.token_sha256 == token_sha256;
        self.0.iter().filter(|(_, seat)| has(seat)).map(|(connection, _)| *connection).collect()
    }

    /// Returns the connection if it no longer takes anything.
    #[must_use]
    pub fn send(&self, connection: ConnectionId, message: &HubToPortal) -> Option<ConnectionId> {
        self.0.get(&connection).is_some_and(|seat| !seat.line.send(message)).then_some(connection)
    }

    /// To the windows that `wanted` picks. Returns those that no longer take anything.
    #[must_use]
    pub fn send_where(
        &self,
        message: &HubToPortal,
        wanted: impl Fn(&Seat) -> bool,
    ) -> Vec<ConnectionId> {
        let picked = self.0.iter().filter(|(_, seat)| wanted(seat));
        picked.filter(|(_, seat)| !seat.line.send(message)).map(|(id, _)| *id).collect()
    }

    fn of(&self, physician: &PhysicianName) -> impl Iterator<Item = (&ConnectionId, &Seat)> {
        self.0.iter().filter(move |(_, seat)| seat.physician == *physician)
    }
}
