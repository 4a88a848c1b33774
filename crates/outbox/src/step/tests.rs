//! Every state meets every event.

use super::*;

const NOW: Moment = Moment::from_millis(86_400_000);
const LOOK: Repeat = Repeat::AfterLook { settle_ms: 120_000 };
const NEVER: Repeat = Repeat::Never { settle_ms: 120_000 };

fn item(state: State, attempts: u32) -> Item {
    Item {
        id: "0193a5e0-0000-7000-8000-000000000001".parse().unwrap(),
        encounter: "0193a5e0-0000-7000-8000-000000000002".parse().unwrap(),
        position: 1,
        opens: false,
        state,
        attempts,
    }
}

fn in_flight(repeat: Repeat) -> State {
    State::InFlight { repeat }
}

fn retry(after_ms: i64) -> State {
    State::Retry { not_before: NOW.plus_millis(after_ms) }
}

fn unsettled(after_ms: i64, repeat: Repeat) -> State {
    State::Unsettled { look_at: NOW.plus_millis(after_ms), repeat }
}

fn held() -> State {
    State::Held { not_before: NOW, reason: "no".into() }
}

fn set_aside() -> State {
    State::SetAside { reason: "no".into() }
}

fn unknown() -> State {
    State::Unknown { reason: "no".into() }
}

fn every_state() -> [State; 10] {
    [
        State::Pending,
        in_flight(Repeat::Harmless),
        in_flight(LOOK),
        retry(5),
        unsettled(5, LOOK),
        unsettled(5, NEVER),
        held(),
        set_aside(),
        unknown(),
        State::Done,
    ]
}

fn check(before: State, event: &Event, expected: Option<State>) {
    let after = step(&item(before.clone(), 3), event, NOW).map(|item| item.state);
    assert_eq!(after, expected, "{before:?} {event:?}");
}

/// The only states that the event changes, and into what; it leaves all others as they are.
fn check_event(event: &Event, changes: &[(State, State)]) {
    for before in every_state() {
        let change = changes.iter().find(|(from, _)| *from == before);
        check(before, event, change.map(|(_, to)| to.clone()));
    }
}

fn wait_ms(attempts: u32, retry_after: Option<i64>, random: f64) -> i64 {
    let ends = Event::Ends { outcome: Outcome::Later { retry_after }, random };
    match step(&item(in_flight(Repeat::Harmless), attempts), &ends, NOW).unwrap().state {
        State::Retry { not_before } => not_before.millis_since(NOW),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_may_be_sent_goes_in_flight_by_the_strategy_of_the_day() {
    let flies = in_flight(Repeat::Harmless);
    check_event(
        &Event::Begins { repeat: Repeat::Harmless },
        &[
            (State::Pending, flies.clone()),
            (retry(5), flies.clone()),
            (held(), flies),
            (unsettled(5, LOOK), in_flight(LOOK)),
            (unsettled(5, NEVER), in_flight(NEVER)),
        ],
    );
}

#[test]
fn each_try_is_counted() {
    let begun = step(&item(State::Pending, 3), &Event::Begins { repeat: LOOK }, NOW).unwrap();
    assert_eq!(begun.attempts, 4);
}

#[test]
fn a_dead_program_s_item_in_flight_is_looked_for_or_sent_again() {
    check_event(
        &Event::Restarted,
        &[
            (in_flight(Repeat::Harmless), State::Pending),
            (in_flight(LOOK), unsettled(120_000, LOOK)),
            (unsettled(5, LOOK), unsettled(120_000, LOOK)),
            (unsettled(5, NEVER), unsettled(120_000, NEVER)),
            (retry(5), State::Pending),
            (held(), State::Pending),
        ],
    );
}

#[test]
fn a_network_that_comes_up_ends_the_wait_for_another_try_and_no_settle_window() {
    check_event(&Event::NetworkCameUp, &[(retry(5), State::Pending)]);
    let due = step(&item(retry(5), 9), &Event::NetworkCameUp, NOW).unwrap();
    assert_eq!(due.attempts, 1);
}

#[test]
fn a_person_decides_only_what_the_rules_cannot() {
    let again = Event::Decided(Decision::SendAgain);
    check_event(&again, &[(set_aside(), State::Pending), (unknown(), State::Pending)]);
    let there = Event::Decided(Decision::IsThere);
    check_event(&there, &[(set_aside(), State::Done), (unknown(), State::Done)]);
}

#[test]
fn what_an_attempt_came_to() {
    let check = |repeat, outcome: Outcome, expected| {
        check(in_flight(repeat), &Event::Ends { outcome, random: 0.0 }, Some(expected));
    };
    let reason = || "no".to_owned();
    for repeat in [Repeat::Harmless, LOOK, NEVER] {
        check(repeat, Outcome::Accepted, State::Done);
        check(repeat, Outcome::Refused { reason: reason() }, set_aside());
        check(repeat, Outcome::Denied { reason: reason() }, held());
        check(repeat, Outcome::NotFound { reason: reason() }, unknown());
        check(repeat, Outcome::Later { retry_after: Some(7_000) }, retry(7_000));
    }
    check(Repeat::Harmless, Outcome::InDoubt { retry_after: None }, retry(0));
    check(LOOK, Outcome::InDoubt { retry_after: None }, unsettled(120_000, LOOK));
    check(NEVER, Outcome::InDoubt { retry_after: Some(7_000) }, unsettled(120_000, NEVER));
    check(LOOK, Outcome::InDoubt { retry_after: Some(900_000) }, unsettled(900_000, LOOK));
}

#[test]
fn an_outcome_without_an_attempt_changes_nothing() {
    for before in every_state() {
        if !matches!(before, State::InFlight { .. }) {
            check(before, &Event::Ends { outcome: Outcome::Accepted, random: 0.0 }, None);
        }
    }
}

#[test]
fn the_longest_wait_doubles_up_to_five_minutes() {
    let waits: Vec<_> = (1..=10).map(|attempts| wait_ms(attempts, None, 1.0) / 1_000).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    assert_eq!(wait_ms(u32::MAX, None, 1.0), BACKOFF_CAP_MS);
}

#[test]
fn the_wait_is_spread_over_the_whole_span() {
    assert_eq!(wait_ms(5, None, 0.0), 0);
    assert_eq!(wait_ms(5, None, 0.25), 4_000);
}

#[test]
fn a_wait_that_the_destination_asks_for_is_honoured_and_bounded() {
    assert_eq!(wait_ms(1, Some(90_000), 1.0), 90_000);
    assert_eq!(wait_ms(9, Some(90_000), 1.0), 256_000);
    assert_eq!(wait_ms(1, Some(i64::MAX), 0.0), RETRY_AFTER_CAP_MS);
    assert_eq!(wait_ms(1, Some(-5), 0.0), 0);
}
