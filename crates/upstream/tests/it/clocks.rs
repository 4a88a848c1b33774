//! A wrong clock locks nobody out: assertions follow the EHR's.

use upstream::ehr::{EhrError, SignIn};

use crate::strict::Strict;

/// Ten years, a day, an hour and half a minute off, to both sides.
const OFF_BY_SECONDS: [i64; 8] =
    [-315_360_000, -86_400, -3_600, -45, 45, 3_600, 86_400, 315_360_000];

#[tokio::test]
async fn a_wrong_clock_is_known_from_discovery_before_the_first_assertion() {
    for off_by in OFF_BY_SECONDS {
        let strict = Strict::start().await;
        strict.set_hub_clock(off_by);
        strict.client(strict.by_key()).read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().refusals, [""; 0], "off by {off_by} s");
        assert_eq!(strict.lock().asked, 1);
    }
}

#[tokio::test]
async fn without_discovery_the_first_refusal_tells_the_time_and_the_second_try_gets_in() {
    for off_by in OFF_BY_SECONDS {
        let strict = Strict::start().await;
        strict.set_hub_clock(off_by);
        let sign_in = SignIn { token_endpoint: Some(strict.endpoint()), ..strict.by_key() };
        let client = strict.client(sign_in);
        client.read("Patient/1").await.unwrap();
        assert!(strict.lock().asked <= 2, "off by {off_by} s");
        // Known from then on.
        let refused = strict.lock().refusals.len();
        strict.end_tokens();
        client.read("Patient/1").await.unwrap();
        assert_eq!(strict.lock().refusals.len(), refused, "off by {off_by} s");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_while_a_token_is_kept_only_costs_another_one() {
    let strict = Strict::start().await;
    let client = strict.client(strict.by_key());
    for seconds in [0, 315_360_000, -315_360_000, 5] {
        strict.set_hub_clock(seconds);
        client.read("Patient/1").await.unwrap();
    }
    assert!(strict.lock().asked <= 7, "{}", strict.lock().asked);
}

#[tokio::test]
async fn an_ehr_that_lies_about_its_time_is_asked_twice_and_not_for_ever() {
    for says in [-3_600, 3_600] {
        let strict = Strict::start().await;
        strict.lock().says = Some(crate::strict::NOW + says);
        let denied = strict.client(strict.by_key()).read("Patient/1").await;
        let Err(EhrError::Denied { what }) = denied else { panic!("{denied:?}") };
        assert!(what.contains("expired") || what.contains("from the future"), "{what}");
        assert!(strict.lock().asked <= 2);
    }
}
