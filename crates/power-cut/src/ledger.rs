//! Everything that a vault holds, read past the vault by somebody who has the key.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result, ensure};
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, types::ValueRef};
use vault::VaultKey;

const KEY: [u8; 32] = [0x5a; 32];

/// Of every vault that is played here.
pub(crate) fn key() -> VaultKey {
    VaultKey::new(KEY)
}

/// Of each table the hash over all its rows: two vaults with equal accounts hold the same bytes. A table
/// that a later migration brings is part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(BTreeMap<String, Vec<u8>>);

impl Account {
    /// The tables in which the two differ.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys().filter(|name| !self.0.contains_key(*name)));
        names.filter(|name| self.0.get(*name) != other.0.get(*name)).cloned().collect()
    }
}

/// A second connection to the vault in a folder.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

impl Ledger {
    /// # Errors
    /// There is no vault with the key of these plays.
    pub fn open(folder: &Path) -> Result<Self> {
        let connection = Connection::open(folder.join("vault.db"))?;
        let digits: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.pragma_update(None, "key", format!("x'{digits}'"))?;
        Ok(Self { connection })
    }

    /// Who sends last is no part of it: a claim without its sender only makes the next one claim again.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn account(&self) -> Result<Account> {
        let mut names = self.connection.prepare_cached(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
             AND name NOT IN ('sqlite_schema', 'senders')",
        )?;
        let names: Vec<String> =
            names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let digest = |name: String| Ok((name.clone(), self.table(&name)?));
        names.into_iter().map(digest).collect::<Result<_>>().map(Account)
    }

    fn table(&self, name: &str) -> Result<Vec<u8>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT * FROM \"{name}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut hash = Context::new(&SHA256);
        while let Some(row) = rows.next()? {
            (0..columns)
                .try_for_each(|column| row.get_ref(column).map(|value| add(&mut hash, value)))?;
        }
        Ok(hash.finish().as_ref().to_vec())
    }

    /// # Errors
    /// The file is not whole, a row points to nothing, or an entry has no item in the outbox.
    pub fn check(&self) -> Result<()> {
        let text = |sql: &str| {
            self.connection
                .query_row(sql, [], |row| row.get::<_, String>(0))
                .with_context(|| sql.to_owned())
        };
        let integrity = text("PRAGMA integrity_check")?;
        ensure!(integrity == "ok", "integrity_check: {integrity}");
        let dangling = self.count("SELECT count(*) FROM pragma_foreign_key_check")?;
        ensure!(dangling == 0, "{dangling} rows point to nothing");
        let alone =
            "SELECT count(*) FROM entries WHERE position NOT IN (SELECT position FROM outbox)";
        let alone = self.count(alone)?;
        ensure!(alone == 0, "{alone} entries would never be sent");
        Ok(())
    }

    /// As SQLite does it after 1000 pages, so that a short play has many.
    ///
    /// # Errors
    /// The log cannot be carried over.
    pub fn checkpoint(&self) -> Result<()> {
        let busy = self.count("PRAGMA wal_checkpoint(PASSIVE)")?;
        ensure!(busy == 0, "somebody holds the log");
        Ok(())
    }

    fn count(&self, sql: &str) -> Result<i64> {
        self.connection.query_row(sql, [], |row| row.get(0)).with_context(|| sql.to_owned())
    }
}

/// With kind and length, so that no two rows look alike.
fn add(hash: &mut Context, value: ValueRef<'_>) {
    let (kind, bytes) = match value {
        ValueRef::Null => (0_u8, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_le_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_le_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(blob) => (4, blob.to_vec()),
    };
    hash.update(&[kind]);
    hash.update(&bytes.len().to_le_bytes());
    hash.update(&bytes);
}
