//! Decides what is sent next, when it is tried again and when it is set aside.
//!
//! Knows nothing of SQL, HTTP or FHIR: `vault` keeps the items, `upstream` carries them.
//! Time comes in as an argument, so two days without network are a millisecond of test.
//!
//! The order rule (docs/decisions/0002-outbox-order.md): within an encounter an item goes when
//! everything before it is done, set aside or unknown, and the opening was accepted. Encounters do not
//! wait for each other. A refused note thus holds back no vital sign; a refused opening holds back its
//! whole encounter, because the receiver would not know whose readings they are.
//!
//! The doubt rule (docs/decisions/0015-delivery-in-doubt.md): what may have arrived is never sent again
//! before the destination was searched for it, nor searched for before its settle window is over;
//! what cannot be proven is for a person.

pub mod conformance;
mod item;
mod moment;
mod order;
mod sender;
mod step;
mod store;

pub use item::{Decision, Event, Item, Outcome, Repeat, State};
pub use moment::Moment;
pub use order::{Due, Look, Next};
pub use sender::Outbox;
pub use step::step;
pub use store::Store;
