//! How ids, states and entries lie in columns.

use clinical::{EncounterId, EntryId, Timestamp};
use outbox::State;
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

/// The three columns that hold a state: its word, its time and its reason.
pub(crate) fn state(state: &State) -> (&'static str, Option<i64>, Option<&str>) {
    match state {
        State::Pending => ("pending", None, None),
        State::InFlight { since } => ("in_flight", Some(since.millis()), None),
        State::Retry { not_before } => ("retry", Some(not_before.millis()), None),
        State::SetAside { reason } => ("set_aside", None, Some(reason)),
        State::Done => ("done", None, None),
    }
}

/// Reads the three columns of a state, the first of which is `column`.
pub(crate) fn read_state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    let time = || read_time(row, column + 1);
    match row.get_ref(column)?.as_str()? {
        "pending" => Ok(State::Pending),
        "in_flight" => Ok(State::InFlight { since: time()? }),
        "retry" => Ok(State::Retry { not_before: time()? }),
        "set_aside" => Ok(State::SetAside { reason: row.get(column + 2)? }),
        "done" => Ok(State::Done),
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

/// position, the three of the state, onward, sha256, body.
pub(crate) fn read_entry(row: &Row<'_>) -> rusqlite::Result<RawEntry> {
    Ok(RawEntry {
        position: row.get(0)?,
        outbox: read_state(row, 1)?,
        onward: row.get(4)?,
        sha256: row.get(5)?,
        body: row.get(6)?,
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
