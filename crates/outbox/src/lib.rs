//! Decides what is sent next, when it is tried again and when it is set aside.
//!
//! Knows nothing of SQL, HTTP or FHIR: `vault` keeps the items, `upstream` carries them.
//! Time comes in as an argument, so two days without network are a millisecond of test.
//!
//! The order rule (docs/decisions/0002-outbox-order.md): within an encounter an item goes when
//! everything before it is done or set aside, and the opening was accepted. Encounters do not wait
//! for each other. A refused note thus holds back no vital sign; a refused opening holds back its
//! whole encounter, because the receiver would not know whose readings they are.

pub mod conformance;
mod item;
mod order;
mod sender;
mod store;

pub use item::{Item, Outcome, State};
pub use order::Next;
pub use sender::Outbox;
pub use store::Store;
