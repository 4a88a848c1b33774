//! What an answer of the EHR means: done, later, never, or not let in.

use std::time::Duration;

use reqwest::{Response, StatusCode, header};

use super::{
    session::WHOM,
    trouble::{Trouble, broken},
};

/// 200 appointments take about 200 KiB; nothing that is read is larger than this.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// "Later" and "never" are different errors. Neither's text holds patient data.
#[derive(Debug, thiserror::Error)]
pub enum EhrError {
    /// Nothing of it was taken: it did not get there, or was turned away unread.
    #[error("{what}")]
    Later { what: String, retry_after: Option<Duration> },
    /// It may have been taken: there was no answer, or one that leaves it open.
    #[error("{what}")]
    InDoubt { what: String, retry_after: Option<Duration> },
    /// The EHR does not let this hub in, or not to this: a person repairs the access, and then the same
    /// succeeds.
    #[error("{what}")]
    Denied { what: String },
    /// The fault of the content. `body` is what the server says about it; it may quote the resource,
    /// so it is for those who may see the record and for no log.
    #[error("the EHR answered {status}")]
    Refused { status: u16, body: RefusalBody },
}

/// Printed as its length only.
pub struct RefusalBody(pub Vec<u8>);

impl std::fmt::Debug for RefusalBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefusalBody({} bytes)", self.0.len())
    }
}

pub async fn success(answer: Response) -> Result<(), EhrError> {
    judge(answer).await.map(drop)
}

pub async fn body(answer: Response) -> Result<Vec<u8>, EhrError> {
    Ok(read(judge(answer).await?).await?)
}

pub(super) async fn judge(answer: Response) -> Result<Response, EhrError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    if is_about_the_content(status) {
        let body = RefusalBody(read(answer).await?);
        return Err(EhrError::Refused { status: status.as_u16(), body });
    }
    if let Some(what) = denied(status) {
        return Err(EhrError::Denied { what: what.to_owned() });
    }
    let (what, retry_after) = (format!("the EHR answered {status}"), retry_after(&answer));
    // Whoever is behind a gateway that gave up may still be at work.
    Err(if is_open(status) {
        EhrError::InDoubt { what, retry_after }
    } else {
        EhrError::Later { what, retry_after }
    })
}

/// 503 and 429 say that the request was not handled (RFC 9110 section 15.6.4, RFC 6585 section 4); of the
/// other failures of a server nobody knows how far it came.
fn is_open(status: StatusCode) -> bool {
    status == StatusCode::REQUEST_TIMEOUT
        || (status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE)
}

/// After 401 a new token was tried already.
fn denied(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => Some(
            "the EHR answered 401: it does not accept this hub's sign-in; run `hubd ehr check`",
        ),
        StatusCode::FORBIDDEN => Some(
            "the EHR answered 403: this hub may not do that there; its registration needs this API or scope",
        ),
        _ => None,
    }
}

/// 404 is about the configured address: a person repairs it, and then the same request succeeds. 409 is another writer at the same moment. 412 says that the search found several.
fn is_about_the_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::GONE
            | StatusCode::PRECONDITION_FAILED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// In seconds (RFC 9110 section 10.2.3); the other form, a date, needs a clock that agrees with the EHR's.
pub(super) fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

pub(super) async fn read(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| broken(&error, WHOM))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            let what = format!("the EHR's answer is longer than {MAX_BODY_BYTES} bytes");
            return Err(Trouble::later(what));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::http;

    use super::*;

    async fn judged(status: u16) -> EhrError {
        let answer = http::Response::builder().status(status).header("Retry-After", "90");
        judge(answer.body(String::new()).unwrap().into()).await.unwrap_err()
    }

    #[tokio::test]
    async fn who_answers_for_another_that_may_be_at_work_leaves_it_open() {
        let asked = Some(Duration::from_secs(90));
        for status in [408, 500, 502, 504] {
            let error = judged(status).await;
            let open =
                matches!(error, EhrError::InDoubt { retry_after, .. } if retry_after == asked);
            assert!(open, "{status}: {error:?}");
        }
    }

    #[tokio::test]
    async fn who_says_that_nothing_was_handled_is_believed() {
        let asked = Some(Duration::from_secs(90));
        for status in [404, 409, 429, 503] {
            let error = judged(status).await;
            let later =
                matches!(error, EhrError::Later { retry_after, .. } if retry_after == asked);
            assert!(later, "{status}: {error:?}");
        }
    }

    #[tokio::test]
    async fn a_refusal_of_the_content_and_one_of_us_are_told_apart() {
        for status in [400, 412, 413, 422] {
            assert!(matches!(judged(status).await, EhrError::Refused { .. }), "{status}");
        }
        for status in [401, 403] {
            assert!(matches!(judged(status).await, EhrError::Denied { .. }), "{status}");
        }
    }
}
