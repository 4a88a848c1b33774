//! Where a sender and the viewer's page find each other: pages and texture over HTTP, signals over WebSockets, or, to a
//! program, over its standard input and output. It carries text and reads none of it, except where a detour is wanted.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

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

use super::{
    detour::{Detour, To},
    picture,
};

/// A connection is set up by some thirty signals.
const WAITING: usize = 256;

/// The two directions of one conversation.
pub struct Ways {
    pub to_viewer: broadcast::Sender<String>,
    pub to_sender: broadcast::Sender<String>,
    /// While there is one, what is sent over UDP takes it too.
    detour: Mutex<Option<Arc<Detour>>>,
}

impl Ways {
    /// From now on; a connection that is there stays as it is.
    pub fn lead(&self, detour: Option<Arc<Detour>>) {
        *self.detour.lock().unwrap_or_else(PoisonError::into_inner) = detour;
    }

    /// What an end said to the other.
    pub async fn pass(&self, to: To, said: String) {
        let detour = self.detour.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let said = match detour {
            None => Some(said),
            Some(detour) => detour.rewrite(to, &said).await.unwrap_or_else(|error| {
                println!("A signal is lost: {error:#}");
                None
            }),
        };
        let way = if to == To::Viewer { &self.to_viewer } else { &self.to_sender };
        if let Some(said) = said {
            // Nobody listens while one sender is exchanged for another.
            drop(way.send(said));
        }
    }
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
        let ways = Arc::new(Ways { to_viewer, to_sender, detour: Mutex::default() });
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
        carry(socket, ways.to_viewer.subscribe(), &ways, To::Sender).await;
    })
}

async fn sender(State(ways): State<Arc<Ways>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |socket| {
        carry(socket, ways.to_sender.subscribe(), &ways, To::Viewer).await;
    })
}

async fn carry(mut socket: WebSocket, mut out: broadcast::Receiver<String>, ways: &Ways, back: To) {
    loop {
        tokio::select! {
            text = out.recv() => {
                let Ok(text) = text else { return };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => ways.pass(back, text.to_string()).await,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}
