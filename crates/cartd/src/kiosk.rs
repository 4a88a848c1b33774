//! The Unix socket that kiosks connect to: who may, what they ask, and what they are told.
//!
//! Decides nothing about commands: they go to the core in order, answers come back by client.

mod client;
mod listener;
mod peer;

use std::sync::Arc;

use cart_api::{Request, Response};
use tokio::sync::{mpsc, watch};

pub use client::{ClientError, number_of, read_frame, send};
pub use listener::{Listener, listen};
pub use peer::Admission;

/// A command and its answer are one; a call sets up with some dozens of signals in a burst.
/// A client that lets this many wait does not read, and is dropped.
const MAX_WAITING_ANSWERS: usize = 256;

/// Names one connection; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(u64);

/// What the socket tells the core.
pub enum FromKiosk {
    /// After a `Hello` that was understood; `answers` is the way back.
    Joined {
        client: ClientId,
        answers: mpsc::Sender<Response>,
    },
    Asked {
        client: ClientId,
        request: Request,
        blob: Vec<u8>,
    },
    Left {
        client: ClientId,
    },
}

/// The state as it goes over the socket, written once for all clients. Newest wins.
pub type StateFrame = Arc<[u8]>;

/// Serves kiosks until the core is gone.
pub async fn serve(
    listener: Listener,
    core: mpsc::Sender<FromKiosk>,
    state: watch::Receiver<StateFrame>,
) {
    let serve = |client, stream| client::serve(client, stream, core.clone(), state.clone());
    listener.serve(core.closed(), serve).await;
}
