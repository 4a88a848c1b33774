//! What physicians' windows do and say, and what it means for the rules of calls.

use call::desk::{CartName, Input, PhysicianName};
use hub_api::{CallEnd, ConsultContext, HubToPortal, PortalToHub, RecordedEntry, VERSION};

use super::{ConnectionId, PhysicianEvent, Switchboard, seats::Seat};

/// Close code of our own (RFC 6455 section 7.4.2): signed out here or elsewhere.
const SIGNED_OUT: u16 = 4401;

/// A consult, and the entries that do not fit into one message.
type Consult = (ConsultContext, Vec<RecordedEntry>);

impl Switchboard {
    pub(super) async fn physician_event(
        &mut self,
        connection: ConnectionId,
        event: PhysicianEvent,
    ) {
        match event {
            PhysicianEvent::Connected { physician, display_name, token_sha256, line } => {
                let (encounter, has_call) = (None, false);
                let seat =
                    Seat { physician, display_name, token_sha256, line, encounter, has_call };
                self.seat_taken(connection, seat).await;
            }
            PhysicianEvent::Said(message) => {
                let seat = self.seats.get(connection);
                if let Some(physician) = seat.map(|seat| seat.physician.clone()) {
                    self.speaker = Some(connection);
                    self.physician_said(physician, message).await;
                }
            }
            PhysicianEvent::Gone => self.seat_gone(connection).await,
        }
    }

    /// A new window takes over the call: mostly it is the same one, reloaded or reconnected.
    async fn seat_taken(&mut self, connection: ConnectionId, seat: Seat) {
        let physician = seat.physician.clone();
        let consult = self.call_of(&physician).await;
        self.seats.add(connection, seat);
        if let Some((context, _)) = &consult {
            let message = HubToPortal::CallEnded { call: context.call, why: CallEnd::Physician };
            let had = self.seats.with_call(&physician);
            self.stuck_seats.extend(had.and_then(|had| self.seats.send(had, &message)));
            self.seats.give_call(connection, context.encounter.id);
        }
        self.welcome(connection, &physician, consult);
        self.put(Input::PhysicianConnected { physician }).await;
    }

    fn welcome(&mut self, seat: ConnectionId, physician: &PhysicianName, consult: Option<Consult>) {
        let (call, rest) = consult.map_or((None, Vec::new()), |(call, rest)| (Some(call), rest));
        let cart = call.as_ref().map(|context| (context.call, CartName(context.cart.clone())));
        let on_call = self.desk.is_on_call(physician);
        let name = physician.0.clone();
        if call.is_some() {
            self.tell_relays(seat);
        }
        self.tell_seat(
            seat,
            &HubToPortal::Welcome { version: VERSION, physician: name, on_call, call },
        );
        self.tell_one_by_one(seat, rest);
        self.tell_monitoring(seat);
        let carts = self.carts_message();
        self.tell_seat(seat, &carts);
        if let Some((call, _)) = cart.filter(|(_, cart)| !self.carts.is_online(cart)) {
            self.tell_seat(seat, &HubToPortal::CartOnline { call, online: false });
        }
    }

    async fn call_of(&self, physician: &PhysicianName) -> Option<Consult> {
        let call = self.desk.call_of_physician(physician)?;
        if !self.note_shown(physician, call).await {
            return None;
        }
        self.context(call).await.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "Could not read the consult of a physician who comes back");
            None
        })
    }

    async fn physician_said(&mut self, physician: PhysicianName, message: PortalToHub) {
        let input = match message {
            PortalToHub::Prescribe { call, what } => {
                return self.prescribe(&physician, call, what).await;
            }
            PortalToHub::OnCall { on_call } => {
                if !self.keep_on_call(&physician, on_call).await {
                    return;
                }
                Input::OnCall { physician, on_call }
            }
            PortalToHub::Answer { call } => Input::Answer { physician, call },
            PortalToHub::Decline { call } => Input::Decline { physician, call },
            PortalToHub::HangUp { call } => Input::PhysicianHangUp { physician, call },
            PortalToHub::Signal { call, signal } => {
                Input::PhysicianSignal { physician, call, signal }
            }
        };
        self.put(input).await;
    }

    async fn keep_on_call(&mut self, physician: &PhysicianName, on_call: bool) -> bool {
        let name = physician.0.clone();
        match self.ask(move |vault| vault.set_on_call(&name, on_call)).await {
            Ok(kept) => kept,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "Could not keep who is on call");
                self.refuse_speaker("The hub could not keep this. Try again.");
                false
            }
        }
    }

    pub(super) async fn seat_gone(&mut self, connection: ConnectionId) {
        let Some(seat) = self.seats.remove(connection) else { return };
        if seat.has_call || !self.seats.is_here(&seat.physician) {
            self.put(Input::PhysicianLost { physician: seat.physician }).await;
        }
    }

    pub(super) async fn signed_out(&mut self, token_sha256: &str) {
        for connection in self.seats.with_token(token_sha256) {
            if let Some(seat) = self.seats.get(connection) {
                seat.line.close(SIGNED_OUT, "signed out");
            }
            self.seat_gone(connection).await;
        }
    }
}
