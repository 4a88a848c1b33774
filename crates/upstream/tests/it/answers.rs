//! What a token endpoint answers is denied, later, or a token with every scope.

use std::time::Duration;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use upstream::ehr::{EhrError, SecretPlace, SignIn};

use crate::strict::Strict;

async fn denied(strict: &Strict, sign_in: SignIn) -> String {
    match strict.client(sign_in).read("Patient/1").await {
        Err(EhrError::Denied { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_was_not_granted_is_named_also_where_the_server_says_nothing() {
    let cases = [
        (json!("system/Patient.rs"), "did not grant system/Observation.crus: "),
        (json!("system/*.rs"), "did not grant system/Observation.cu: "),
        (json!(""), "did not grant system/Patient.rs, system/Observation.crus: "),
        (Value::Null, "did not grant system/Patient.rs, system/Observation.crus: "),
    ];
    for (grants, expected) in cases {
        let strict = Strict::start().await;
        strict.lock().grants = Some(grants.clone());
        let what = denied(&strict, strict.by_key()).await;
        assert!(what.contains(expected), "{grants}: {what}");
        assert_eq!(strict.lock().reads, 0);
    }
}

#[tokio::test]
async fn silence_is_believed_of_a_server_that_a_person_vouched_for() {
    let strict = Strict::start().await;
    strict.lock().grants = Some(Value::Null);
    let doubted = strict.by_secret(SecretPlace::Basic, false);
    assert!(denied(&strict, doubted).await.contains("did not grant"));
    let believed = strict.by_secret(SecretPlace::Basic, true);
    strict.client(believed).read("Patient/1").await.unwrap();
    // But not when it says that it granted something else.
    strict.lock().grants = Some(json!("system/Patient.rs"));
    let believed = strict.by_secret(SecretPlace::Basic, true);
    assert!(denied(&strict, believed).await.contains("did not grant"));
}

#[tokio::test]
async fn an_assertion_for_another_server_is_refused_and_told_in_plain_words() {
    let strict = Strict::start().await;
    let other_name = strict.endpoint().replace("127.0.0.1", "localhost");
    let sign_in = SignIn { token_endpoint: Some(other_name), ..strict.by_key() };
    let what = denied(&strict, sign_in).await;
    assert!(what.starts_with("the EHR's token endpoint does not accept this hub"), "{what}");
    assert!(what.ends_with("(invalid_client; it says: aud)"), "{what}");
    let stranger = SignIn { client_id: "other".into(), ..strict.by_key() };
    assert!(denied(&strict, stranger).await.contains("it says: iss and sub"));
}

fn error(status: u16, code: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(json!({"error": code}))).into_response()
}

#[tokio::test]
async fn a_refusal_of_the_token_is_denied_or_later_by_its_code() {
    let bare = |status: StatusCode| (status, "<html>").into_response();
    let cases: [(Response, Option<&str>); 12] = [
        (error(400, "invalid_client"), Some("compare `client_id`")),
        (error(400, "unauthorized_client"), Some("has to allow backend services")),
        (error(400, "invalid_scope"), Some("compare `scopes`")),
        (error(400, "unsupported_grant_type"), Some("does not offer client credentials")),
        (error(400, "invalid_request"), Some("(invalid_request)")),
        (bare(StatusCode::FORBIDDEN), Some("(403)")),
        (Json(json!({"access_token": "x", "token_type": "mac"})).into_response(), Some("Bearer")),
        (error(400, "temporarily_unavailable"), None),
        (bare(StatusCode::NOT_FOUND), None),
        (bare(StatusCode::BAD_GATEWAY), None),
        (bare(StatusCode::OK), None),
        (bare(StatusCode::TOO_MANY_REQUESTS), None),
    ];
    for (answer, expected) in cases {
        let strict = Strict::start().await;
        let status = answer.status();
        strict.lock().instead.push(answer);
        match (strict.client(strict.by_key()).read("Patient/1").await, expected) {
            (Err(EhrError::Denied { what }), Some(part)) => assert!(what.contains(part), "{what}"),
            (Err(EhrError::Later { .. }), None) => {}
            (other, _) => panic!("{status}, {expected:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_wait_that_a_busy_token_endpoint_asks_for_is_kept() {
    let strict = Strict::start().await;
    let busy = (StatusCode::SERVICE_UNAVAILABLE, [("Retry-After", "17")]).into_response();
    strict.lock().instead.push(busy);
    let later = strict.client(strict.by_key()).read("Patient/1").await;
    let Err(EhrError::Later { retry_after, .. }) = later else { panic!("{later:?}") };
    assert_eq!(retry_after, Some(Duration::from_secs(17)));
}

#[tokio::test]
async fn a_servers_long_words_are_cut_to_one_line() {
    let strict = Strict::start().await;
    let words = format!("a\nb{}", "c".repeat(5000));
    let said = json!({"error": "invalid_client", "error_description": words});
    strict.lock().instead.push((StatusCode::UNAUTHORIZED, Json(said)).into_response());
    let what = denied(&strict, strict.by_key()).await;
    assert!(what.contains("it says: abcc") && what.len() < 500, "{what}");
}

#[tokio::test]
async fn an_ehr_without_a_smart_configuration_asks_for_the_address_of_its_tokens() {
    let strict = Strict::start().await;
    let mut elsewhere = strict.clone();
    elsewhere.base = strict.base.replace("/fhir", "/nowhere");
    let what = denied(&elsewhere, strict.by_key()).await;
    assert!(what.contains("404") && what.contains("give `token_endpoint`"), "{what}");
}
