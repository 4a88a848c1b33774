//! Encrypts a whole vault with another key. A power cut at any moment leaves it wholly under one of the two.
//!
//! SQLCipher writes every page anew in one transaction, which the write-ahead log takes like any other. So the disk
//! needs the room of the vault once more until the log is carried over.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};
use rustix::fs::statvfs;
use zeroize::Zeroizing;

use crate::{
    OpenVaultError, VaultKey,
    open::{check_role, connect, open, unlock},
    schema::Role,
    settings,
};

#[derive(Debug, thiserror::Error)]
pub enum RekeyError {
    #[error("the record is in use: stop the program that has it open first")]
    InUse,
    #[error(
        "giving the record another key needs {needed} bytes more on its disk for a while, and {available} are left"
    )]
    NoRoom { needed: u64, available: u64 },
    #[error("could not see how much room the disk of {path} has")]
    Room { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Open(#[from] OpenVaultError),
    /// The error of SQLite is its code alone: its text would quote the statement, and with it the key.
    #[error("could not {attempt} the vault ({code:?})")]
    Sqlite { attempt: &'static str, code: Option<ErrorCode> },
}

/// What the log needs beside the pages: a header of 24 bytes for each (SQLite file format, section 4.1), rounded up.
const LOG_OVERHEAD_PERCENT: u64 = 101;

pub(crate) fn rekey(
    folder: &Path,
    current: &VaultKey,
    next: &VaultKey,
    role: Role,
) -> Result<(), RekeyError> {
    let path = folder.join("vault.db");
    // What was never opened has no pages to write anew: it begins with the new key.
    let alone = path.exists().then(|| open_alone(&path, current, role)).transpose();
    match alone {
        Ok(None) => {}
        Ok(Some(connection)) => {
            check_room(&connection, folder)?;
            write_anew(&connection, next)?;
        }
        // An earlier try may have come to its end, or somebody has another key: opening tells.
        Err(RekeyError::Open(OpenVaultError::WrongKey { .. })) => {}
        Err(error) => return Err(error),
    }
    // SQLCipher does not tell every failure of a rekey; that the vault opens with the new key is the proof.
    Ok(open(folder, next, role).map(drop)?)
}

/// Nobody else may have it open: another connection would read pages of one key with the other.
fn open_alone(path: &Path, key: &VaultKey, role: Role) -> Result<Connection, RekeyError> {
    let connection = connect(path)?;
    run(&connection, "have alone", "PRAGMA locking_mode = EXCLUSIVE")?;
    match unlock(&connection, key, path) {
        Err(OpenVaultError::Sqlite { source, .. }) if is_busy(&source) => {
            return Err(RekeyError::InUse);
        }
        unlocked => unlocked?,
    }
    settings::apply(&connection)?;
    check_role(&connection, role, path)?;
    // Reading alone does not lock everybody out, also where nobody has it open now.
    run(&connection, "have alone", "BEGIN EXCLUSIVE; COMMIT")?;
    Ok(connection)
}

fn write_anew(connection: &Connection, next: &VaultKey) -> Result<(), RekeyError> {
    let pragma = Zeroizing::new(format!("PRAGMA rekey = \"{}\"", next.raw().as_str()));
    run(connection, "encrypt anew", &pragma)?;
    // Until then, pages of the old key are still in the file.
    run(connection, "carry the log over of", "PRAGMA wal_checkpoint(TRUNCATE)")
}

fn check_room(connection: &Connection, folder: &Path) -> Result<(), RekeyError> {
    // SQLCipher answers the second in text.
    let size = "SELECT page_count * CAST(page_size AS INTEGER)
        FROM pragma_page_count, pragma_page_size";
    let pages: i64 = connection
        .query_row(size, [], |row| row.get(0))
        .map_err(|error| failed("measure", &error))?;
    let needed = pages.unsigned_abs() / 100 * LOG_OVERHEAD_PERCENT;
    let disk = statvfs(folder)
        .map_err(|error| RekeyError::Room { path: folder.into(), source: error.into() })?;
    let available = disk.f_bavail.saturating_mul(disk.f_frsize);
    if available < needed { Err(RekeyError::NoRoom { needed, available }) } else { Ok(()) }
}

fn run(connection: &Connection, attempt: &'static str, sql: &str) -> Result<(), RekeyError> {
    connection.execute_batch(sql).map_err(|error| failed(attempt, &error))
}

fn failed(attempt: &'static str, error: &rusqlite::Error) -> RekeyError {
    if is_busy(error) {
        return RekeyError::InUse;
    }
    RekeyError::Sqlite { attempt, code: error.sqlite_error_code() }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
