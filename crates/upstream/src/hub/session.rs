//! Signing in: a challenge, a signature, a token that is kept until shortly before it ends.

use std::time::{Duration, Instant};

use hub_api::{CartChallenge, CartProof, CartToken, ChallengeRequest, proof_text};
use reqwest::StatusCode;
use tokio::sync::Mutex;

use super::{HubClient, Identity};

/// A token is renewed this long before its end, so that no request is sent with one that ends on the way.
const RENEW_BEFORE_END: Duration = Duration::from_secs(30);

/// Why there is no session with the hub.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("the hub did not answer while signing in")]
    Away(#[source] reqwest::Error),
    #[error("the hub does not know this cart, or not by this key")]
    NotEnrolled,
    #[error("the hub answered {0} while signing in")]
    Unexpected(StatusCode),
}

/// Who the cart is, and the token that the hub gave for it last.
pub(super) struct Session {
    cart: String,
    identity: Identity,
    // Held over the sign-in, so that two requests at once sign in once.
    token: Mutex<Option<Token>>,
}

struct Token {
    bearer: String,
    good_until: Instant,
}

impl Session {
    pub(super) fn new(cart: String, identity: Identity) -> Self {
        Self { cart, identity, token: Mutex::new(None) }
    }

    fn proof(&self, nonce: String) -> CartProof {
        let signature = self.identity.sign(&proof_text(&self.cart, &nonce));
        CartProof { cart: self.cart.clone(), nonce, signature }
    }
}

impl HubClient {
    /// The token of now; signs in when there is none.
    pub(super) async fn bearer(&self) -> Result<String, SessionError> {
        let mut token = self.session.token.lock().await;
        if let Some(token) = token.as_ref().filter(|token| Instant::now() < token.good_until) {
            return Ok(token.bearer.clone());
        }
        let fresh = self.sign_in().await?;
        Ok(token.insert(fresh).bearer.clone())
    }

    /// The hub no longer takes this token: the next request signs in anew.
    pub(super) async fn forget(&self, bearer: &str) {
        let mut token = self.session.token.lock().await;
        // Another request may have signed in meanwhile; that token is still good.
        if token.as_ref().is_some_and(|token| token.bearer == bearer) {
            *token = None;
        }
    }

    async fn sign_in(&self) -> Result<Token, SessionError> {
        let request = ChallengeRequest { cart: self.session.cart.clone() };
        let challenge: CartChallenge = self.ask("/api/cart/challenge", &request).await?;
        let proof = self.session.proof(challenge.nonce);
        let started = Instant::now();
        let given: CartToken = self.ask("/api/cart/session", &proof).await?;
        let life = Duration::from_secs(given.expires_in_s.into());
        let good_until = started + life.saturating_sub(RENEW_BEFORE_END);
        tracing::info!(expires_in_s = given.expires_in_s, "Signed in at the hub");
        Ok(Token { bearer: given.token, good_until })
    }

    async fn ask<Q, A>(&self, path: &str, question: &Q) -> Result<A, SessionError>
    where
        Q: serde::Serialize,
        A: serde::de::DeserializeOwned,
    {
        let sent = self.http.post(self.address.at(path)).json(question).send().await;
        let answer = sent.map_err(SessionError::Away)?;
        match answer.status() {
            status if status.is_success() => answer.json().await.map_err(SessionError::Away),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(SessionError::NotEnrolled),
            status => Err(SessionError::Unexpected(status)),
        }
    }
}
