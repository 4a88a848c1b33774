//! An EHR that gives tokens for good assertions only, and answers only with a token. Its clock is its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use clinical::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use upstream::ehr::{Clock, EhrAccess, EhrClient, Proof, Secret, SecretPlace, SignIn, SigningKey};

use crate::proof;

/// 2026-11-18, in seconds.
pub const NOW: i64 = 1_795_000_000;
pub const SCOPES: &str = "system/Patient.rs system/Observation.crus";

#[derive(Clone)]
pub struct Strict {
    inner: Arc<Mutex<Inner>>,
    /// Of the hub, in milliseconds.
    hub_clock: Arc<AtomicI64>,
    pub key: Arc<SigningKey>,
    pub base: String,
}

pub struct Inner {
    pub now: i64,
    /// What it says in `Date`; else its clock.
    pub says: Option<i64>,
    pub expires_in: u64,
    /// `None`: what was asked.
    pub grants: Option<Value>,
    /// Answers this to the next requests for a token.
    pub instead: Vec<Response>,
    /// Why assertions were refused.
    pub refusals: Vec<String>,
    pub asked: u32,
    pub assertions: Vec<String>,
    valid: BTreeSet<String>,
    seen: BTreeSet<String>,
    keys: Value,
    endpoint: String,
    /// Answers this to every read with a good token.
    pub answers: StatusCode,
    pub reads: u32,
}

impl Strict {
    pub async fn start() -> Self {
        let pem = Command::new("openssl")
            .args(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"])
            .output()
            .unwrap();
        let key = Arc::new(SigningKey::from_pem(&pem.stdout, None).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            now: NOW,
            says: None,
            expires_in: 300,
            grants: None,
            instead: Vec::new(),
            refusals: Vec::new(),
            asked: 0,
            assertions: Vec::new(),
            valid: BTreeSet::new(),
            seen: BTreeSet::new(),
            keys: json!({"keys": [serde_json::to_value(key.jwk()).unwrap()]}),
            endpoint: format!("{origin}/token"),
            answers: StatusCode::OK,
            reads: 0,
        };
        let strict = Self {
            inner: Arc::new(Mutex::new(inner)),
            hub_clock: Arc::new(AtomicI64::new(NOW * 1000)),
            key,
            base: format!("{origin}/fhir"),
        };
        let routes = Router::new()
            .route("/fhir/.well-known/smart-configuration", get(configuration))
            .route("/fhir/{*path}", get(read).post(read))
            .route("/token", post(token))
            .with_state(strict.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        strict
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Tokens asked for, and reads with a good one.
    pub fn counts(&self) -> (u32, u32) {
        let inner = self.lock();
        (inner.asked, inner.reads)
    }

    pub fn endpoint(&self) -> String {
        self.lock().endpoint.clone()
    }

    /// The hub's own clock, in seconds away from the EHR's at the start.
    pub fn set_hub_clock(&self, seconds: i64) {
        self.hub_clock.store((NOW + seconds) * 1000, Ordering::SeqCst);
    }

    pub fn clock(&self) -> Clock {
        let clock = self.hub_clock.clone();
        Arc::new(move || Timestamp::from_millis(clock.load(Ordering::SeqCst)))
    }

    /// Ends all tokens before their time.
    pub fn end_tokens(&self) {
        self.lock().valid.clear();
    }

    pub fn by_key(&self) -> SignIn {
        SignIn {
            client_id: "hub".into(),
            token_endpoint: None,
            scopes: SCOPES.split(' ').map(str::to_owned).collect(),
            proof: Proof::Key { key: self.key.clone(), key_set_url: None },
        }
    }

    pub fn by_secret(&self, place: SecretPlace, trusts_silence: bool) -> SignIn {
        let proof = Proof::Secret { secret: Secret::new("s%+ &é"), place, trusts_silence };
        SignIn { proof, ..self.by_key() }
    }

    pub fn client(&self, sign_in: SignIn) -> EhrClient {
        let access = EhrAccess { sign_in: Some(sign_in), ..EhrAccess::open(self.clock()) };
        EhrClient::new(&self.base, access).unwrap()
    }
}

/// RFC 9110 section 5.6.7.
fn date(seconds: i64) -> HeaderValue {
    let time = jiff::Timestamp::from_second(seconds).unwrap();
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time);
    HeaderValue::from_str(&text.unwrap()).unwrap()
}

async fn configuration(State(strict): State<Strict>) -> Response {
    let inner = strict.lock();
    let json = Json(json!({"token_endpoint": inner.endpoint, "capabilities": null}));
    ([(header::DATE, date(inner.says.unwrap_or(inner.now)))], json).into_response()
}

async fn token(
    State(strict): State<Strict>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    // So that others come while this one is answered.
    tokio::task::yield_now().await;
    let mut inner = strict.lock();
    inner.asked += 1;
    let mut answer = match inner.instead.pop() {
        Some(answer) => answer,
        None => inner.judge(&headers, &form),
    };
    let says = inner.says.unwrap_or(inner.now);
    answer.headers_mut().insert(header::DATE, date(says));
    answer
}

async fn read(State(strict): State<Strict>, headers: HeaderMap) -> Response {
    let mut inner = strict.lock();
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !inner.valid.contains(token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    inner.reads += 1;
    (inner.answers, "{}").into_response()
}

impl Inner {
    fn judge(&mut self, headers: &HeaderMap, form: &BTreeMap<String, String>) -> Response {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        assert_eq!(field("grant_type"), "client_credentials");
        let basic = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap());
        let proven = match basic {
            // `hub:s%25%2B+%26%C3%A9`
            Some("Basic aHViOnMlMjUlMkIrJTI2JUMzJUE5") => Ok(()),
            Some(_) => Err("wrong secret"),
            None if field("client_secret") == "s%+ &é" && field("client_id") == "hub" => Ok(()),
            None => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                assert_eq!(field("client_assertion_type"), kind);
                let assertion = field("client_assertion");
                self.assertions.push(assertion.to_owned());
                let (endpoint, now) = (&self.endpoint, self.now);
                proof::verify(assertion, &self.keys, endpoint, now, &mut self.seen)
            }
        };
        if let Err(why) = proven {
            self.refusals.push(why.to_owned());
            let said = json!({"error": "invalid_client", "error_description": why});
            return (StatusCode::UNAUTHORIZED, Json(said)).into_response();
        }
        let token = format!("token-{}", self.asked);
        self.valid.insert(token.clone());
        let scope = self.grants.clone().unwrap_or_else(|| field("scope").into());
        Json(json!({"access_token": token, "token_type": "bearer", "expires_in": self.expires_in,
            "scope": scope}))
        .into_response()
    }
}
