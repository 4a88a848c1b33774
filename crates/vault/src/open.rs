//! Opens a vault so that what it promises holds, or says by name why it cannot.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use zeroize::Zeroizing;

use crate::{Vault, VaultKey, ballast::Ballast, schema::Role, settings};

#[derive(Debug, thiserror::Error)]
pub enum OpenVaultError {
    #[error("could not prepare the vault's folder {path}")]
    Folder { path: PathBuf, source: io::Error },
    #[error("could not prepare the vault's file {path}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} does not open with this key, or is no vault")]
    WrongKey { path: PathBuf },
    #[error("{path} is the vault of another program")]
    OtherRole { path: PathBuf },
    #[error("{path} has schema {found}, this version knows up to {known}")]
    FromNewer { path: PathBuf, found: u32, known: u32 },
    #[error("this SQLite does not encrypt")]
    NotEncrypting,
    #[error("SQLite runs with {name}={found} where {expected} is needed")]
    Setting { name: &'static str, expected: &'static str, found: String },
    #[error("could not {attempt} the vault")]
    Sqlite { attempt: &'static str, source: rusqlite::Error },
    #[error("could not bring the vault's schema up to date")]
    Migrate(#[source] rusqlite_migration::Error),
}

/// Statements that are kept compiled; there are fewer than that.
const CACHED_STATEMENTS: usize = 128;

/// `folder` belongs to the vault alone: it is made if missing, and closed to others.
pub(crate) fn open(folder: &Path, key: &VaultKey, role: Role) -> Result<Vault, OpenVaultError> {
    let path = folder.join("vault.db");
    prepare_folder(folder)
        .map_err(|source| OpenVaultError::Folder { path: folder.into(), source })?;
    prepare_file(&path).map_err(|source| OpenVaultError::File { path: path.clone(), source })?;
    let mut connection = connect(&path)?;
    unlock(&connection, key, &path)?;
    settings::apply(&connection)?;
    check_role(&connection, role, &path)?;
    migrate(&mut connection, role, &path)?;
    settings::verify(&connection)?;
    // The names of the database and its log have to survive a power cut as their bytes do.
    sync_folder(folder).map_err(|source| OpenVaultError::Folder { path: folder.into(), source })?;
    Ok(Vault::new(connection, role, Ballast::in_folder(folder)))
}

pub(crate) fn prepare_folder(folder: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // A folder is lost with all its synced files when the name of the folder is not durable.
    for made in missing {
        let parent = made.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync_folder(parent.unwrap_or(Path::new(".")))?;
    }
    if fs::metadata(folder)?.permissions().mode() & 0o777 != 0o700 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// SQLite gives its log and index the mode of the database file.
fn prepare_file(path: &Path) -> io::Result<()> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

pub(crate) fn connect(path: &Path) -> Result<Connection, OpenVaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|source| OpenVaultError::Sqlite { attempt: "open", source })?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Otherwise SQLite compiles a statement anew for other values, in search of another plan.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|source| OpenVaultError::Sqlite { attempt: "set up", source })?;
    Ok(connection)
}

pub(crate) fn unlock(
    connection: &Connection,
    key: &VaultKey,
    path: &Path,
) -> Result<(), OpenVaultError> {
    connection
        .pragma_query_value(None, "cipher_version", |row| row.get::<_, String>(0))
        .map_err(|_| OpenVaultError::NotEncrypting)?;
    let pragma = Zeroizing::new(format!("PRAGMA key = \"{}\"", key.raw().as_str()));
    // The error is not kept: it would quote the statement, and with it the key.
    connection
        .execute_batch(&pragma)
        .map_err(|_| OpenVaultError::WrongKey { path: path.into() })?;
    // The key is tried only when the first page is read.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|source| {
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenVaultError::WrongKey { path: path.into() },
            Some(_) | None => OpenVaultError::Sqlite { attempt: "read", source },
        }
    })
}

pub(crate) fn check_role(
    connection: &Connection,
    role: Role,
    path: &Path,
) -> Result<(), OpenVaultError> {
    let failed = |source| OpenVaultError::Sqlite { attempt: "read the mark of", source };
    let found: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    if found == role.application_id() {
        return Ok(());
    }
    if found != 0 || schema_version(connection)? != 0 {
        return Err(OpenVaultError::OtherRole { path: path.into() });
    }
    connection
        .pragma_update(None, "application_id", role.application_id())
        .map_err(|source| OpenVaultError::Sqlite { attempt: "mark", source })
}

fn migrate(connection: &mut Connection, role: Role, path: &Path) -> Result<(), OpenVaultError> {
    let (found, known) = (schema_version(connection)?, role.newest_version());
    if found > known {
        return Err(OpenVaultError::FromNewer { path: path.into(), found, known });
    }
    role.migrations().to_latest(connection).map_err(OpenVaultError::Migrate)
}

fn schema_version(connection: &Connection) -> Result<u32, OpenVaultError> {
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|source| OpenVaultError::Sqlite { attempt: "read the schema version of", source })
}
