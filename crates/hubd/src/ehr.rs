//! The hub's dealings with the EHR: how it gets in, what is delivered to it, and whom it expects.

mod archive;
mod chart;
mod check;
pub mod command;
pub mod config;
mod consignment;
mod delivery;
mod engine;
mod filing;
mod key_set;
mod posting;
mod receipt;
mod rules;
mod undelivered;
mod worklist;

pub use delivery::{Wakers, deliver};
pub use filing::Clerk;
pub use key_set::KeySet;
pub use worklist::follow;
