//! What a physician's browser asks of the hub over HTTP, and its live socket.

mod blobs;
mod charts;
mod notes;
mod sign_in;
mod socket;

pub use blobs::blob;
pub use charts::chart;
pub use notes::put_note;
pub use sign_in::{me, sign_in, sign_out};
pub use socket::socket;
