//! What the switchboard is told.

use call::desk::{CartName, PhysicianName};
use clinical::{EncounterId, EntryId, Timestamp};
use hub_api::{CartToHub, Delivery, PortalToHub, RecordedEntry, WorklistEntry};

use super::{ConnectionId, Line};

pub enum Event {
    Cart {
        cart: CartName,
        connection: ConnectionId,
        event: CartEvent,
    },
    Physician {
        connection: ConnectionId,
        event: PhysicianEvent,
    },
    /// A session is over: its windows close.
    SignedOut {
        token_sha256: String,
    },
    /// After the commit.
    Recorded(RecordedEntry),
    /// After the commit of what the EHR said.
    Delivered {
        cart: CartName,
        encounter: EncounterId,
        entry: EntryId,
        delivery: Delivery,
    },
    Worklist {
        entries: Vec<WorklistEntry>,
        as_of: Timestamp,
    },
}

pub enum CartEvent {
    Connected { line: Line },
    Said(CartToHub),
    Gone,
}

pub enum PhysicianEvent {
    Connected { physician: PhysicianName, display_name: String, token_sha256: String, line: Line },
    Said(PortalToHub),
    Gone,
}
