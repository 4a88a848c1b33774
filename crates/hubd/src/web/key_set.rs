//! The public keys that EHRs check this hub's sign-in with: for everybody to read.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};

use crate::{hub::Hub, web::Failure};

/// A new key is seen everywhere after five minutes.
const KEEP: &str = "public, max-age=300";

pub async fn key_set(State(hub): State<Hub>) -> Response {
    match &hub.ehr_keys {
        Some(keys) => {
            // Some EHRs take the general type only.
            let headers =
                [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, KEEP)];
            (headers, keys.json().to_owned()).into_response()
        }
        None => Failure::not_found("This hub has no key for an EHR.").into_response(),
    }
}
