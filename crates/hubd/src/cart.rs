//! What carts ask of the hub over HTTP, and their live socket.

mod intake;
mod sign_in;
mod socket;

pub use intake::{announce, commit, put_blob, put_entry};
pub use sign_in::{challenge, session};
pub use socket::socket;
