//! What leaves this machine over the network: the cart's client of the hub.
//!
//! Carries bytes and says what became of them. Knows no queue, no record and no retry rule.

pub mod hub;
mod tls;
