//! The task that owns everything live: takes one event after the other, and time.

use std::{collections::VecDeque, time::Duration};

use call::desk::{Answered, CartName, Desk, Input, PhysicianName};
use clinical::{Act, Actor, EntryBody, Subject, Timestamp};
use hub_api::{
    CartSummary, EncounterSummary, HubToCart, HubToPortal, RecordedEntry, WorklistEntry,
};
use tokio::{sync::mpsc, time::sleep};
use vault::{AnsweredCall, HubVault, VaultError};

use super::{ConnectionId, Event, carts::Carts, seats::Seats};
use crate::{clock, hub::ask, turn::Turn};

/// Who has more to tell waits: the record is the bottleneck then, and the queue would only grow.
pub const EVENTS_WAITING: usize = 1024;

pub struct Switchboard {
    pub(super) vault: HubVault,
    pub(super) desk: Desk,
    pub(super) carts: Carts,
    pub(super) seats: Seats,
    /// `None`: calls find their way without a relay.
    pub(super) turn: Option<Turn>,
    /// The window whose message is being handled: refusals and calls go there.
    pub(super) speaker: Option<ConnectionId>,
    worklist: Option<(Vec<WorklistEntry>, Timestamp)>,
    /// What all physicians were told last.
    told: Vec<CartSummary>,
    /// Connections that no longer take anything; ended after the event.
    pub(super) stuck_carts: Vec<(CartName, ConnectionId)>,
    pub(super) stuck_seats: Vec<ConnectionId>,
}

impl Switchboard {
    /// Takes up the calls that were going on when the hub stopped.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn open(vault: HubVault, turn: Option<Turn>) -> Result<Self, VaultError> {
        let on_call = vault.on_call()?.into_iter().map(PhysicianName).collect();
        let answered = vault.calls_going_on()?.into_iter().map(going_on).collect();
        let carts = vault.carts()?.into_iter().map(|cart| CartName(cart.name));
        Ok(Self {
            desk: Desk::resume(on_call, answered, clock::now()),
            carts: Carts::of(carts),
            seats: Seats::default(),
            turn,
            speaker: None,
            worklist: None,
            told: Vec::new(),
            stuck_carts: Vec::new(),
            stuck_seats: Vec::new(),
            vault,
        })
    }

    /// Until all who tell events are gone.
    pub async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        loop {
            let deadline = self.desk.deadline();
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.handle(event).await,
                    None => return,
                },
                () = until(deadline) => self.put(Input::Tick).await,
            }
            self.end_stuck().await;
            self.tell_carts();
        }
    }

    async fn handle(&mut self, event: Event) {
        self.speaker = None;
        match event {
            Event::Cart { cart, connection, event } => {
                self.cart_event(cart, connection, event).await;
            }
            Event::Physician { connection, event } => {
                self.physician_event(connection, event).await;
            }
            Event::SignedOut { token_sha256 } => self.signed_out(&token_sha256).await,
            Event::Recorded(recorded) => self.recorded(recorded).await,
            Event::Delivered { cart, encounter, entry, delivery } => {
                let entries = vec![(entry, delivery)];
                self.tell_cart(&cart, &HubToCart::Delivered { entries: entries.clone() });
                let message = HubToPortal::Delivered { encounter, entries };
                self.tell_seats(&message, |seat| seat.encounter == Some(encounter));
            }
            Event::Worklist { entries, as_of } => {
                self.worklist = Some((entries, as_of));
                self.tell_worklist().await;
            }
        }
    }

    /// Lets the rules decide, and carries out what they say.
    pub(super) async fn put(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.desk.handle(input, clock::now()) {
                if let Err(undo) = self.carry_out(effect).await {
                    inputs.push_back(undo);
                    break;
                }
            }
        }
    }

    /// One row for all carts: the schedule changes often.
    async fn tell_worklist(&mut self) {
        let Some(message) = self.worklist_message() else { return };
        let online = self.carts.all().filter(|(_, online, _)| *online);
        let told: Vec<_> = online.map(|(cart, ..)| Subject::Cart(cart.0.clone())).collect();
        if !told.is_empty() && self.note(Actor::hub(), Act::WorklistTold, told).await {
            self.stuck_carts.extend(self.carts.send_all(&message));
        }
    }

    pub(super) fn worklist_message(&self) -> Option<HubToCart> {
        let (entries, as_of) = self.worklist.clone()?;
        Some(HubToCart::Worklist { entries, as_of })
    }

    pub(super) fn carts_message(&self) -> HubToPortal {
        HubToPortal::Carts { carts: self.told.clone() }
    }

    /// The value first: the score is read from the record again.
    async fn recorded(&mut self, recorded: RecordedEntry) {
        let encounter = recorded.entry.encounter;
        let is_value =
            matches!(recorded.entry.body, EntryBody::Reading(_) | EntryBody::Observed(_));
        let message = HubToPortal::Recorded { recorded };
        self.tell_seats(&message, |seat| seat.encounter == Some(encounter));
        if is_value {
            self.tell_early_warning(encounter).await;
        }
    }

    fn tell_carts(&mut self) {
        let summary = |(name, online, encounter): (&CartName, _, Option<&EncounterSummary>)| {
            let call = self.desk.call_of_cart(name);
            CartSummary { name: name.0.clone(), online, encounter: encounter.cloned(), call }
        };
        let now: Vec<_> = self.carts.all().map(summary).collect();
        if now != self.told {
            self.told = now;
            let message = self.carts_message();
            self.tell_seats(&message, |_| true);
        }
    }

    async fn end_stuck(&mut self) {
        for (cart, connection) in std::mem::take(&mut self.stuck_carts) {
            tracing::warn!(cart = cart.0, "Closed the connection of a cart that takes nothing");
            self.cart_gone(cart, connection).await;
        }
        for connection in std::mem::take(&mut self.stuck_seats) {
            tracing::warn!("Closed the connection of a window that takes nothing");
            self.seat_gone(connection).await;
        }
    }

    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&HubVault) -> T + Send + 'static,
    ) -> T {
        ask(&self.vault, question).await
    }
}

fn going_on(call: AnsweredCall) -> Answered {
    Answered {
        call: call.call,
        cart: CartName(call.cart),
        encounter: call.encounter,
        physician: PhysicianName(call.physician),
    }
}

async fn until(deadline: Option<Timestamp>) {
    let Some(deadline) = deadline else { return std::future::pending().await };
    let left = u64::try_from(deadline.millis_since(clock::now())).unwrap_or(0);
    sleep(Duration::from_millis(left)).await;
}
