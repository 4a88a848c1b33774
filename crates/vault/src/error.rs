//! What can go wrong with a vault that is open.

use clinical::EntryId;

/// None of these holds patient data: SQLite's messages name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("could not {attempt} in the vault")]
    Sqlite { attempt: &'static str, source: rusqlite::Error },
    #[error("{what} in the vault does not read back as it was written")]
    Damaged { what: &'static str },
    #[error("the system gives no random bytes for the key of the audit")]
    NoRandomness,
    #[error("the vault has no outbox item {0}")]
    NoSuchItem(EntryId),
}

/// Names what was attempted: `.map_err(failed("list the nurses"))`.
pub(crate) fn failed(attempt: &'static str) -> impl Fn(rusqlite::Error) -> VaultError {
    move |source| VaultError::Sqlite { attempt, source }
}
