//! How fast a picture may be sent to one viewer, from what the viewer's browser says arrived.
//!
//! Knows no GStreamer, no socket and no clock: times are steady and given as arguments. Sound is
//! not its business and is never slowed; only the pictures' packets are told to it, so what it finds
//! is what the sound leaves over. Sound is first, then what is examined, then the room ([`shares`]). docs/decisions/0021 has the reasons and figures.

mod arrivals;
mod controller;
mod growth;
mod jitter;
mod link;
mod outstanding;
mod retransmission;
mod shares;
mod size;

pub use arrivals::Report;
pub use controller::{Controller, Input, LEAST, MOST, Standing, WantsIdr};
pub use retransmission::Retransmission;
pub use shares::{Shares, shares};
pub use size::PictureSize;
