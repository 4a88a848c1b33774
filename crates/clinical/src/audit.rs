//! Who did what, and about what: a row of the audit. Data only; the vault chains and keeps the rows.

mod chain;
mod words;

use serde::{Deserialize, Serialize};

use crate::{CallId, EncounterId, EntryId, ReadingId, Timestamp};

pub use chain::{AuditBreak, AuditReport, ChainHead, HeadCheck, Hex, ParseHexError, SignedHead};
pub use words::{Act, Actor, ActorRole, ParseWordError};

/// Something that somebody did. There is no form of it without a person or a named program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// By the clock of whoever writes it. The order of rows is that of their positions.
    pub at: Timestamp,
    pub who: Actor,
    pub what: Act,
    pub about: Vec<Subject>,
}

impl AuditEvent {
    pub fn new(at: Timestamp, who: Actor, what: Act) -> Self {
        Self { at, who, what, about: Vec::new() }
    }

    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.about.push(subject);
        self
    }
}

/// What it was about, by its id. Never a patient's name, and never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Encounter(EncounterId),
    Entry(EntryId),
    Reading(ReadingId),
    Call(CallId),
    /// By staff number.
    Nurse(String),
    /// By the name of the account.
    Physician(String),
    /// By the name it is enrolled under.
    Cart(String),
    /// By the SHA-256 of its bytes, in hexadecimal.
    Picture(String),
    /// By the SHA-256 of its bytes, in hexadecimal.
    Sound(String),
    /// A position in an audit chain.
    Row(i64),
}

/// A row as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// 1 for the first row, and no number is left out.
    pub position: i64,
    pub event: AuditEvent,
    pub hash: Hex<32>,
}
