//! One thing on its way to one destination, and how an answer changes it.

use clinical::{EncounterId, EntryId, Timestamp};

/// The first wait after a failure is at most this long; each further failure doubles it.
const BACKOFF_BASE_MS: i64 = 1_000;
/// No back-off is longer: after an outage a nurse sees the tick turn within five minutes.
const BACKOFF_CAP_MS: i64 = 5 * 60 * 1_000;
/// No wait that a destination asks for is longer: a broken `Retry-After` must not park a record.
pub(crate) const RETRY_AFTER_CAP_MS: i64 = 60 * 60 * 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: EntryId,
    pub encounter: EncounterId,
    /// Rises in the order of commit, over all encounters.
    pub position: i64,
    /// It opens its encounter: nothing else of it is sent before this was accepted.
    pub opens: bool,
    pub state: State,
    /// How often it was sent since the network last came up.
    pub attempts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    /// Durable before the first byte leaves. Found at start, it means that the process died.
    InFlight {
        since: Timestamp,
    },
    Retry {
        not_before: Timestamp,
    },
    /// Refused for its content; kept and shown, never dropped.
    SetAside {
        reason: String,
    },
    Done,
}

/// What the destination said, or that it said nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has it durably, now or since an earlier attempt.
    Accepted,
    /// The fault of the network or the destination. `retry_after`: milliseconds, if it asked.
    Later { retry_after: Option<i64> },
    /// The fault of the content; the reason holds no patient data.
    Refused { reason: String },
}

/// The item as it is stored before its first byte leaves.
#[must_use]
pub(crate) fn sending(item: &Item, now: Timestamp) -> Item {
    let attempts = item.attempts.saturating_add(1);
    Item { state: State::InFlight { since: now }, attempts, ..item.clone() }
}

/// The state after an attempt. `random` is uniform in 0…1.
///
/// Clinical data does not expire, so there is no last try.
#[must_use]
pub(crate) fn after(item: &Item, outcome: Outcome, now: Timestamp, random: f64) -> State {
    match outcome {
        Outcome::Accepted => State::Done,
        Outcome::Refused { reason } => State::SetAside { reason },
        Outcome::Later { retry_after } => {
            let asked = retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_CAP_MS);
            let wait = asked.max(backoff_ms(item.attempts, random));
            State::Retry { not_before: now.plus_millis(wait) }
        }
    }
}

/// What waits for another try is due at once, and begins again with short waits.
/// `None` where nothing changes.
#[must_use]
pub(crate) fn network_came_up(item: &Item) -> Option<Item> {
    match item.state {
        State::Retry { .. } => Some(Item { state: State::Pending, attempts: 0, ..item.clone() }),
        State::Pending | State::InFlight { .. } | State::SetAside { .. } | State::Done => None,
    }
}

/// An item in flight at start was lost with its process: it is sent again, because every
/// destination knows it by its id. `None` where nothing changes.
#[must_use]
pub(crate) fn after_restart(item: &Item) -> Option<Item> {
    match item.state {
        State::InFlight { .. } => Some(Item { state: State::Pending, ..item.clone() }),
        State::Pending | State::Retry { .. } | State::SetAside { .. } | State::Done => None,
    }
}

/// Full jitter: uniform between nothing and the doubled wait, so that carts that lost the hub
/// together do not come back together.
fn backoff_ms(attempts: u32, random: f64) -> i64 {
    let doublings = attempts.saturating_sub(1).min(16);
    let longest = (BACKOFF_BASE_MS << doublings).min(BACKOFF_CAP_MS);
    (longest as f64 * random.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

    fn item(attempts: u32) -> Item {
        Item {
            id: "0193a5e0-0000-7000-8000-000000000001".parse().unwrap(),
            encounter: "0193a5e0-0000-7000-8000-000000000002".parse().unwrap(),
            position: 1,
            opens: false,
            state: State::InFlight { since: NOW },
            attempts,
        }
    }

    fn wait_ms(attempts: u32, retry_after: Option<i64>, random: f64) -> i64 {
        match after(&item(attempts), Outcome::Later { retry_after }, NOW, random) {
            State::Retry { not_before } => not_before.millis_since(NOW),
            other => panic!("{other:?}"),
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
    fn a_wait_that_the_destination_asks_for_is_honoured() {
        assert_eq!(wait_ms(1, Some(90_000), 1.0), 90_000);
        assert_eq!(wait_ms(9, Some(90_000), 1.0), 256_000);
    }

    #[test]
    fn a_senseless_retry_after_is_bounded() {
        assert_eq!(wait_ms(1, Some(i64::MAX), 0.0), RETRY_AFTER_CAP_MS);
        assert_eq!(wait_ms(1, Some(-5), 0.0), 0);
    }

    #[test]
    fn a_refusal_keeps_its_reason() {
        let refused = Outcome::Refused { reason: "no such patient".into() };
        let state = after(&item(1), refused, NOW, 0.5);
        assert_eq!(state, State::SetAside { reason: "no such patient".into() });
    }

    #[test]
    fn a_network_that_comes_up_makes_a_waiting_item_due_with_short_waits() {
        let waiting = Item { state: State::Retry { not_before: NOW }, ..item(9) };
        let due = network_came_up(&waiting).unwrap();
        assert_eq!((due.state, due.attempts), (State::Pending, 0));
        assert_eq!(network_came_up(&item(1)), None);
    }
}
