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
mod offer;
mod patients;
mod posting;
mod reading;
mod receipt;
mod rules;
mod undelivered;
mod worklist;

pub use delivery::{Wakers, start as start_delivery};
pub use filing::Clerk;
pub use key_set::KeySet;
pub use reading::{ChartReader, forget_old_copies};
pub use worklist::follow;
