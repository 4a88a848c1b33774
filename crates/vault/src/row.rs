//! How ids, states and entries lie in columns.

use clinical::{EncounterId, EntryId, Timestamp};
use outbox::{Moment, Repeat, State};
use rusqlite::{
    Row,
    types::{FromSql, FromSqlError, FromSqlResult, ValueRef},
};
use uuid::Uuid;

use crate::{SealedEntry, StoredEntry, VaultError};

/// What the destination said about its own next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Onward {
    Nothing,
    InEhr,
    SetAside,
}

impl Onward {
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::InEhr => "in_ehr",
            Self::SetAside => "set_aside",
        }
    }
}

impl FromSql for Onward {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "nothing" => Ok(Self::Nothing),
            "in_ehr" => Ok(Self::InEhr),
            "set_aside" => Ok(Self::SetAside),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

pub(crate) fn id(id: EntryId) -> [u8; 16] {
    id.uuid().into_bytes()
}

pub(crate) fn encounter(id: EncounterId) -> [u8; 16] {
    id.uuid().into_bytes()
}

pub(crate) fn read_id(row: &Row<'_>, column: usize) -> rusqlite::Result<EntryId> {
    Ok(EntryId::new(read_uuid(row, column)?))
}

pub(crate) fn read_encounter(row: &Row<'_>, column: usize) -> rusqlite::Result<EncounterId> {
    Ok(EncounterId::new(read_uuid(row, column)?))
}

pub(crate) fn read_uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get(column).map(Uuid::from_bytes)
}

pub(crate) fn read_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// The columns that hold a state, in the order of [`STATE_COLUMNS`].
pub(crate) struct StateColumns<'a> {
    pub word: &'static str,
    pub at: Option<i64>,
    pub reason: Option<&'a str>,
    pub repeat: Option<&'static str>,
    pub settle_ms: Option<u32>,
}

/// To be read by [`read_state`]; `o` is the outbox.
pub(crate) const STATE_COLUMNS: &str = "o.state, o.at, o.reason, o.repeat, o.settle_ms";

pub(crate) fn state(state: &State) -> StateColumns<'_> {
    let columns = |word, at: Option<Moment>, reason, sent_by| {
        let (repeat, settle_ms) = repeat(sent_by);
        StateColumns { word, at: at.map(Moment::millis), reason, repeat, settle_ms }
    };
    match state {
        State::Pending => columns("pending", None, None, None),
        State::InFlight { repeat } => columns("in_flight", None, None, Some(*repeat)),
        State::Retry { not_before } => columns("retry", Some(*not_before), None, None),
        State::Unsettled { look_at, repeat } => {
            columns("unsettled", Some(*look_at), None, Some(*repeat))
        }
        State::Held { not_before, reason } => {
            columns("held", Some(*not_before), Some(reason), None)
        }
        State::SetAside { reason } => columns("set_aside", None, Some(reason), None),
        State::Unknown { reason } => columns("unknown", None, Some(reason), None),
        State::Done => columns("done", None, None, None),
    }
}

fn repeat(repeat: Option<Repeat>) -> (Option<&'static str>, Option<u32>) {
    match repeat {
        None => (None, None),
        Some(Repeat::Harmless) => (Some("harmless"), None),
        Some(Repeat::AfterLook { settle_ms }) => (Some("after_look"), Some(settle_ms)),
        Some(Repeat::Never { settle_ms }) => (Some("never"), Some(settle_ms)),
    }
}

/// Reads the columns of a state, the first of which is `column`.
pub(crate) fn read_state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    let at = || row.get(column + 1).map(Moment::from_millis);
    let reason = || row.get(column + 2);
    let repeat = || read_repeat(row, column + 3);
    match row.get_ref(column)?.as_str()? {
        "pending" => Ok(State::Pending),
        "in_flight" => Ok(State::InFlight { repeat: repeat()? }),
        "retry" => Ok(State::Retry { not_before: at()? }),
        "unsettled" => Ok(State::Unsettled { look_at: at()?, repeat: repeat()? }),
        "held" => Ok(State::Held { not_before: at()?, reason: reason()? }),
        "set_aside" => Ok(State::SetAside { reason: reason()? }),
        "unknown" => Ok(State::Unknown { reason: reason()? }),
        "done" => Ok(State::Done),
        _ => Err(FromSqlError::InvalidType.into()),
    }
}

fn read_repeat(row: &Row<'_>, column: usize) -> rusqlite::Result<Repeat> {
    let settle_ms = || row.get(column + 1);
    match row.get_ref(column)?.as_str()? {
        "harmless" => Ok(Repeat::Harmless),
        "after_look" => Ok(Repeat::AfterLook { settle_ms: settle_ms()? }),
        "never" => Ok(Repeat::Never { settle_ms: settle_ms()? }),
        _ => Err(FromSqlError::InvalidType.into()),
    }
}

/// A row of entries that is read but not yet trusted.
pub(crate) struct RawEntry {
    position: i64,
    outbox: State,
    onward: Onward,
    sha256: String,
    body: Vec<u8>,
}

/// position, those of the state, onward, sha256, body.
pub(crate) fn read_entry(row: &Row<'_>) -> rusqlite::Result<RawEntry> {
    Ok(RawEntry {
        position: row.get(0)?,
        outbox: read_state(row, 1)?,
        onward: row.get(6)?,
        sha256: row.get(7)?,
        body: row.get(8)?,
    })
}

impl RawEntry {
    pub fn parse(self) -> Result<StoredEntry, VaultError> {
        let damaged = VaultError::Damaged { what: "an entry" };
        let Ok(sealed) = SealedEntry::read(self.body) else { return Err(damaged) };
        if sealed.sha256() != self.sha256 {
            return Err(damaged);
        }
        let Self { position, outbox, onward, .. } = self;
        Ok(StoredEntry { position, sealed, outbox, onward })
    }
}
