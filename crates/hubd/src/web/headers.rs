//! Headers that every answer carries, so that a browser does no more with it than the page needs.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{hub::Hub, web::PublicUrl};

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(self), microphone=(self), speaker-selection=(self), fullscreen=(self), \
             screen-wake-lock=(self), autoplay=(self), geolocation=(), payment=(), usb=()",
        ),
    ),
];

pub async fn secure(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(&hub.public_url));
    if hub.public_url.is_encrypted() {
        let two_years = HeaderValue::from_static("max-age=63072000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    response
}

/// Answers of the API are about patients: no cache keeps them.
pub async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Everything comes from the hub itself; nothing may frame it. Some browsers do not count the
/// WebSocket as `'self'`, so it is named.
fn policy(public_url: &PublicUrl) -> HeaderValue {
    let policy = format!(
        "default-src 'self'; connect-src 'self' {}; img-src 'self' blob: data:; \
         media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
        public_url.socket_origin()
    );
    HeaderValue::from_str(&policy).expect("an origin has no control characters")
}
