//! Durable puts: an entry or a blob, known by its id, accepted only when the hub's answer says so.

use std::time::Duration;

use clinical::EntryId;
use hub_api::{Problem, Receipt};
use reqwest::{RequestBuilder, Response, StatusCode, header};

use super::{ANSWER_WITHIN, HubClient, SessionError, identity::hexadecimal};

/// The slowest line that a still is waited for: 256 kbit/s.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;
/// Of a refusal as much as a person reads.
const MAX_REASON_CHARS: usize = 500;

/// What became of a put. "Later" and "never" are different answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// Committed at the hub.
    Accepted(Receipt),
    /// The fault of the network, of the hub or of the sign-in: the same again.
    Later { retry_after: Option<Duration> },
    /// The fault of the content: the same again gets the same answer. In plain words, without patient data.
    Refused { reason: String },
}

impl HubClient {
    /// The body goes as it is, so that every try carries the same bytes.
    pub async fn put_entry(&self, id: EntryId, body: Vec<u8>) -> Put {
        self.put(&format!("/api/cart/entries/{id}"), "application/json", body).await
    }

    /// `sha256` is that of `body`, in hexadecimal: the name of the blob.
    pub async fn put_blob(&self, sha256: &str, media_type: &str, body: Vec<u8>) -> Put {
        self.put(&format!("/api/cart/blobs/{sha256}"), media_type, body).await
    }

    async fn put(&self, path: &str, media_type: &str, body: Vec<u8>) -> Put {
        let sha256 = hexadecimal(ring::digest::digest(&ring::digest::SHA256, &body).as_ref());
        let within = ANSWER_WITHIN + Duration::from_secs(body.len() as u64 / SLOWEST_BYTES_PER_S);
        let request = self
            .http
            .put(self.address.at(path))
            .timeout(within)
            .header(header::CONTENT_TYPE, media_type)
            .header("Idempotency-Key", &sha256)
            .body(body);
        match self.send_signed_in(&request).await {
            Ok(answer) => judge(answer, &sha256).await,
            Err(error) => {
                tracing::info!(
                    error = &error as &dyn std::error::Error,
                    "A put did not get through"
                );
                Put::Later { retry_after: None }
            }
        }
    }

    /// A token may end early, as when the hub restarts: one new sign-in, then the answer stands.
    async fn send_signed_in(&self, request: &RequestBuilder) -> Result<Response, SessionError> {
        let bearer = self.bearer().await?;
        let answer = send(request, &bearer).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        self.forget(&bearer).await;
        send(request, &self.bearer().await?).await
    }
}

async fn send(request: &RequestBuilder, bearer: &str) -> Result<Response, SessionError> {
    let request = request.try_clone().expect("a body in memory is shared by the tries");
    request.bearer_auth(bearer).send().await.map_err(SessionError::Away)
}

async fn judge(answer: Response, sha256: &str) -> Put {
    let status = answer.status();
    let retry_after = retry_after(&answer);
    if status.is_success() {
        return match answer.json::<Receipt>().await {
            Ok(receipt) if receipt.sha256 == sha256 => Put::Accepted(receipt),
            // The hub stored other bytes, or the answer was lost on the way. If it was the bytes, the
            // next try is refused with 409 and a person looks.
            Ok(_) | Err(_) => Put::Later { retry_after },
        };
    }
    if is_about_the_content(status) {
        let reason = reason(answer).await;
        let nameless = || format!("the hub answered {status} without a reason");
        return Put::Refused { reason: reason.unwrap_or_else(nameless) };
    }
    if status == StatusCode::FORBIDDEN
        // In the hub's words: the encounter is another cart's. From a proxy in between: nothing of it.
        && let Some(reason) = reason(answer).await
    {
        return Put::Refused { reason };
    }
    tracing::info!(%status, "The hub took nothing this time");
    Put::Later { retry_after }
}

/// Not 404, which a wrong address or a proxy in between says to everything, and not 400, which the hub
/// says when a body did not arrive whole.
fn is_about_the_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::CONFLICT
            | StatusCode::GONE
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// In seconds (RFC 9110 section 10.2.3); the other form, a date, needs a clock that agrees with the hub's.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// `None`: the answer is not in the hub's words.
async fn reason(answer: Response) -> Option<String> {
    let problem = answer.json::<Problem>().await.ok()?;
    Some(problem.reason.chars().take(MAX_REASON_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::http;

    use super::*;

    const OURS: &str = "5feceb66";

    async fn judged(status: u16, retry_after: Option<&str>, body: &str) -> Put {
        let mut answer = http::Response::builder().status(status);
        if let Some(seconds) = retry_after {
            answer = answer.header("Retry-After", seconds);
        }
        judge(answer.body(body.to_owned()).unwrap().into(), OURS).await
    }

    #[tokio::test]
    async fn only_a_receipt_for_our_own_bytes_counts() {
        let receipt = Receipt { sha256: OURS.into() };
        let text = serde_json::to_string(&receipt).unwrap();
        assert_eq!(judged(200, None, &text).await, Put::Accepted(receipt));
        let later = Put::Later { retry_after: None };
        assert_eq!(judged(200, None, r#"{"sha256":"other"}"#).await, later);
        assert_eq!(judged(200, None, "<html>please log in</html>").await, later);
    }

    #[tokio::test]
    async fn what_is_the_fault_of_the_content_is_refused_in_the_hubs_words() {
        for status in [403, 409, 410, 413, 415, 422] {
            let refused = judged(status, None, r#"{"reason":"it is another one"}"#).await;
            assert_eq!(refused, Put::Refused { reason: "it is another one".into() }, "{status}");
        }
        let Put::Refused { reason } = judged(422, None, "").await else { panic!() };
        assert!(reason.contains("422"), "{reason}");
    }

    #[tokio::test]
    async fn what_is_the_fault_of_the_way_is_tried_again() {
        for status in [301, 400, 401, 403, 404, 408, 429, 500, 502, 503] {
            let later = judged(status, None, "").await;
            assert_eq!(later, Put::Later { retry_after: None }, "{status}");
        }
        let asked = Some(Duration::from_secs(90));
        assert_eq!(judged(503, Some("90"), "").await, Put::Later { retry_after: asked });
        let date = Some("Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(judged(503, date, "").await, Put::Later { retry_after: None });
    }
}
