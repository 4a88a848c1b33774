//! WebDriver BiDi: commands and their results over one WebSocket (W3C, WebDriver BiDi, section 4).

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::Mutex, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// A script waits for sound or for a picture itself; a browser that takes longer is gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

pub(super) struct Bidi(Mutex<Line>);

struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last: u64,
}

impl Bidi {
    pub(super) async fn connect(address: &str) -> Result<Self> {
        let (socket, _) = connect_async(address).await?;
        Ok(Self(Mutex::new(Line { socket, last: 0 })))
    }

    /// What the browser answers to it. One command at a time.
    pub(super) async fn command(&self, method: &str, parameters: Value) -> Result<Value> {
        let mut line = self.0.lock().await;
        let answer = timeout(ANSWER_WITHIN, line.ask(method, &parameters)).await;
        let answer = answer.with_context(|| format!("no answer to {method}"))?;
        answer.with_context(|| method.to_owned())
    }
}

impl Line {
    async fn ask(&mut self, method: &str, parameters: &Value) -> Result<Value> {
        self.last += 1;
        let command = json!({ "id": self.last, "method": method, "params": parameters });
        self.socket.send(Message::text(command.to_string())).await?;
        loop {
            let message = self.socket.next().await.context("the browser hung up")??;
            let Message::Text(text) = message else { continue };
            let mut answer: Value = serde_json::from_str(&text)?;
            // An event, or the answer to a command that nobody waits for any more.
            if answer["id"] != self.last {
                continue;
            }
            if answer["type"] == "error" {
                bail!("{}: {}", answer["error"], answer["message"]);
            }
            return Ok(answer["result"].take());
        }
    }
}
