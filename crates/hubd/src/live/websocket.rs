//! Carries JSON messages over one WebSocket (RFC 6455), and notices when nobody is there any more.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    response::Response,
};
use hub_api::MAX_MESSAGE_BYTES;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, timeout},
};

use super::{Event, line::text};
use crate::hub::Hub;

const PING_EVERY: Duration = Duration::from_secs(5);
/// Two pings were not answered.
const DEAD_AFTER: Duration = Duration::from_secs(15);
/// TCP's buffers are full for so long: the other end stands still.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// For the answer to a closing frame (RFC 6455, 7.1.1). Who lets go earlier, with something unread, resets
/// the connection, and the frame may be lost with it.
const CLOSED_WITHIN: Duration = Duration::from_secs(1);
/// What is longer than a message may be, but not than this, is refused and the connection stays.
const MAX_READ_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// Answers the upgrade; `serve` then has the connection.
pub fn upgrade<F>(
    upgrade: WebSocketUpgrade,
    serve: impl FnOnce(WebSocket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    upgrade.max_message_size(MAX_READ_BYTES).max_frame_size(MAX_READ_BYTES).on_upgrade(serve)
}

/// Until the connection ends, from either side. `said` makes the event of a message, `refused` the
/// answer to what cannot be read.
pub async fn carry<M, R>(
    mut socket: WebSocket,
    mut outgoing: mpsc::Receiver<Message>,
    hub: &Hub,
    said: impl Fn(M) -> Event,
    refused: impl Fn(String) -> R,
) where
    M: DeserializeOwned,
    R: Serialize,
{
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut stopping, mut heard) = (hub.stopping.clone(), Instant::now());
    loop {
        let answer = tokio::select! {
            message = outgoing.recv() => message.unwrap_or_else(no_longer_wanted),
            message = socket.recv() => {
                let Some(Ok(message)) = message else { break };
                heard = Instant::now();
                match read(&message) {
                    Read::Message(message) => { hub.tell(said(message)).await; continue }
                    Read::Nothing => continue,
                    Read::Refused(reason) => text(&refused(reason)),
                }
            }
            _ = pings.tick() => {
                if heard.elapsed() > DEAD_AFTER { break }
                Message::Ping(Default::default())
            }
            () = stopped(&mut stopping) => going_away(),
        };
        if send(&mut socket, answer).await.is_break() {
            break;
        }
    }
    let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
    if timeout(CLOSED_WITHIN, answered).await.is_err() {
        tracing::debug!("A connection was not closed by its other end");
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> ControlFlow<()> {
    let is_last = matches!(message, Message::Close(_));
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) if !is_last => ControlFlow::Continue(()),
        Ok(_) | Err(_) => ControlFlow::Break(()),
    }
}

/// Waits until the hub stops; also when nobody is left to say so.
pub async fn stopped(stopping: &mut watch::Receiver<bool>) {
    while !*stopping.borrow_and_update() {
        if stopping.changed().await.is_err() {
            return;
        }
    }
}

enum Read<M> {
    Message(M),
    Nothing,
    Refused(String),
}

fn read<M: DeserializeOwned>(message: &Message) -> Read<M> {
    match message {
        Message::Text(text) if text.len() > MAX_MESSAGE_BYTES => {
            Read::Refused(format!("A message is at most {MAX_MESSAGE_BYTES} bytes long."))
        }
        Message::Text(text) => match serde_json::from_str(text) {
            Ok(message) => Read::Message(message),
            // The parser's own words may quote the message.
            Err(_) => Read::Refused("The hub does not know this message.".to_owned()),
        },
        Message::Binary(_) => Read::Refused("Messages are text here.".to_owned()),
        // The library answers pings and closes; the end comes as the end of the stream.
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Read::Nothing,
    }
}

/// The switchboard has dropped the line: too slow, or a newer connection took its place.
fn no_longer_wanted() -> Message {
    close(close_code::AGAIN, "the hub has closed this connection")
}

fn going_away() -> Message {
    close(close_code::AWAY, "the hub stops")
}

fn close(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}
