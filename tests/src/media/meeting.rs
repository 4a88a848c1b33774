//! Where a sender and the viewer's page find each other: pages and texture over HTTP, signals over WebSockets, or, to a
//! program, over its standard input and output. It carries text and reads none of it.

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::Result;
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::{Html, Response},
    routing::get,
};
use tokio::{net::TcpListener, sync::broadcast};

use super::picture;

/// A connection is set up by some thirty signals.
const WAITING: usize = 256;

/// The two directions of one conversation.
pub struct Ways {
    pub to_viewer: broadcast::Sender<String>,
    pub to_sender: broadcast::Sender<String>,
}

pub struct Meeting {
    pub ways: Arc<Ways>,
    address: String,
}

impl Meeting {
    /// Serves on the loopback as long as this program runs.
    ///
    /// # Errors
    /// No port is free.
    pub async fn open() -> Result<Self> {
        let (to_viewer, _) = broadcast::channel(WAITING);
        let (to_sender, _) = broadcast::channel(WAITING);
        let ways = Arc::new(Ways { to_viewer, to_sender });
        let texture = picture::texture();
        let pages = Router::new()
            .route("/viewer.html", get(async || Html(include_str!("viewer.html"))))
            .route("/sender.html", get(async || Html(include_str!("sender.html"))))
            .route("/texture", get(async move || texture))
            .route("/viewer", get(viewer))
            .route("/sender", get(sender))
            .with_state(Arc::clone(&ways));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async {
            if let Err(error) = axum::serve(listener, pages).await {
                eprintln!("The meeting's server ended: {error}");
            }
        });
        Ok(Self { ways, address })
    }

    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }
}

async fn viewer(State(ways): State<Arc<Ways>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |socket| {
        carry(socket, ways.to_viewer.subscribe(), &ways.to_sender).await;
    })
}

async fn sender(State(ways): State<Arc<Ways>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |socket| {
        carry(socket, ways.to_sender.subscribe(), &ways.to_viewer).await;
    })
}

async fn carry(
    mut socket: WebSocket,
    mut out: broadcast::Receiver<String>,
    back: &broadcast::Sender<String>,
) {
    loop {
        tokio::select! {
            text = out.recv() => {
                let Ok(text) = text else { return };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                // Nobody listens while one sender is exchanged for another.
                Some(Ok(Message::Text(text))) => drop(back.send(text.to_string())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}
