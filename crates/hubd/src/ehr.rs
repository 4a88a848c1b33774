//! The hub's dealings with the EHR: what is delivered to it, and whom it expects.

mod chart;
mod delivery;
mod filing;
mod worklist;

pub use delivery::{Wakers, deliver};
pub use worklist::follow;
