//! The physicians' page, embedded in the program: one file to install, and never of another version.

use axum::{
    http::{Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::RustEmbed;

use crate::web::Failure;

#[derive(RustEmbed)]
#[folder = "portal/dist"]
struct Portal;

/// Vite puts a hash of the content into the names below this folder: they never change.
const HASHED: &str = "assets/";
const PAGE: &str = "index.html";

pub async fn asset(method: Method, uri: Uri) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        let reason = "This address is not used like that.";
        return Failure::new(StatusCode::METHOD_NOT_ALLOWED, reason).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    match file(path) {
        Some(response) => response,
        // The page has addresses of its own; a missing picture or script is really missing.
        None if is_page_address(path) => {
            file(PAGE).expect("the build checks that the page is there")
        }
        None => Failure::not_found("There is nothing at this address.").into_response(),
    }
}

fn file(path: &str) -> Option<Response> {
    let file = Portal::get(path)?;
    let keep =
        if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, media_type(path)), (header::CACHE_CONTROL, keep)];
    Some((headers, file.data.into_owned()).into_response())
}

fn is_page_address(path: &str) -> bool {
    !path.starts_with(HASHED) && !path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("wav") => "audio/wav",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        _ => "application/octet-stream",
    }
}
