//! What happens to the calls of a hub, and what the hub then has to do.

use clinical::{CallId, EncounterId};
use hub_api::{CallEnd, Signal};

/// As the hub enrolled it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CartName(pub String);

/// The name that a physician signs in with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhysicianName(pub String);

#[derive(Debug)]
pub enum Input {
    /// A cart says which call it believes to be in: first thing on a connection, and after changes.
    CartStatus {
        cart: CartName,
        call: Option<CallId>,
    },
    CartLost {
        cart: CartName,
    },
    Call {
        cart: CartName,
        call: CallId,
        encounter: EncounterId,
    },
    CartHangUp {
        cart: CartName,
        call: CallId,
    },
    CartSignal {
        cart: CartName,
        call: CallId,
        signal: Signal,
    },
    OnCall {
        physician: PhysicianName,
        on_call: bool,
    },
    PhysicianConnected {
        physician: PhysicianName,
    },
    PhysicianLost {
        physician: PhysicianName,
    },
    Answer {
        physician: PhysicianName,
        call: CallId,
    },
    Decline {
        physician: PhysicianName,
        call: CallId,
    },
    PhysicianHangUp {
        physician: PhysicianName,
        call: CallId,
    },
    PhysicianSignal {
        physician: PhysicianName,
        call: CallId,
        signal: Signal,
    },
    /// Time has passed; see [`Desk::deadline`].
    Tick,
}

/// To be carried out in order. What is for somebody who is not connected is dropped: they are told
/// anew when they connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Ring {
        physician: PhysicianName,
        call: CallId,
    },
    StopRinging {
        physician: PhysicianName,
        call: CallId,
    },
    /// To be kept before anybody is told: from now on this physician may see this encounter.
    Join {
        physician: PhysicianName,
        call: CallId,
    },
    /// The cart makes its offer now. Told again to a cart that comes back.
    Answered {
        cart: CartName,
        call: CallId,
        physician: PhysicianName,
    },
    /// Over, for both.
    Ended {
        call: CallId,
        cart: CartName,
        physician: Option<PhysicianName>,
        why: CallEnd,
    },
    /// A cart believes to be in a call that is over.
    TellEnded {
        cart: CartName,
        call: CallId,
        why: CallEnd,
    },
    CartOnline {
        physician: PhysicianName,
        call: CallId,
        online: bool,
    },
    SignalToCart {
        cart: CartName,
        call: CallId,
        signal: Signal,
    },
    SignalToPhysician {
        physician: PhysicianName,
        call: CallId,
        signal: Signal,
    },
    RefuseCart {
        cart: CartName,
        reason: &'static str,
    },
    RefusePhysician {
        physician: PhysicianName,
        reason: &'static str,
    },
}

/// An answered call, as the hub keeps it over its own restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub call: CallId,
    pub cart: CartName,
    pub encounter: EncounterId,
    pub physician: PhysicianName,
}
