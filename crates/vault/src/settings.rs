//! How SQLite has to run so that "saved" is true, and the proof that it does.

use rusqlite::{Connection, types::Value};

use crate::open::OpenVaultError;

/// Each is set, and then read back: SQLite ignores a setting that it does not know or cannot have.
/// cipher_memory_security stays off: docs/decisions/0001-sqlcipher-with-system-openssl.md.
///
/// synchronous=FULL (2): with NORMAL a power cut loses commits that were acknowledged. Temporary tables stay in
/// memory (2), because a temporary file would be outside the encryption.
const SETTINGS: [(&str, &str); 7] = [
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("wal_autocheckpoint", "1000"),
    ("foreign_keys", "1"),
    ("busy_timeout", "5000"),
    ("temp_store", "2"),
    ("trusted_schema", "0"),
];

pub(crate) fn apply(connection: &Connection) -> Result<(), OpenVaultError> {
    for (name, value) in SETTINGS {
        connection
            .execute_batch(&format!("PRAGMA {name} = {value}"))
            .map_err(|source| OpenVaultError::Sqlite { attempt: "set up", source })?;
    }
    Ok(())
}

/// Refuses to work on a connection that does not run as [`SETTINGS`] say.
pub(crate) fn verify(connection: &Connection) -> Result<(), OpenVaultError> {
    for (name, expected) in SETTINGS {
        let found = read(connection, name)?;
        if found != expected {
            return Err(OpenVaultError::Setting { name, expected, found });
        }
    }
    Ok(())
}

fn read(connection: &Connection, name: &str) -> Result<String, OpenVaultError> {
    let value = connection
        .pragma_query_value(None, name, |row| row.get::<_, Value>(0))
        .map_err(|source| OpenVaultError::Sqlite { attempt: "read the settings of", source })?;
    Ok(match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Null | Value::Real(_) | Value::Blob(_) => "nothing".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_weakens_the_promise_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for (name, worse) in [
            ("synchronous", "1"),
            ("journal_mode", "delete"),
            ("foreign_keys", "0"),
            ("temp_store", "1"),
        ] {
            let connection = Connection::open(folder.path().join(name)).unwrap();
            connection.pragma_update(None, "key", "x'5a'").unwrap();
            apply(&connection).unwrap();
            verify(&connection).unwrap();
            connection.execute_batch(&format!("PRAGMA {name} = {worse}")).unwrap();
            let error = verify(&connection).unwrap_err();
            assert!(
                matches!(error, OpenVaultError::Setting { name: n, .. } if n == name),
                "{error}"
            );
        }
    }
}
