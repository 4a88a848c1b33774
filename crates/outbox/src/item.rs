//! One thing on its way to one destination.

use clinical::{EncounterId, EntryId};

use crate::Moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: EntryId,
    pub encounter: EncounterId,
    /// Rises in the order of commit, over all encounters.
    pub position: i64,
    /// It opens its encounter: nothing else of it is sent before this was accepted.
    pub opens: bool,
    pub state: State,
    /// How often it was sent since the network last came up; 0 only if it was never sent.
    pub attempts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    /// Durable before the first byte leaves. Found at start, it means that the process died.
    InFlight {
        repeat: Repeat,
    },
    /// The destination does not have it, or would know it again.
    Retry {
        not_before: Moment,
    },
    /// It may be there, or be on its way through a slow server. From `look_at` on the destination is
    /// searched for it; nothing is sent before.
    Unsettled {
        look_at: Moment,
        repeat: Repeat,
    },
    /// The destination refuses us, not the content: a person repairs the access.
    Held {
        not_before: Moment,
        reason: String,
    },
    /// Refused for its content; kept and shown, never dropped.
    SetAside {
        reason: String,
    },
    /// It may be there, nobody can prove it, and the destination would keep a second one beside it.
    /// A person looks there and decides ([`crate::Decision`]).
    Unknown {
        reason: String,
    },
    Done,
}

/// What comes of sending a thing twice, by the nature of the destination. It is kept with what is in
/// flight, because a program that starts again may be configured otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing: the destination knows it by its id.
    Harmless,
    /// A second one. It is searched for before it is sent again, but not before `settle_ms`
    /// milliseconds, because what a server takes late is not found at first.
    AfterLook { settle_ms: u32 },
    /// A second one, and not finding it proves nothing. It is searched for and never sent again.
    Never { settle_ms: u32 },
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The destination has it durably, now or since an earlier attempt.
    Accepted,
    /// Nothing of it is there: it was not sent, or turned away unread. `retry_after`: milliseconds, if
    /// the destination asked for a pause.
    Later { retry_after: Option<i64> },
    /// All of it or some of it may be there: no answer, or one that leaves it open.
    InDoubt { retry_after: Option<i64> },
    /// It was searched for and not found, and must not be sent again.
    NotFound { reason: String },
    /// The destination refuses us. The reason holds no patient data.
    Denied { reason: String },
    /// The fault of the content.
    Refused { reason: String },
}

/// What a person says of an item that the rules cannot bring further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is not there, or its fault was mended there.
    SendAgain,
    /// It was found there, or entered there by hand.
    IsThere,
}

/// What happens to an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Its first byte is about to leave.
    Begins {
        repeat: Repeat,
    },
    /// An attempt has ended. `random` is uniform in 0…1.
    Ends {
        outcome: Outcome,
        random: f64,
    },
    /// The program was started, or took over from another one.
    Restarted,
    /// What waits for another try is due at once, and begins again with short waits.
    NetworkCameUp,
    Decided(Decision),
}
