//! The way out to one connection: a bounded queue that never makes anybody wait.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::ws::{CloseFrame, Message};
use serde::Serialize;
use tokio::sync::mpsc;

/// A connection setup is some 40 messages. Who is that far behind has lost the connection, or a browser
/// that stands still; it is closed, and told everything anew when it comes back.
const MESSAGES_WAITING: usize = 256;

/// Tells the connections of one run apart, so that the end of an old one does not end its successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(u64);

impl ConnectionId {
    pub fn next() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }
}

#[derive(Clone)]
pub struct Line(mpsc::Sender<Message>);

impl Line {
    /// The other end is for [`super::websocket::carry`]. When all clones of the line are dropped, the
    /// connection is closed.
    pub fn new() -> (Self, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(MESSAGES_WAITING);
        (Self(sender), receiver)
    }

    /// `false`: nobody takes what is on this line any more.
    #[must_use]
    pub fn send(&self, message: &impl Serialize) -> bool {
        self.0.try_send(text(message)).is_ok()
    }

    /// Says why the connection ends. Where the line is full, dropping it ends the connection too.
    pub fn close(&self, code: u16, reason: &'static str) {
        let frame = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        if self.0.try_send(frame).is_err() {
            tracing::debug!("A connection is already on its way out");
        }
    }
}

pub fn text(message: &impl Serialize) -> Message {
    let json = serde_json::to_string(message).expect("messages have only text as keys");
    Message::Text(json.into())
}
