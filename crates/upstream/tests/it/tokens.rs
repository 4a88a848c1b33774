//! A token is asked for once by many, kept until shortly before its end, and renewed when it is refused.

use axum::{http::StatusCode, response::IntoResponse as _};
use futures_util::future::join_all;
use upstream::ehr::{EhrError, SecretPlace};

use crate::strict::Strict;

#[tokio::test]
async fn fifty_requests_at_once_ask_for_one_token() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    for read in join_all((0..50).map(|_| client.read("Patient/1"))).await {
        read.unwrap();
    }
    assert_eq!(strict.counts(), (1, 50));
}

#[tokio::test]
async fn those_who_wait_take_a_failure_as_their_own_and_the_next_one_asks_again() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    strict.lock().instead.push(StatusCode::SERVICE_UNAVAILABLE.into_response());
    for read in join_all((0..50).map(|_| client.read("Patient/1"))).await {
        assert!(matches!(read, Err(EhrError::Later { .. })), "{read:?}");
    }
    assert_eq!(strict.lock().asked, 1);
    client.read("Patient/1").await.unwrap();
    assert_eq!(strict.lock().asked, 2);
}

#[tokio::test]
async fn a_token_is_renewed_shortly_before_its_end_and_not_earlier() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    for (seconds, asked) in [(0, 1), (269, 1), (271, 2)] {
        strict.set_hub_clock(seconds);
        strict.lock().now = crate::strict::NOW + seconds;
        client.read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().asked, asked, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_token_without_a_usable_life_is_asked_for_each_time_and_a_long_one_every_hour() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    strict.lock().expires_in = 0;
    for asked in 1..=3 {
        client.read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().asked, asked);
    }
    strict.lock().expires_in = u64::MAX;
    for (seconds, asked) in [(0, 4), (3569, 4), (3571, 5)] {
        strict.set_hub_clock(seconds);
        strict.lock().now = crate::strict::NOW + seconds;
        client.read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().asked, asked, "after {seconds} s");
    }
}

#[tokio::test]
async fn many_whose_token_was_ended_early_renew_it_once_and_lose_no_request() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    client.read("Patient/1").await.unwrap();
    strict.end_tokens();
    let json = || "{}".to_owned();
    let writes =
        (0..20).map(|_| client.create_if_none_exist("Observation", "identifier=a|b", json()));
    for write in join_all(writes).await {
        write.unwrap();
    }
    assert_eq!(strict.counts(), (2, 21));
}

#[tokio::test]
async fn who_is_refused_with_a_new_token_too_is_denied() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        strict.lock().answers = status;
        let denied = client.read("Patient/1").await;
        let Err(EhrError::Denied { what }) = denied else { panic!("{denied:?}") };
        assert!(what.contains(status.as_str()), "{what}");
    }
    // One for the first request, one more after 401, none after 403.
    assert_eq!(strict.lock().asked, 2);
}

#[tokio::test]
async fn no_number_is_used_twice_and_a_stolen_assertion_opens_nothing() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    client.read("Patient/1").await.unwrap();
    let stolen = strict.lock().assertions[0].clone();
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let form = format!(
        "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={stolen}"
    );
    let again = reqwest::Client::new()
        .post(strict.endpoint())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form);
    assert_eq!(again.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(strict.lock().refusals, ["replayed"]);
    strict.end_tokens();
    client.read("Patient/1").await.unwrap();
}

#[tokio::test]
async fn a_secret_is_taken_in_both_places() {
    for place in [SecretPlace::Basic, SecretPlace::Post] {
        let strict = Strict::start().await;
        let sign_in = strict.by_secret(place, false);
        assert!(!format!("{sign_in:?}").contains('é'), "a secret is in its Debug");
        strict.client(sign_in).read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().refusals, [""; 0]);
    }
}
