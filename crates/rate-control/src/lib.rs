//! How fast a picture may be sent to one viewer, from what the viewer's browser says arrived.
//!
//! Knows no GStreamer, no socket and no clock: times are steady and given as arguments. Sound is
//! not its business and is never slowed; only the picture's packets are told to it, so what it finds
//! is what the sound leaves over. docs/decisions/0021 has the reasons and figures.

mod arrivals;
mod controller;
mod growth;
mod jitter;
mod link;
mod outstanding;

mod retransmission;
mod size;

pub use arrivals::Report;
pub use controller::{Controller, Input, LEAST, MOST, Standing, WantsIdr};
pub use retransmission::Retransmission;
pub use size::PictureSize;
