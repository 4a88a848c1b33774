//! What can go wrong with a vault that is open.

use std::io;

use clinical::EntryId;

/// None of these holds patient data: SQLite's messages name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("could not {attempt} in the vault")]
    Sqlite { attempt: &'static str, source: rusqlite::Error },
    #[error("could not {attempt} on the vault's disk")]
    Disk { attempt: &'static str, source: io::Error },
    #[error("{what} in the vault does not read back as it was written")]
    Damaged { what: &'static str },
    #[error("another sender has taken over the outbox")]
    TakenOver,
    #[error("the system gives no random bytes for the key of the audit")]
    NoRandomness,
    #[error("the vault has no outbox item {0}")]
    NoSuchItem(EntryId),
}

/// Names what was attempted: `.map_err(failed("list the nurses"))`.
pub(crate) fn failed(attempt: &'static str) -> impl Fn(rusqlite::Error) -> VaultError {
    move |source| VaultError::Sqlite { attempt, source }
}

/// The same for what is asked of the file system.
pub(crate) fn failed_on_disk(attempt: &'static str) -> impl Fn(io::Error) -> VaultError + Copy {
    move |source| VaultError::Disk { attempt, source }
}
