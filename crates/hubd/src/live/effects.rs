//! Carries out what the rules of calls decide.

use call::desk::{CartName, Effect, Input, PhysicianName};
use clinical::{AuditEvent, CallId};
use hub_api::{HubToCart, HubToPortal, RecordedEntry, Relays};
use vault::{AnsweredCall, VaultError};

use super::{ConnectionId, Switchboard, seats::Seat};
use crate::clock;

impl Switchboard {
    /// `Err`: it could not be kept, and this takes it back.
    pub(super) async fn carry_out(&mut self, effect: Effect) -> Result<(), Input> {
        match effect {
            Effect::Ring { physician, call } => self.ring(&physician, call).await,
            Effect::StopRinging { physician, call } => {
                self.tell_physician(&physician, &HubToPortal::RingingStopped { call });
            }
            Effect::Join { physician, call } => return self.join(physician, call).await,
            Effect::Answered { cart, call, physician } => {
                let physician = self.display_name(&physician).await;
                let relays = self.relays();
                self.tell_cart(&cart, &HubToCart::Answered { call, physician, relays });
            }
            Effect::Ended { call, cart, physician, why } => {
                let event = self.ended(call, &cart, physician.as_ref(), why);
                self.keep_end(call, event).await;
                self.tell_cart(&cart, &HubToCart::CallEnded { call, why });
                if let Some(physician) = physician {
                    self.tell_call(&physician, &HubToPortal::CallEnded { call, why });
                    self.seats.take_call(&physician);
                }
            }
            Effect::TellEnded { cart, call, why } => {
                self.tell_cart(&cart, &HubToCart::CallEnded { call, why });
            }
            Effect::CartOnline { physician, call, online } => {
                self.tell_call(&physician, &HubToPortal::CartOnline { call, online });
            }
            Effect::SignalToCart { cart, call, signal } => {
                self.tell_cart(&cart, &HubToCart::Signal { call, signal });
            }
            Effect::SignalToPhysician { physician, call, signal } => {
                self.tell_call(&physician, &HubToPortal::Signal { call, signal });
            }
            Effect::RefuseCart { cart, reason } => self.refuse_cart(&cart, reason),
            Effect::RefusePhysician { reason, .. } => self.refuse_speaker(reason),
        }
        Ok(())
    }

    async fn ring(&mut self, physician: &PhysicianName, call: CallId) {
        match self.context(call).await {
            Ok(Some((context, _))) => {
                if self.note_shown(physician, call).await {
                    self.tell_physician(physician, &HubToPortal::Ringing { context });
                }
            }
            Ok(None) => tracing::warn!(%call, "A call has no encounter to ring for"),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, %call, "Could not read what a call is about");
            }
        }
    }

    /// Kept first: the physician's right to the encounter's pictures and notes follows from it.
    async fn join(&mut self, physician: PhysicianName, call: CallId) -> Result<(), Input> {
        let kept = self.keep_call(&physician, call).await;
        let context = match kept {
            Ok(()) => self.context(call).await,
            Err(error) => Err(error),
        };
        match (context, self.speaker) {
            (Ok(Some((context, rest))), Some(speaker)) => {
                self.seats.give_call(speaker, context.encounter.id);
                let others = |seat: &Seat| seat.physician == physician && !seat.has_call;
                self.tell_seats(&HubToPortal::RingingStopped { call }, others);
                self.tell_relays(speaker);
                self.tell_seat(speaker, &HubToPortal::Joined { context });
                self.tell_one_by_one(speaker, rest);
                self.tell_monitoring(speaker);
                Ok(())
            }
            (Ok(_), _) => Err(Input::PhysicianHangUp { physician, call }),
            (Err(error), _) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, %call, "Could not keep an answered call");
                self.refuse_speaker("The hub could not connect this call. Try again.");
                Err(Input::PhysicianHangUp { physician, call })
            }
        }
    }

    async fn keep_call(&self, physician: &PhysicianName, call: CallId) -> Result<(), VaultError> {
        let Some((cart, encounter)) = self.desk.origin(call) else { return Ok(()) };
        let event = self.answered(physician, call);
        let (cart, physician) = (cart.0.clone(), physician.0.clone());
        let answered = event.at;
        let kept = AnsweredCall { call, cart, encounter, physician, answered, ended: None };
        self.ask(move |vault| vault.keep_call(&kept, &event)).await
    }

    async fn keep_end(&self, call: CallId, event: AuditEvent) {
        if let Err(error) = self.ask(move |vault| vault.end_call(call, event.at, &event)).await {
            let error = &error as &dyn std::error::Error;
            // A restarted hub takes it up again, finds nobody in it, and ends it then.
            tracing::error!(error, %call, "Could not keep the end of a call");
        }
    }

    /// What nurses read.
    pub(super) async fn display_name(&self, physician: &PhysicianName) -> String {
        if let Some(name) = self.seats.display_name(physician) {
            return name;
        }
        let asked = physician.0.clone();
        match self.ask(move |vault| vault.physician(&asked)).await {
            Ok(Some(account)) => account.display_name,
            Ok(None) => physician.0.clone(),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "Could not look up a physician's name");
                physician.0.clone()
            }
        }
    }

    pub(super) fn tell_cart(&mut self, cart: &CartName, message: &HubToCart) {
        self.stuck_carts.extend(self.carts.send(cart, message));
    }

    pub(super) fn refuse_cart(&mut self, cart: &CartName, reason: impl Into<String>) {
        self.tell_cart(cart, &HubToCart::Refused { reason: reason.into() });
    }

    pub(super) fn tell_seat(&mut self, connection: ConnectionId, message: &HubToPortal) {
        self.stuck_seats.extend(self.seats.send(connection, message));
    }

    pub(super) fn tell_relays(&mut self, seat: ConnectionId) {
        if let Some(relays) = self.relays() {
            self.tell_seat(seat, &HubToPortal::Relays { relays });
        }
    }

    /// Anew for each side of a call, and for each window that joins or comes back.
    fn relays(&self) -> Option<Relays> {
        let now = u64::try_from(clock::now().millis() / 1000).unwrap_or(0);
        let relays = self.turn.as_ref()?.relays(now);
        relays.inspect_err(|error| tracing::error!(%error, "A call goes without relays")).ok()
    }

    pub(super) fn tell_one_by_one(&mut self, seat: ConnectionId, entries: Vec<RecordedEntry>) {
        for recorded in entries {
            self.tell_seat(seat, &HubToPortal::Recorded { recorded });
        }
    }

    pub(super) fn tell_seats(&mut self, message: &HubToPortal, wanted: impl Fn(&Seat) -> bool) {
        self.stuck_seats.extend(self.seats.send_where(message, wanted));
    }

    /// To all windows of a physician.
    fn tell_physician(&mut self, physician: &PhysicianName, message: &HubToPortal) {
        self.tell_seats(message, |seat| seat.physician == *physician);
    }

    /// To the window that has the call.
    fn tell_call(&mut self, physician: &PhysicianName, message: &HubToPortal) {
        self.tell_seats(message, |seat| seat.physician == *physician && seat.has_call);
    }

    pub(super) fn refuse_speaker(&mut self, reason: &str) {
        if let Some(speaker) = self.speaker {
            self.tell_seat(speaker, &HubToPortal::Refused { reason: reason.to_owned() });
        }
    }
}
