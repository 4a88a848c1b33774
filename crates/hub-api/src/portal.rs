//! The WebSocket between a physician's browser and the hub: `GET /api/portal/socket` with the session cookie.

use clinical::{CallId, EarlyWarning, EncounterId, EntryId, Monitoring};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    CallEnd, CartSummary, ConsultContext, Delivery, Prescription, RecordedEntry, Relays, Signal,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PortalToHub {
    /// Ring here from now on, or no longer.
    OnCall {
        on_call: bool,
    },
    Answer {
        call: CallId,
    },
    Decline {
        call: CallId,
    },
    HangUp {
        call: CallId,
    },
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// For the patient of the call that this window has.
    Prescribe {
        call: CallId,
        what: Prescription,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HubToPortal {
    /// First message of a connection, but for `Relays`. `call` is the one this physician is in, after a reload.
    Welcome {
        version: u32,
        physician: String,
        on_call: bool,
        call: Option<ConsultContext>,
    },
    /// All carts, whenever one of them changes.
    Carts {
        carts: Vec<CartSummary>,
    },
    /// Somebody calls; `context` is what is known before answering.
    Ringing {
        context: ConsultContext,
    },
    /// No longer: taken by a colleague, taken back, or over.
    RingingStopped {
        call: CallId,
    },
    /// Before `Joined`, and before a `Welcome` into a call, where the hub has relays: for every peer
    /// connection from now on. A page that does not know it goes without.
    Relays {
        relays: Relays,
    },
    /// This browser has the call; the cart's offer follows.
    Joined {
        context: ConsultContext,
    },
    CallEnded {
        call: CallId,
        why: CallEnd,
    },
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// The cart's connection to the hub was lost or came back during this call.
    CartOnline {
        call: CallId,
        online: bool,
    },
    /// Something was recorded in the encounter that this physician has open.
    Recorded {
        recorded: RecordedEntry,
    },
    /// After each value that was recorded in that encounter.
    EarlyWarning {
        encounter: EncounterId,
        early_warning: EarlyWarning,
    },
    /// In a call: the patient's limits, and what is measured all the time. At most about once a second.
    Monitoring {
        encounter: EncounterId,
        monitoring: Box<Monitoring>,
    },
    Delivered {
        encounter: EncounterId,
        entries: Vec<(EntryId, Delivery)>,
    },
    /// The hub could not read or allow a message; the connection stays.
    Refused {
        reason: String,
    },
}
