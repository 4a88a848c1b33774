//! The access token: asked for once by many, kept until shortly before its end, renewed when the EHR no longer takes it.

use std::sync::atomic::{AtomicU64, Ordering};

use clinical::Timestamp;
use reqwest::{Response, Url};
use tokio::sync::Mutex;

use super::{
    access::SignIn,
    address,
    discovery::{self, Discovery, discover},
    grant::{self, Granted},
    secret::Secret,
    trouble::Trouble,
    wire::Wire,
};

/// A token is renewed so long before its end, or at three quarters of a short life: as long as a request may take.
const MARGIN_MS: i64 = 30_000;
/// What a registration loses is noticed within the hour, whatever the server says of its tokens' life.
const LONGEST_MS: i64 = 60 * 60_000;
/// A clock that is wrong by more is a reason to ask once more with the EHR's time.
const CLOCKS_DIFFER_MS: i64 = 10_000;

/// Shared by all requests to one EHR.
pub struct TokenDesk {
    sign_in: SignIn,
    base: Url,
    wire: Wire,
    /// How often the server was asked and has answered: who waited meanwhile takes that answer as its own.
    rounds: AtomicU64,
    /// Held while the server is asked, so that everybody else waits for the same answer.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Trouble>,
    /// As discovered; asked for again after a failure.
    endpoint: Option<Url>,
    /// How far the EHR's clock is ahead of ours, in milliseconds.
    ahead: Option<i64>,
}

struct Token {
    secret: Secret,
    /// By our own clock. Where that jumps, the token is renewed too early, or after the EHR's 401.
    from: Timestamp,
    until: Timestamp,
    scopes: Option<String>,
}

/// What a person wants to see of a sign-in that worked.
#[derive(Debug)]
pub struct SignedIn {
    pub endpoint: String,
    /// As the EHR said; `None` where it said nothing.
    pub scopes: Option<String>,
    /// How far the EHR's clock is ahead of this machine's, in milliseconds.
    pub ahead: Option<i64>,
}

impl TokenDesk {
    pub fn new(sign_in: SignIn, base: Url, wire: Wire) -> Self {
        Self { sign_in, base, wire, rounds: AtomicU64::new(0), state: Mutex::default() }
    }

    pub async fn token(&self) -> Result<Secret, Trouble> {
        self.after(None).await
    }

    /// Another one than `stale`, which the EHR did not take. Many may come with the same: one renews it.
    pub async fn renewed(&self, stale: &Secret) -> Result<Secret, Trouble> {
        self.after(Some(stale)).await
    }

    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    pub async fn signed_in(&self) -> Result<SignedIn, Trouble> {
        self.token().await?;
        let state = self.state.lock().await;
        let endpoint = state.endpoint.as_ref().map_or_else(String::new, Url::to_string);
        let scopes = state.token.as_ref().and_then(|token| token.scopes.clone());
        Ok(SignedIn { endpoint, scopes, ahead: state.ahead })
    }

    async fn after(&self, stale: Option<&Secret>) -> Result<Secret, Trouble> {
        let round = self.rounds.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = self.now();
        state.token.take_if(|token| {
            stale.is_some_and(|stale| token.secret.is(stale)) || !token.is_usable(now)
        });
        if let Some(token) = &state.token {
            return Ok(token.secret.clone());
        }
        if self.rounds.load(Ordering::Acquire) != round
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let outcome = self.ask(&mut state).await;
        self.rounds.fetch_add(1, Ordering::Release);
        match outcome {
            Ok(granted) => {
                state.failure = None;
                let token = state.token.insert(Token::new(granted, self.now()));
                Ok(token.secret.clone())
            }
            Err(trouble) => {
                state.endpoint = None;
                state.failure = Some(trouble.clone());
                Err(trouble)
            }
        }
    }

    fn now(&self) -> Timestamp {
        (self.wire.clock)()
    }

    async fn ask(&self, state: &mut State) -> Result<Granted, Trouble> {
        let endpoint = self.endpoint(state).await?;
        let believed = state.ahead.unwrap_or(0);
        let answer = self.request(state, &endpoint).await?;
        let granted = grant::granted(answer, &self.sign_in).await;
        let differed = (state.ahead.unwrap_or(0) - believed).abs() > CLOCKS_DIFFER_MS;
        match granted {
            Err(Trouble::Denied { .. }) if differed => {
                let answer = self.request(state, &endpoint).await?;
                grant::granted(answer, &self.sign_in).await
            }
            granted => granted,
        }
    }

    async fn request(&self, state: &mut State, endpoint: &Url) -> Result<Response, Trouble> {
        let now = self.now().plus_millis(state.ahead.unwrap_or(0));
        let answer = grant::ask(&self.wire, endpoint, &self.sign_in, now).await?;
        state.learn(self.now(), discovery::date(&answer));
        Ok(answer)
    }

    async fn endpoint(&self, state: &mut State) -> Result<Url, Trouble> {
        if let Some(endpoint) = &state.endpoint {
            return Ok(endpoint.clone());
        }
        let endpoint = match &self.sign_in.token_endpoint {
            Some(configured) => configured.clone(),
            None => {
                let (Discovery { token_endpoint, .. }, date) =
                    discover(&self.wire, &self.base).await?;
                state.learn(self.now(), date);
                token_endpoint
            }
        };
        let endpoint =
            address::parse(&endpoint).map_err(|error| Trouble::denied(error.to_string()))?;
        Ok(state.endpoint.insert(endpoint).clone())
    }
}

impl State {
    fn learn(&mut self, now: Timestamp, date: Option<Timestamp>) {
        if let Some(date) = date {
            self.ahead = Some(date.millis_since(now));
        }
    }
}

impl Token {
    fn new(granted: Granted, now: Timestamp) -> Self {
        let lives = i64::try_from(granted.lives.as_millis()).unwrap_or(LONGEST_MS).min(LONGEST_MS);
        let until = now.plus_millis(lives - MARGIN_MS.min(lives / 4));
        Self { secret: granted.token, from: now, until, scopes: granted.scopes }
    }

    fn is_usable(&self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now)
    }
}
