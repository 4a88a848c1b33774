//! What is known of each cart: its connection, the encounter that is open at it.

use std::collections::BTreeMap;

use call::desk::CartName;
use clinical::{EncounterId, Monitoring};
use hub_api::{EncounterSummary, HubToCart};

use super::{ConnectionId, Line};

#[derive(Default)]
pub struct Carts(BTreeMap<CartName, Cart>);

#[derive(Default)]
struct Cart {
    connection: Option<(ConnectionId, Line)>,
    encounter: Option<EncounterSummary>,
    /// The newest connection has said what is going on.
    has_told: bool,
    /// As the newest connection told it last.
    monitoring: Option<(EncounterId, Monitoring)>,
}

impl Carts {
    pub fn of(names: impl IntoIterator<Item = CartName>) -> Self {
        Self(names.into_iter().map(|name| (name, Cart::default())).collect())
    }

    /// The newest connection of a cart is the one that counts; an older one is closed.
    pub fn connect(&mut self, name: CartName, connection: ConnectionId, line: Line) {
        let cart = self.0.entry(name).or_default();
        cart.connection = Some((connection, line));
        cart.has_told = false;
        cart.monitoring = None;
    }

    /// `false`: it was not the newest connection, and nothing changes.
    pub fn disconnect(&mut self, name: &CartName, connection: ConnectionId) -> bool {
        let was_newest = self.is_newest(name, connection);
        if was_newest && let Some(cart) = self.0.get_mut(name) {
            cart.connection = None;
        }
        was_newest
    }

    pub fn is_newest(&self, name: &CartName, connection: ConnectionId) -> bool {
        let newest = self.0.get(name).and_then(|cart| cart.connection.as_ref());
        newest.is_some_and(|(newest, _)| *newest == connection)
    }

    pub fn set_encounter(&mut self, name: &CartName, encounter: Option<EncounterSummary>) {
        if let Some(cart) = self.0.get_mut(name) {
            cart.encounter = encounter;
            cart.has_told = true;
        }
    }

    pub fn set_monitoring(&mut self, name: &CartName, of: EncounterId, monitoring: Monitoring) {
        if let Some(cart) = self.0.get_mut(name) {
            cart.monitoring = Some((of, monitoring));
        }
    }

    /// `None` also while the cart is away: what it said last is no longer so.
    pub fn monitoring(&self, name: &CartName, of: EncounterId) -> Option<&Monitoring> {
        let cart = self.0.get(name).filter(|cart| cart.connection.is_some())?;
        let told = cart.monitoring.as_ref().filter(|(encounter, _)| *encounter == of);
        told.map(|(_, monitoring)| monitoring)
    }

    /// `None` also before the first status of a connection.
    pub fn encounter(&self, name: &CartName) -> Option<&EncounterSummary> {
        self.0.get(name).filter(|cart| cart.has_told)?.encounter.as_ref()
    }

    pub fn is_online(&self, name: &CartName) -> bool {
        self.0.get(name).is_some_and(|cart| cart.connection.is_some())
    }

    /// Every cart with the encounter that it told last.
    pub fn all(&self) -> impl Iterator<Item = (&CartName, bool, Option<&EncounterSummary>)> {
        self.0.iter().map(|(name, cart)| (name, cart.connection.is_some(), cart.encounter.as_ref()))
    }

    /// What is for a cart that is away is told anew when it comes back. Returns the connection that
    /// no longer takes anything.
    #[must_use]
    pub fn send(&self, name: &CartName, message: &HubToCart) -> Option<(CartName, ConnectionId)> {
        let (connection, line) = self.0.get(name)?.connection.as_ref()?;
        (!line.send(message)).then(|| (name.clone(), *connection))
    }

    #[must_use]
    pub fn send_all(&self, message: &HubToCart) -> Vec<(CartName, ConnectionId)> {
        self.0.keys().filter_map(|name| self.send(name, message)).collect()
    }
}
