//! What carts do and say, and what it means for the rules of calls.

use call::desk::{CartName, Input};
use clinical::{Act, Actor, CallId, EncounterId, EntryBody, EntryId, Subject};
use hub_api::{CallEnd, CartToHub, HubToCart, VERSION};
use vault::VaultError;

use super::{CartEvent, ConnectionId, Line, Switchboard};

const NOT_NOW: &str = "The hub cannot reach its record at the moment. Try again.";

/// Who calls, and from where.
enum Caller {
    Allowed,
    OthersEncounter,
    /// The call was answered and ended while the cart was away, before the hub restarted.
    Over,
}

impl Switchboard {
    pub(super) async fn cart_event(
        &mut self,
        cart: CartName,
        connection: ConnectionId,
        event: CartEvent,
    ) {
        match event {
            CartEvent::Connected { line } => self.cart_connected(cart, connection, line).await,
            CartEvent::Said(message) if self.carts.is_newest(&cart, connection) => {
                self.cart_said(cart, message).await;
            }
            // Of a connection that a newer one has replaced.
            CartEvent::Said(_) => {}
            CartEvent::Gone => self.cart_gone(cart, connection).await,
        }
    }

    async fn cart_connected(&mut self, cart: CartName, connection: ConnectionId, line: Line) {
        tracing::info!(cart = cart.0, "A cart connected");
        self.carts.connect(cart.clone(), connection, line);
        self.tell_cart(&cart, &HubToCart::Welcome { version: VERSION, cart: cart.0.clone() });
        self.note(Actor::cart(&cart.0), Act::CartConnected, Vec::new()).await;
        if let Some(message) = self.worklist_message() {
            let told = vec![Subject::Cart(cart.0.clone())];
            if self.note(Actor::hub(), Act::WorklistTold, told).await {
                self.tell_cart(&cart, &message);
            }
        }
    }

    pub(super) async fn cart_gone(&mut self, cart: CartName, connection: ConnectionId) {
        if self.carts.disconnect(&cart, connection) {
            tracing::info!(cart = cart.0, "A cart is away");
            self.put(Input::CartLost { cart }).await;
        }
    }

    async fn cart_said(&mut self, cart: CartName, message: CartToHub) {
        match message {
            CartToHub::Status { version, encounter, call } if version == VERSION => {
                self.carts.set_encounter(&cart, encounter);
                self.put(Input::CartStatus { cart, call }).await;
            }
            CartToHub::Status { version, .. } => {
                let reason = format!("The hub speaks version {VERSION}, the cart {version}.");
                self.refuse_cart(&cart, reason);
            }
            CartToHub::Call { call } => self.cart_calls(cart, call).await,
            CartToHub::HangUp { call } => self.put(Input::CartHangUp { cart, call }).await,
            CartToHub::Signal { call, signal } => {
                self.put(Input::CartSignal { cart, call, signal }).await;
            }
            CartToHub::Monitoring { encounter, monitoring } => {
                self.monitored(&cart, encounter, monitoring);
            }
            CartToHub::AskDelivery { entries } => self.tell_deliveries(&cart, entries).await,
            CartToHub::AuditHead { head, since, links } => {
                self.anchor(cart, head, since, links).await;
            }
        }
    }

    async fn cart_calls(&mut self, cart: CartName, call: CallId) {
        let Some(encounter) = self.carts.encounter(&cart).map(|encounter| encounter.id) else {
            return self.refuse_cart(&cart, "Open an encounter before calling.");
        };
        match self.caller(&cart, call, encounter).await {
            Ok(Caller::Allowed) => self.put(Input::Call { cart, call, encounter }).await,
            Ok(Caller::OthersEncounter) => {
                self.refuse_cart(&cart, "This encounter was opened by another cart.");
            }
            Ok(Caller::Over) => {
                self.tell_cart(&cart, &HubToCart::CallEnded { call, why: CallEnd::CartLost });
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "Could not look up a call"
                );
                self.refuse_cart(&cart, NOT_NOW);
            }
        }
    }

    async fn caller(
        &self,
        cart: &CartName,
        call: CallId,
        encounter: EncounterId,
    ) -> Result<Caller, VaultError> {
        let known = self.ask(move |vault| Ok((vault.call(call)?, vault.opening_of(encounter)?)));
        let (answered, opening) = known.await?;
        let is_others = opening.is_some_and(|opening| match &opening.sealed.entry().body {
            EntryBody::Opened(opened) => opened.cart != cart.0,
            EntryBody::Reading(_)
            | EntryBody::Observed(_)
            | EntryBody::Still(_)
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => true,
        });
        let is_over = answered.is_some_and(|call| call.cart != cart.0 || call.ended.is_some());
        Ok(match (is_others, is_over) {
            (true, _) => Caller::OthersEncounter,
            (false, true) => Caller::Over,
            (false, false) => Caller::Allowed,
        })
    }

    /// In line with the other events: an answer that was looked up before a delivery and sent after
    /// the news of it would take the news back. 2,000 look-ups are some ten milliseconds.
    async fn tell_deliveries(&mut self, cart: &CartName, entries: Vec<EntryId>) {
        let message = match self.ask(move |vault| vault.deliveries(&entries)).await {
            Ok(entries) => HubToCart::Delivered { entries },
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "Could not look up deliveries");
                HubToCart::Refused { reason: NOT_NOW.to_owned() }
            }
        };
        self.tell_cart(cart, &message);
    }
}
