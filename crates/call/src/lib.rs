//! A video visit as rules: who may join, what a lost connection does, when it is over.
//!
//! Knows no socket, no clock and no picture. Each side of a call has its own machine here.

mod cart_call;
pub mod desk;
mod peer_life;

pub use cart_call::{CallEffect, CallEvent, CallRefusal, CartCall, CartCallStage};
pub use peer_life::{PeerEffect, PeerInput, PeerLife};
