//! A physician proves who they are, and gets a session in a cookie that no script can read.

use std::sync::PoisonError;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderName, StatusCode, header},
};
use clinical::{Act, Actor, AuditEvent};
use hub_api::{SignIn, SignedIn};

use crate::{
    auth::secret::{new_token, token_hash},
    clock,
    hub::Hub,
    live::Event,
    web::{Answer, Failure, JsonAnswer, PhysicianSession, SESSION_COOKIE},
};

/// A shift. The cookie ends with it, and so does the session, whatever the browser does.
const SESSION_S: i64 = 12 * 60 * 60;

/// `Secure` also on an unencrypted loopback address: browsers take that for trustworthy.
const COOKIE_RULES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/api/portal";

type SetCookie = [(HeaderName, String); 1];

pub async fn sign_in(
    State(hub): State<Hub>,
    account: Result<Json<SignIn>, JsonRejection>,
) -> Answer<(SetCookie, Json<SignedIn>)> {
    let Json(SignIn { name, password }) = account?;
    begin(&hub, &name)?;
    let asked = name.clone();
    let account = hub.ask(move |vault| vault.physician(&asked)).await?;
    let claimed = account.as_ref().map_or_else(Actor::somebody, |it| Actor::physician(&it.name));
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let is_right = hub.passwords.is_right(password, hash).await;
    let Some(account) = account.filter(|_| is_right) else {
        tracing::warn!("Refused a physician's sign-in");
        let failed = AuditEvent::new(clock::now(), claimed, Act::SignInFailed);
        hub.ask(move |vault| vault.audit().note(&[failed])).await?;
        return Err(Failure::unauthorized("This name and password do not belong together."));
    };
    hub.throttle.lock().unwrap_or_else(PoisonError::into_inner).succeeded(&name);
    let token = open_session(&hub, name).await?;
    tracing::info!(physician = account.name, "Signed in");
    let signed_in = SignedIn { name: account.name, display_name: account.display_name };
    let cookie = format!("{SESSION_COOKIE}={token}; Max-Age={SESSION_S}; {COOKIE_RULES}");
    Ok(([(header::SET_COOKIE, cookie)], Json(signed_in)))
}

pub async fn me(session: PhysicianSession) -> JsonAnswer<SignedIn> {
    Ok(Json(SignedIn { name: session.name, display_name: session.display_name }))
}

pub async fn sign_out(
    State(hub): State<Hub>,
    session: PhysicianSession,
) -> Answer<(StatusCode, SetCookie)> {
    let token_sha256 = session.token_sha256.clone();
    let event = AuditEvent::new(clock::now(), Actor::physician(&session.name), Act::SignedOut);
    hub.ask(move |vault| vault.end_session(&session.token_sha256, &event)).await?;
    hub.tell(Event::SignedOut { token_sha256 }).await;
    let cookie = format!("{SESSION_COOKIE}=; Max-Age=0; {COOKIE_RULES}");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

fn begin(hub: &Hub, name: &str) -> Answer<()> {
    let mut throttle = hub.throttle.lock().unwrap_or_else(PoisonError::into_inner);
    throttle.begin(name, clock::now()).map_err(|wait_ms| {
        let seconds = u32::try_from((wait_ms + 999) / 1_000).unwrap_or(u32::MAX);
        let reason = format!("Too many wrong passwords. Try again in {seconds} s.");
        Failure::wait(seconds, reason)
    })
}

async fn open_session(hub: &Hub, physician: String) -> Answer<String> {
    let (token, now) = (new_token()?, clock::now());
    let sha256 = token_hash(&token);
    let expires = now.plus_millis(SESSION_S * 1_000);
    let event = AuditEvent::new(now, Actor::physician(&physician), Act::SignedIn);
    hub.ask(move |vault| vault.open_session(&sha256, &physician, expires, &event)).await?;
    Ok(token)
}
