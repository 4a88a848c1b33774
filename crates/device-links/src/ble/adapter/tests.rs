//! The rules of an adapter, against one in the test's hands. The time is the test's too.

use std::future::pending;

use super::*;
use crate::ble::fake::{Answer, Fake};

const CUFF: DeviceAddress = [1; 6];
const SCALE: DeviceAddress = [2; 6];

async fn connect(adapter: &Adapter<Fake>) -> Result<(), RadioError> {
    adapter.connect(CUFF, pending()).await.map(drop)
}

fn failed(step: Step, why: &str) -> RadioError {
    RadioError::Failed { step, why: Why(why.into()) }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_heard_is_connected_to_once_the_scan_has_stopped() {
    let fake = Fake::new();
    let adapter = Adapter::new(fake.clone());
    connect(&adapter).await.unwrap();
    assert_eq!(fake.log(), ["scan", "stop scan", "connect"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_devices_that_are_near_one_is_connected_to_after_the_other() {
    let fake = Fake::new();
    fake.world().connect = Answer::Takes(Duration::from_secs(5));
    let adapter = Adapter::new(fake.clone());
    let began = Instant::now();
    // The adapter of the test refuses two connections at a time.
    let both = tokio::join!(adapter.connect(CUFF, pending()), adapter.connect(SCALE, pending()));
    assert!(both.0.is_ok() && both.1.is_ok());
    assert!(began.elapsed() >= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_comes_late_is_found_by_a_scan_that_begins_anew() {
    let fake = Fake::new();
    fake.world().near_from = Some(Instant::now() + Duration::from_secs(25));
    let adapter = Adapter::new(fake.clone());
    connect(&adapter).await.unwrap();
    let scan = ["scan", "stop scan"];
    assert_eq!(fake.log(), [&scan[..], &scan, &scan, &["connect"]].concat());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_not_heard_for_half_a_minute_is_away() {
    let fake = Fake::new();
    fake.world().near_from = None;
    let adapter = Adapter::new(fake.clone());
    let began = Instant::now();
    assert_eq!(connect(&adapter).await, Err(RadioError::NotInRange));
    assert_eq!(began.elapsed().as_secs(), 30);
    let log = fake.log();
    assert_eq!(log.last(), Some(&"stop scan"));
    assert!(!log.contains(&"power cycle"), "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_away_does_not_hold_up_one_that_is_near() {
    let fake = Fake::new();
    fake.world().near_from = Some(Instant::now() + Duration::from_secs(3));
    let adapter = Adapter::new(fake.clone());
    let began = Instant::now();
    let first = async {
        adapter.connect(CUFF, pending()).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(4));
        fake.world().near_from = None;
    };
    let away = async {
        sleep(Duration::from_secs(1)).await;
        fake.world().connected = false;
        let cancelled = sleep(Duration::from_millis(500));
        adapter.connect(SCALE, cancelled).await
    };
    assert!(matches!(tokio::join!(first, away).1, Err(RadioError::Closed)));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_hangs_is_given_up_after_half_a_minute() {
    let fake = Fake::new();
    fake.world().connect = Answer::Hangs;
    let adapter = Adapter::new(fake.clone());
    let began = Instant::now();
    assert_eq!(connect(&adapter).await, Err(RadioError::TimedOut(Step::Connect)));
    assert_eq!(began.elapsed().as_secs(), 30);
    assert_eq!(fake.log(), ["scan", "stop scan", "connect", "disconnect"]);
}

#[tokio::test(start_paused = true)]
async fn an_adapter_that_hangs_three_times_is_switched_off_and_on() {
    let fake = Fake::new();
    fake.world().connect = Answer::Hangs;
    let adapter = Adapter::new(fake.clone());
    for cycled in [false, false, true, false, false, true] {
        connect(&adapter).await.unwrap_err();
        assert_eq!(fake.log().contains(&"power cycle"), cycled);
    }
}

#[tokio::test(start_paused = true)]
async fn an_adapter_that_begins_no_scan_is_switched_off_and_on() {
    let fake = Fake::new();
    let adapter = Adapter::new(fake.clone());
    for answer in [Answer::Fails("not ready"), Answer::Hangs, Answer::Fails("not ready")] {
        assert!(!fake.log().contains(&"power cycle"));
        fake.world().scan = answer;
        connect(&adapter).await.unwrap_err();
    }
    assert!(fake.log().contains(&"power cycle"));
    fake.world().scan = Answer::Works;
    connect(&adapter).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_device_that_refuses_does_not_get_the_adapter_switched_off() {
    let fake = Fake::new();
    fake.world().connect = Answer::Fails("refused");
    let adapter = Adapter::new(fake.clone());
    for _ in 0..4 {
        connect(&adapter).await.unwrap_err();
    }
    assert!(!fake.log().contains(&"power cycle"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_works_clears_the_adapter_of_suspicion() {
    let fake = Fake::new();
    let adapter = Adapter::new(fake.clone());
    for answer in [Answer::Hangs, Answer::Hangs, Answer::Works, Answer::Hangs, Answer::Hangs] {
        fake.world().connect = answer;
        assert_eq!(connect(&adapter).await.is_ok(), answer == Answer::Works);
    }
    assert!(!fake.log().contains(&"power cycle"));
}

#[tokio::test(start_paused = true)]
async fn an_adapter_by_which_another_link_works_is_not_switched_off() {
    let fake = Fake::new();
    fake.world().connect = Answer::Hangs;
    let adapter = Adapter::new(fake.clone());
    let other = adapter.opened();
    for _ in 0..4 {
        connect(&adapter).await.unwrap_err();
    }
    assert!(!fake.log().contains(&"power cycle"));
    drop(other);
    connect(&adapter).await.unwrap_err();
    assert!(fake.log().contains(&"power cycle"));
}

#[tokio::test(start_paused = true)]
async fn what_the_adapter_says_is_told() {
    let fake = Fake::new();
    fake.world().ready = Answer::Fails("there is no adapter");
    let adapter = Adapter::new(fake.clone());
    assert_eq!(connect(&adapter).await, Err(failed(Step::Prepare, "there is no adapter")));
    (fake.world().ready, fake.world().scan) = (Answer::Works, Answer::Fails("busy"));
    assert_eq!(connect(&adapter).await, Err(failed(Step::Scan, "busy")));
    (fake.world().scan, fake.world().connect) = (Answer::Works, Answer::Fails("refused"));
    assert_eq!(connect(&adapter).await, Err(failed(Step::Connect, "refused")));
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_leaves_neither_scan_nor_connection() {
    let fake = Fake::new();
    fake.world().connect = Answer::Hangs;
    let adapter = Adapter::new(fake.clone());
    let given_up = adapter.connect(CUFF, sleep(Duration::from_secs(2))).await;
    assert!(matches!(given_up, Err(RadioError::Closed)));
    assert_eq!(fake.log(), ["scan", "stop scan", "connect", "disconnect"]);
    fake.world().near_from = None;
    let given_up = adapter.connect(CUFF, sleep(Duration::from_secs(2))).await;
    assert!(matches!(given_up, Err(RadioError::Closed)));
    assert_eq!(fake.log().last(), Some(&"stop scan"));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_lacks_something_is_learned_again_once() {
    let fake = Fake::new();
    let adapter = Adapter::new(fake.clone());
    adapter.is_stale(CUFF).await;
    assert_eq!(fake.log(), ["disconnect", "forget"]);
    adapter.is_stale(CUFF).await;
    assert_eq!(fake.log(), [""; 0]);
    adapter.is_whole(CUFF);
    adapter.is_stale(CUFF).await;
    assert_eq!(fake.log(), ["disconnect", "forget"]);
}

#[tokio::test(start_paused = true)]
async fn a_bonded_device_is_not_forgotten() {
    let fake = Fake::new();
    fake.world().bonded = true;
    Adapter::new(fake.clone()).is_stale(CUFF).await;
    assert_eq!(fake.log(), ["disconnect"]);
}
