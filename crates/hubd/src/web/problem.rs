//! Every answer that is not 2xx: a status and a reason in plain words, without patient data.

use axum::{
    Json,
    extract::rejection::{BytesRejection, JsonRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hub_api::Problem;
use vault::VaultError;

use crate::auth::secret::NoRandomness;

pub type Answer<T> = Result<T, Failure>;

#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    reason: String,
    retry_after_s: Option<u32>,
}

impl Failure {
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), retry_after_s: None }
    }

    pub fn unauthorized(reason: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, reason)
    }

    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }

    pub fn not_found(reason: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    pub fn conflict(reason: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, reason)
    }

    pub fn unprocessable(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }

    pub fn wait(seconds: u32, reason: String) -> Self {
        let retry_after_s = Some(seconds);
        Self { retry_after_s, ..Self::new(StatusCode::TOO_MANY_REQUESTS, reason) }
    }

    /// The hub's own fault; the details are in its log.
    pub fn unavailable() -> Self {
        let reason = "The hub cannot reach its record at the moment. Try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Problem { reason: self.reason })).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "The record failed");
        Self::unavailable()
    }
}

impl From<NoRandomness> for Failure {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "Cannot make a secret");
        Self::unavailable()
    }
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            _ => Self::new(StatusCode::BAD_REQUEST, "The content did not arrive whole."),
        }
    }
}

impl From<JsonRejection> for Failure {
    /// The rejection's own words may quote the content.
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content has to be JSON here.")
            }
            _ => Self::unprocessable("The content is not what belongs here."),
        }
    }
}

impl Failure {
    fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The content is larger than the hub takes.")
    }
}
