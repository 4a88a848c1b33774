//! Lets carts and physicians in, each to their own routes, and nobody else.

use std::time::Instant;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::{
    auth::secret::token_hash,
    clock,
    hub::Hub,
    web::{Answer, Failure},
};

pub const SESSION_COOKIE: &str = "bedside_session";

/// A cart whose token was good. Has no other source than the guard of the carts' routes.
#[derive(Clone, Debug)]
pub struct CartSession {
    pub cart: String,
}

/// A physician whose session was good. Has no other source than the guard of the portal's routes.
#[derive(Clone, Debug)]
pub struct PhysicianSession {
    pub name: String,
    pub display_name: String,
    pub token_sha256: String,
}

pub async fn carts_only(
    State(hub): State<Hub>,
    mut request: Request,
    next: Next,
) -> Answer<Response> {
    let cart = bearer(request.headers())
        .and_then(|token| hub.cart_tokens.cart_of(token, Instant::now()))
        .ok_or_else(|| Failure::unauthorized("The cart has to sign in first."))?;
    request.extensions_mut().insert(CartSession { cart });
    Ok(next.run(request).await)
}

pub async fn physicians_only(
    State(hub): State<Hub>,
    mut request: Request,
    next: Next,
) -> Answer<Response> {
    let session = physician(&hub, request.headers()).await?;
    request.extensions_mut().insert(session);
    Ok(next.run(request).await)
}

/// Another site's page may not act in a physician's name (SameSite=Strict says the same to browsers).
/// Programs that are no browser send no Origin, and have no cookies of anybody.
pub async fn same_origin(State(hub): State<Hub>, request: Request, next: Next) -> Answer<Response> {
    let origin = request.headers().get(header::ORIGIN).map(|origin| origin.as_bytes());
    let ours = hub.public_url.origin().as_bytes();
    let must_be_there = request.headers().contains_key(header::UPGRADE);
    let acts = must_be_there || !matches!(*request.method(), Method::GET | Method::HEAD);
    let is_ours = origin.map_or(!must_be_there, |origin| origin == ours);
    if acts && !is_ours {
        let reason = format!("Open this page at {} to use it.", hub.public_url);
        return Err(Failure::forbidden(reason));
    }
    Ok(next.run(request).await)
}

async fn physician(hub: &Hub, headers: &HeaderMap) -> Answer<PhysicianSession> {
    let unknown = || Failure::unauthorized("Sign in first.");
    let token_sha256 = token_hash(session_token(headers).ok_or_else(unknown)?);
    let asked = token_sha256.clone();
    let account = hub.ask(move |vault| match vault.session(&asked, clock::now())? {
        Some(name) => vault.physician(&name),
        None => Ok(None),
    });
    let account = account.await?.ok_or_else(unknown)?;
    let (name, display_name) = (account.name, account.display_name);
    Ok(PhysicianSession { name, display_name, token_sha256 })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// RFC 6265 section 4.2.1: "name=value; name=value".
fn session_token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == SESSION_COOKIE).map(|(_, value)| value.trim())
}

impl<S: Sync> FromRequestParts<S> for CartSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let found = parts.extensions.get().cloned();
        found.ok_or_else(|| Failure::unauthorized("The cart has to sign in first."))
    }
}

impl<S: Sync> FromRequestParts<S> for PhysicianSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let found = parts.extensions.get().cloned();
        found.ok_or_else(|| Failure::unauthorized("Sign in first."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cookie: &str, token: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        assert_eq!(session_token(&headers), token, "{cookie}");
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        check("bedside_session=abc", Some("abc"));
        check("theme=dark; bedside_session=abc; x=y", Some("abc"));
        check("not_bedside_session=abc", None);
        check("bedside_session", None);
    }
}
