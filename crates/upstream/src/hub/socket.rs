//! The live connection with the hub: typed messages both ways, and a heartbeat that notices a dead line.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hub_api::{CartToHub, HubToCart, MAX_MESSAGE_BYTES};
use tokio::{
    net::TcpStream,
    time::{Instant, Interval, MissedTickBehavior, interval, timeout, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderValue, StatusCode, header},
        protocol::WebSocketConfig,
    },
};

use super::{ANSWER_WITHIN, HubClient, SessionError};

/// Often enough that a mobile network keeps the way open.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Three pings without an answer: the line is dead, whatever TCP says.
const SILENT_FOR: Duration = Duration::from_secs(15);
/// A message that does not leave the machine by then waits for a dead line.
const SEND_WITHIN: Duration = Duration::from_secs(5);

/// Why there is no connection, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the hub did not open the live connection in time")]
    ConnectTimedOut,
    #[error("the live connection with the hub broke")]
    Broken(#[source] Box<tungstenite::Error>),
    #[error("the hub closed the live connection")]
    Closed,
    #[error("the hub was silent for {} s", SILENT_FOR.as_secs())]
    Silent,
    #[error("a message for the hub is longer than {MAX_MESSAGE_BYTES} bytes")]
    TooLong,
}

/// An open connection. Dropped, it closes.
pub struct HubSocket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    ping: Interval,
    heard: Instant,
}

impl HubClient {
    /// # Errors
    /// The hub is away, or does not let this cart in.
    pub async fn connect(&self) -> Result<HubSocket, SocketError> {
        let bearer = self.bearer().await?;
        match timeout(ANSWER_WITHIN, self.open(&bearer)).await {
            Err(_) => Err(SocketError::ConnectTimedOut),
            Ok(Ok(stream)) => Ok(HubSocket::new(stream)),
            Ok(Err(tungstenite::Error::Http(answer)))
                if answer.status() == StatusCode::UNAUTHORIZED =>
            {
                self.forget(&bearer).await;
                Err(SessionError::Unexpected(answer.status()).into())
            }
            Ok(Err(error)) => Err(SocketError::Broken(Box::new(error))),
        }
    }

    async fn open(
        &self,
        bearer: &str,
    ) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, tungstenite::Error> {
        let mut request = self.address.socket_at("/api/cart/socket").into_client_request()?;
        let authorization = HeaderValue::from_str(&format!("Bearer {bearer}"))?;
        request.headers_mut().insert(header::AUTHORIZATION, authorization);
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE_BYTES))
            .max_frame_size(Some(MAX_MESSAGE_BYTES));
        // Signals are small and somebody waits for each: no gathering of small packets.
        let without_nagle = true;
        Ok(connect_async_with_config(request, Some(config), without_nagle).await?.0)
    }
}

impl HubSocket {
    fn new(stream: WebSocketStream<MaybeTlsStream<TcpStream>>) -> Self {
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { stream, ping, heard: Instant::now() }
    }

    /// # Errors
    /// The connection is of no more use, except after [`SocketError::TooLong`].
    pub async fn send(&mut self, message: &CartToHub) -> Result<(), SocketError> {
        let text = serde_json::to_string(message).expect("messages of the hub are plain data");
        if text.len() > MAX_MESSAGE_BYTES {
            return Err(SocketError::TooLong);
        }
        self.write(Message::text(text)).await
    }

    /// The next message that this version knows. May be cancelled at any time and loses nothing.
    ///
    /// # Errors
    /// The connection is of no more use.
    pub async fn receive(&mut self) -> Result<HubToCart, SocketError> {
        loop {
            let silent_at = self.heard + SILENT_FOR;
            tokio::select! {
                next = timeout_at(silent_at, self.stream.next()) => {
                    let message = next.map_err(|_| SocketError::Silent)?;
                    let message = message.ok_or(SocketError::Closed)?.map_err(broken)?;
                    self.heard = Instant::now();
                    if let Some(message) = read(&message)? {
                        return Ok(message);
                    }
                }
                _ = self.ping.tick() => self.write(Message::Ping(Default::default())).await?,
            }
        }
    }

    async fn write(&mut self, message: Message) -> Result<(), SocketError> {
        match timeout(SEND_WITHIN, self.stream.send(message)).await {
            Ok(sent) => sent.map_err(broken),
            Err(_) => Err(SocketError::Silent),
        }
    }
}

/// `None` for a heartbeat, and for what a newer hub says and this cart does not know.
fn read(message: &Message) -> Result<Option<HubToCart>, SocketError> {
    match message {
        Message::Text(text) => match serde_json::from_str(text) {
            Ok(message) => Ok(Some(message)),
            Err(error) => {
                // Where it stopped, not what stood there: the message may hold a patient.
                tracing::warn!(
                    line = error.line(),
                    column = error.column(),
                    "Unknown message of the hub"
                );
                Ok(None)
            }
        },
        Message::Close(_) => Err(SocketError::Closed),
        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
    }
}

fn broken(error: tungstenite::Error) -> SocketError {
    match error {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            SocketError::Closed
        }
        error => SocketError::Broken(Box::new(error)),
    }
}

#[cfg(test)]
mod tests;
