//! What keeps an archive from answering, and how much of its answer is read.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode, header::HeaderName};

/// "Later", "not allowed" and "never" are different errors. No text of them holds patient data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StowError {
    /// The fault of the network or the archive: the same again may succeed.
    #[error("{what}")]
    Later { what: String, retry_after: Option<Duration> },
    /// The archive does not let us in: a person repairs the access, and then the same request succeeds.
    #[error("{what}")]
    Denied { what: String },
    /// The fault of the content, in plain words: the same again gets the same answer.
    #[error("{what}")]
    Refused { what: String },
}

impl StowError {
    pub(super) fn later(what: &str) -> Self {
        Self::Later { what: what.to_owned(), retry_after: None }
    }

    pub(super) fn denied(what: &str) -> Self {
        Self::Denied { what: what.to_owned() }
    }
}

pub(super) async fn send(request: RequestBuilder) -> Result<Response, StowError> {
    request.send().await.map_err(|error| away(&error))
}

/// A status that says nothing about the content.
pub(super) fn not_now(answer: &Response) -> StowError {
    let what = |why| format!("the image archive {why} (it answered {})", answer.status());
    match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            StowError::Denied { what: what("does not let the hub in; check its user or token") }
        }
        StatusCode::NOT_FOUND => StowError::Later {
            what: what("has no DICOMweb at this address; check it"),
            retry_after: None,
        },
        _ => StowError::Later { what: what("takes nothing now"), retry_after: retry_after(answer) },
    }
}

/// In seconds (RFC 9110 section 10.2.3); the other form, a date, needs a clock that agrees with the archive's.
fn retry_after(answer: &Response) -> Option<Duration> {
    header(answer, reqwest::header::RETRY_AFTER).parse().ok().map(Duration::from_secs)
}

/// Empty where there is none.
pub(super) fn header(answer: &Response, name: HeaderName) -> String {
    let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

pub(super) async fn read(mut answer: Response, most: usize) -> Result<Vec<u8>, StowError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| away(&error))? {
        if body.len() + chunk.len() > most {
            return Err(StowError::later("the image archive's answer is far longer than the file"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A reqwest error names the whole address, which may hold a password.
fn away(error: &reqwest::Error) -> StowError {
    StowError::later(match error {
        error if error.is_timeout() => "the image archive did not answer in time",
        error if error.is_connect() => "the image archive cannot be reached",
        _ => "the connection to the image archive broke",
    })
}
