//! The WebSocket between a cart (`cartd`) and the hub: `GET /api/cart/socket` with a bearer token.

use clinical::{CallId, ChainHead, EncounterId, EntryId, Hex, Monitoring, SignedHead, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{CallEnd, Delivery, EncounterSummary, Prescription, Relays, Signal, WorklistEntry};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CartToHub {
    /// First message of a connection, and after every change: what is going on at the cart.
    /// `call` is a call that the cart believes to be in, so that it survives a lost connection.
    Status {
        version: u32,
        encounter: Option<EncounterSummary>,
        call: Option<CallId>,
    },
    /// Ring the physicians on call for the open encounter.
    Call {
        call: CallId,
    },
    HangUp {
        call: CallId,
    },
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// Whenever it changes, at most about once a second, and when a connection begins: the limits of
    /// the open encounter, and what is measured all the time.
    Monitoring {
        encounter: EncounterId,
        monitoring: Box<Monitoring>,
    },
    /// When a connection begins: what became of these, which are not in the EHR as far as the cart knows?
    /// The hub says nothing of those that it does not have.
    AskDelivery {
        entries: Vec<EntryId>,
    },
    /// When a connection begins, the newest head of the cart's audit alone: `since` is its own position,
    /// and there are no links. Afterwards what leads from the head that the hub holds to a later one.
    AuditHead {
        head: SignedHead,
        since: i64,
        /// SHA-256 of every row after `since`: no row can be read in it.
        links: Vec<Hex<32>>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HubToCart {
    /// First message of a connection.
    Welcome {
        version: u32,
        cart: String,
    },
    /// The whole worklist, whenever it changes.
    Worklist {
        entries: Vec<WorklistEntry>,
        as_of: Timestamp,
    },
    /// A physician took the call; the cart makes its offer now.
    Answered {
        call: CallId,
        physician: String,
        /// For every peer connection of this call; `None`: the hub has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relays: Option<Relays>,
    },
    CallEnded {
        call: CallId,
        why: CallEnd,
    },
    Signal {
        call: CallId,
        signal: Signal,
    },
    Delivered {
        entries: Vec<(EntryId, Delivery)>,
    },
    /// The physician in the call prescribes it for the patient of this encounter.
    Prescribed {
        encounter: EncounterId,
        /// By name.
        by: String,
        what: Prescription,
    },
    /// The answer to a head: the newest one that the hub holds, which may be an older one. `None`: none.
    AuditAnchored {
        head: Option<ChainHead>,
    },
    /// The hub could not read or allow a message; the connection stays.
    Refused {
        reason: String,
    },
}
