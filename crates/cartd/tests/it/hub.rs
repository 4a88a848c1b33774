//! A hub on loopback that keeps its word as docs/integrators say: challenge, token, live socket, durable puts.

use std::{collections::HashMap, net::SocketAddr};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, Path, State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use clinical::{Entry, EntryBody};
use hub_api::{
    CartChallenge, CartProof, CartToHub, CartToken, ChallengeRequest, HubToCart, MAX_BLOB_BYTES,
    Problem, Receipt, proof_text,
};
use ring::{
    digest::{SHA256, digest},
    signature::{ED25519, UnparsedPublicKey},
};
use tokio::{net::TcpListener, runtime::Runtime, sync::mpsc};

use crate::patience::Watched;

/// What the hub has been told, and how it is to behave.
#[derive(Default)]
pub struct Seen {
    pub public_key: Vec<u8>,
    pub nonces: Vec<String>,
    pub tokens: Vec<String>,
    /// In the order of their first coming; with the bytes as they came.
    pub entries: Vec<(Entry, Vec<u8>)>,
    /// How often each entry came, by id.
    pub tries: HashMap<String, u32>,
    pub blobs: HashMap<String, Vec<u8>>,
    pub messages: Vec<CartToHub>,
    /// To the cart that is connected.
    pub cart: Option<mpsc::UnboundedSender<HubToCart>>,
    /// Take entries in, but lose the answer, this many times.
    pub lose_answers: u32,
    pub refuse_readings: bool,
}

pub struct Hub {
    pub address: SocketAddr,
    pub seen: Watched<Seen>,
    /// Dropped with all its connections when the network is cut.
    runtime: Option<Runtime>,
}

impl Hub {
    /// Reserves an address; nobody listens yet.
    pub fn away() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, seen: Watched::new(Seen::default()), runtime: None }
    }

    pub fn enrol(&self, public_key: &str) {
        self.seen.change(|seen| seen.public_key = from_hexadecimal(public_key));
    }

    pub fn come_up(&mut self) {
        let runtime = Runtime::new().unwrap();
        let app = routes(self.seen.clone());
        let listener = runtime.block_on(TcpListener::bind(self.address)).unwrap();
        runtime.spawn(async move { axum::serve(listener, app).await });
        self.runtime = Some(runtime);
    }

    pub fn go_away(&mut self) {
        self.runtime.take().expect("the hub is up").shutdown_background();
        self.seen.change(|seen| {
            seen.cart = None;
            // A hub that restarts has forgotten its sessions.
            seen.tokens.clear();
        });
    }

    #[track_caller]
    pub fn say(&self, message: HubToCart) {
        self.seen.until("the cart to be connected", |seen| {
            seen.cart.as_ref().and_then(|cart| cart.send(message.clone()).ok())
        });
    }

    #[track_caller]
    pub fn hears<R>(&self, what: &str, mut look: impl FnMut(&CartToHub) -> Option<R>) -> R {
        self.seen.until(what, |seen| seen.messages.iter().find_map(&mut look))
    }

    #[track_caller]
    pub fn has_entries(&self, kinds: &[&str]) {
        self.seen.until(&format!("entries {kinds:?} at the hub"), |seen| {
            let found: Vec<_> = seen.entries.iter().map(|(entry, _)| kind(&entry.body)).collect();
            assert!(found.len() <= kinds.len(), "too many entries: {found:?}");
            (found == kinds).then_some(())
        });
    }
}

pub fn kind(body: &EntryBody) -> &'static str {
    match body {
        EntryBody::Opened(_) => "opened",
        EntryBody::Reading(_) => "reading",
        EntryBody::Observed(_) => "observed",
        EntryBody::Still(_) => "still",
        EntryBody::Auscultation(_) => "auscultation",
        EntryBody::Note(_) => "note",
        EntryBody::Closed => "closed",
    }
}

fn routes(seen: Watched<Seen>) -> Router {
    Router::new()
        .route("/api/cart/challenge", post(challenge))
        .route("/api/cart/session", post(session))
        .route("/api/cart/socket", get(socket))
        .route("/api/cart/entries/{id}", put(entry))
        .route("/api/cart/blobs/{sha256}", put(blob))
        .layer(DefaultBodyLimit::max(MAX_BLOB_BYTES))
        .with_state(seen)
}

