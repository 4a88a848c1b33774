//! The hub's HTTP surface. Every path is listed in docs/integrators/hub-api.md, with who may use it.
//!
//! Denied by default: what lies under /api is in one of three routers, and two of them let nobody
//! in whom their guard has not recognised.

mod assets;
mod guard;
mod headers;
mod key_set;
mod problem;
mod public_url;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use hub_api::{MAX_BLOB_BYTES, MAX_ENTRY_BYTES};

use crate::{cart, hub::Hub, portal};

pub use guard::{CartSession, PhysicianSession, SESSION_COOKIE};
pub use problem::{Answer, Failure};
pub use public_url::PublicUrl;

/// A body of a few names.
const MAX_SMALL_BODY_BYTES: usize = 4 * 1024;
/// A still of 16 MiB on a line of 2 Mbit/s takes as long.
const ANSWER_WITHIN: Duration = Duration::from_secs(70);

pub fn router(hub: Hub) -> Router {
    let api = Router::new()
        .merge(open_routes(&hub))
        .merge(cart_routes(&hub))
        .merge(portal_routes(&hub))
        .fallback(async || Failure::not_found("There is nothing at this address."))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "This address is not used like that.")
        })
        .layer(from_fn(headers::never_stored));
    Router::new()
        .nest("/api", api)
        .route("/healthz", get(async || "ok\n"))
        .route("/.well-known/jwks.json", get(key_set::key_set))
        .fallback(assets::asset)
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(hub.clone(), headers::secure))
        .with_state(hub)
}

/// For those who are about to say who they are.
fn open_routes(hub: &Hub) -> Router<Hub> {
    let portal = Router::new()
        .route("/portal/sign-in", post(portal::sign_in))
        .layer(from_fn_with_state(hub.clone(), guard::same_origin));
    Router::new()
        .route("/cart/challenge", post(cart::challenge))
        .route("/cart/session", post(cart::session))
        .merge(portal)
        .layer(DefaultBodyLimit::max(MAX_SMALL_BODY_BYTES))
}

/// For carts with a token.
fn cart_routes(hub: &Hub) -> Router<Hub> {
    Router::new()
        .route(
            "/cart/entries/{id}",
            put(cart::put_entry).layer(DefaultBodyLimit::max(MAX_ENTRY_BYTES)),
        )
        .route(
            "/cart/blobs/{sha256}",
            put(cart::put_blob).layer(DefaultBodyLimit::max(MAX_BLOB_BYTES)),
        )
        .route("/cart/socket", get(cart::socket))
        .route_layer(from_fn_with_state(hub.clone(), guard::carts_only))
}

/// For physicians with a session, from the hub's own page.
fn portal_routes(hub: &Hub) -> Router<Hub> {
    Router::new()
        .route("/portal/sign-out", post(portal::sign_out))
        .route("/portal/me", get(portal::me))
        .route("/portal/socket", get(portal::socket))
        .route("/portal/blobs/{sha256}", get(portal::blob))
        .route("/portal/charts/{call}", get(portal::chart))
        .route(
            "/portal/notes/{id}",
            put(portal::put_note).layer(DefaultBodyLimit::max(MAX_ENTRY_BYTES)),
        )
        .route_layer(from_fn_with_state(hub.clone(), guard::physicians_only))
        .route_layer(from_fn_with_state(hub.clone(), guard::same_origin))
}

/// A sender that stops in the middle of a body holds nothing for ever.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => Failure::new(StatusCode::REQUEST_TIMEOUT, "This took too long.").into_response(),
    }
}

/// JSON that may be answered with, or why not.
pub type JsonAnswer<T> = Answer<Json<T>>;
