//! The hub's dealings with the EHR: what is delivered to it, and whom it expects.

mod chart;
mod config;
mod consignment;
mod delivery;
mod engine;
mod filing;
mod posting;
mod rules;
mod undelivered;
mod worklist;

pub use config::EhrConfig;
pub use delivery::{Wakers, deliver};
pub use filing::Clerk;
pub use worklist::follow;