async fn challenge(
    State(seen): State<Watched<Seen>>,
    Json(_): Json<ChallengeRequest>,
) -> Json<CartChallenge> {
    let nonce = uuid::Uuid::now_v7().to_string();
    seen.change(|seen| seen.nonces.push(nonce.clone()));
    Json(CartChallenge { nonce })
}

async fn session(State(seen): State<Watched<Seen>>, Json(proof): Json<CartProof>) -> Response {
    let signed = proof_text(&proof.cart, &proof.nonce);
    let is_right = seen.change(|seen| {
        let known = seen.nonces.iter().position(|nonce| *nonce == proof.nonce);
        known.map(|at| seen.nonces.remove(at));
        let key = UnparsedPublicKey::new(&ED25519, &seen.public_key);
        let signature = from_hexadecimal(&proof.signature);
        known.is_some() && key.verify(signed.as_bytes(), &signature).is_ok()
    });
    if !is_right {
        return problem(StatusCode::UNAUTHORIZED, "who are you?");
    }
    let token = uuid::Uuid::now_v7().to_string();
    seen.change(|seen| seen.tokens.push(token.clone()));
    Json(CartToken { token, expires_in_s: 600 }).into_response()
}

fn is_signed_in(seen: &Watched<Seen>, headers: &HeaderMap) -> bool {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
    seen.change(|seen| token.is_some_and(|token| seen.tokens.iter().any(|known| known == token)))
}

async fn entry(
    State(seen): State<Watched<Seen>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_signed_in(&seen, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "sign in");
    }
    let sha256 = sha256(&body);
    assert_eq!(headers.get("idempotency-key").unwrap(), sha256.as_str());
    let entry: Entry = serde_json::from_slice(&body).unwrap();
    assert_eq!(entry.id.to_string(), id);
    seen.change(|seen| {
        *seen.tries.entry(id).or_default() += 1;
        if let Some(attachment) = entry.body.attachment() {
            assert!(seen.blobs.contains_key(attachment.sha256), "the blob comes first");
        }
        if seen.refuse_readings && matches!(entry.body, EntryBody::Reading(_)) {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "no readings today");
        }
        match seen.entries.iter().find(|(known, _)| known.id == entry.id) {
            Some((_, known)) => assert_eq!(*known, body, "every try carries the same bytes"),
            None => seen.entries.push((entry, body.to_vec())),
        }
        if seen.lose_answers > 0 {
            seen.lose_answers -= 1;
            return problem(StatusCode::BAD_GATEWAY, "the answer is lost on the way");
        }
        Json(Receipt { sha256 }).into_response()
    })
}

async fn blob(
    State(seen): State<Watched<Seen>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_signed_in(&seen, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "sign in");
    }
    let sha256 = sha256(&body);
    assert_eq!(name, sha256);
    seen.change(|seen| seen.blobs.insert(name, body.to_vec()));
    Json(Receipt { sha256 }).into_response()
}

async fn socket(
    State(seen): State<Watched<Seen>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_signed_in(&seen, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "sign in");
    }
    upgrade.on_upgrade(|socket| talk(seen, socket))
}

async fn talk(seen: Watched<Seen>, mut socket: WebSocket) {
    let (cart, mut to_cart) = mpsc::unbounded_channel();
    let welcome = HubToCart::Welcome { version: hub_api::VERSION, cart: "w3".into() };
    cart.send(welcome).unwrap();
    seen.change(|seen| seen.cart = Some(cart));
    loop {
        tokio::select! {
            message = to_cart.recv() => {
                let Some(message) = message else { return };
                let text = serde_json::to_string(&message).unwrap();
                if socket.send(Message::text(text)).await.is_err() { return }
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => {
                    let message = serde_json::from_str(&text).unwrap();
                    seen.change(|seen| seen.messages.push(message));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            }
        }
    }
}

fn problem(status: StatusCode, reason: &str) -> Response {
    (status, Json(Problem { reason: reason.into() })).into_response()
}

pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hexadecimal(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}
