//! The two hands of `cartd` on the hub: the live link, and the sender that empties the outbox.

mod backoff;
mod link;
mod sender;

pub use link::{FromHub, HubStatus, keep_linked};
pub use sender::{Sent, Wake, send_what_waits};
