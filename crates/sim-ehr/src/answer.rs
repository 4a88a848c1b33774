//! Answers as FHIR servers give them.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

pub fn resource(status: StatusCode, body: &Value) -> Response {
    with_type((status, Json(body)).into_response())
}

pub fn created(kind: &str, id: &str) -> Response {
    // Relative, and with a version: both are allowed (FHIR R4 3.1.0.8).
    let location = format!("{kind}/{id}/_history/1");
    with_type((StatusCode::CREATED, [(header::LOCATION, location)]).into_response())
}

pub fn refused(status: StatusCode, code: &str, words: &str) -> Response {
    let issue = json!({
        "severity": "error",
        "code": "invalid",
        "details": { "coding": [{ "code": code }], "text": words },
    });
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": [issue] });
    resource(status, &outcome)
}

/// What an interface engine or a proxy in front of the server says.
pub fn gateway_timeout() -> Response {
    StatusCode::GATEWAY_TIMEOUT.into_response()
}

fn with_type(mut response: Response) -> Response {
    let fhir = HeaderValue::from_static("application/fhir+json");
    response.headers_mut().insert(header::CONTENT_TYPE, fhir);
    response
}
