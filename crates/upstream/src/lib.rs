//! What leaves this machine over the network: the cart's client of the hub, the hub's of the EHR
//! and of the image archive.
//!
//! Carries bytes and says what became of them. Knows no queue, no record and no retry rule.

pub mod ehr;
pub mod hub;
pub mod mllp;
pub mod stow;
mod tls;
