//! The rule of an item's life: a pure function of its state, an event and the time.

use crate::{Decision, Event, Item, Moment, Outcome, Repeat, State};

/// The first wait after a failure is at most this long; each further failure doubles it.
const BACKOFF_BASE_MS: i64 = 1_000;
/// No back-off is longer: after an outage a nurse sees the tick turn within five minutes.
const BACKOFF_CAP_MS: i64 = 5 * 60 * 1_000;
/// No wait that a destination asks for is longer: a broken `Retry-After` must not park a record.
const RETRY_AFTER_CAP_MS: i64 = 60 * 60 * 1_000;

/// The item after the event; `None` where the event changes nothing.
#[must_use]
pub fn step(item: &Item, event: &Event, now: Moment) -> Option<Item> {
    let with = |state| Some(Item { state, ..item.clone() });
    match (event, &item.state) {
        (Event::Begins { repeat }, State::Pending | State::Retry { .. } | State::Held { .. }) => {
            begun(item, *repeat)
        }
        // What it was sent by decides what may be done with it, whatever is configured now.
        (Event::Begins { .. }, State::Unsettled { repeat, .. }) => begun(item, *repeat),
        (Event::Ends { outcome, random }, State::InFlight { repeat }) => {
            with(ended(outcome, *repeat, &Waits { attempts: item.attempts, random: *random, now }))
        }
        (Event::Restarted, State::InFlight { repeat }) => with(in_doubt(*repeat, now, 0)),
        (Event::Restarted, State::Unsettled { repeat, .. }) => with(in_doubt(*repeat, now, 0)),
        (Event::Restarted, State::Retry { .. } | State::Held { .. }) => with(State::Pending),
        (Event::NetworkCameUp, State::Retry { .. }) => {
            Some(Item { state: State::Pending, attempts: item.attempts.min(1), ..item.clone() })
        }
        (Event::Decided(decision), State::SetAside { .. } | State::Unknown { .. }) => {
            with(decided(*decision))
        }
        (
            Event::Begins { .. }
            | Event::Ends { .. }
            | Event::Restarted
            | Event::NetworkCameUp
            | Event::Decided(_),
            _,
        ) => None,
    }
}

/// When a due item may go, if it is one that goes by itself.
pub(crate) fn due_at(state: &State) -> Option<Moment> {
    match state {
        State::Pending => Some(Moment::from_millis(i64::MIN)),
        State::Retry { not_before } | State::Held { not_before, .. } => Some(*not_before),
        State::Unsettled { look_at, .. } => Some(*look_at),
        State::InFlight { .. } | State::SetAside { .. } | State::Unknown { .. } | State::Done => {
            None
        }
    }
}

struct Waits {
    attempts: u32,
    random: f64,
    now: Moment,
}

fn begun(item: &Item, repeat: Repeat) -> Option<Item> {
    let attempts = item.attempts.saturating_add(1);
    Some(Item { state: State::InFlight { repeat }, attempts, ..item.clone() })
}

/// Clinical data does not expire, so there is no last try.
fn ended(outcome: &Outcome, repeat: Repeat, waits: &Waits) -> State {
    match outcome {
        Outcome::Accepted => State::Done,
        Outcome::Refused { reason } => State::SetAside { reason: reason.clone() },
        Outcome::NotFound { reason } => State::Unknown { reason: reason.clone() },
        Outcome::Denied { reason } => {
            State::Held { not_before: waits.until(None), reason: reason.clone() }
        }
        Outcome::Later { retry_after } => State::Retry { not_before: waits.until(*retry_after) },
        Outcome::InDoubt { retry_after } => match repeat {
            Repeat::Harmless => State::Retry { not_before: waits.until(*retry_after) },
            Repeat::AfterLook { .. } | Repeat::Never { .. } => {
                in_doubt(repeat, waits.now, waits.until(*retry_after).millis_since(waits.now))
            }
        },
    }
}

/// A whole settle window again, because nobody knows when the last byte arrived.
fn in_doubt(repeat: Repeat, now: Moment, at_least_ms: i64) -> State {
    match repeat {
        Repeat::Harmless => State::Pending,
        Repeat::AfterLook { settle_ms } | Repeat::Never { settle_ms } => {
            let wait = i64::from(settle_ms).max(at_least_ms);
            State::Unsettled { look_at: now.plus_millis(wait), repeat }
        }
    }
}

fn decided(decision: Decision) -> State {
    match decision {
        Decision::SendAgain => State::Pending,
        Decision::IsThere => State::Done,
    }
}

impl Waits {
    fn until(&self, retry_after: Option<i64>) -> Moment {
        let asked = retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_CAP_MS);
        self.now.plus_millis(asked.max(backoff_ms(self.attempts, self.random)))
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
mod tests;
