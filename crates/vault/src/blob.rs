//! Pictures and sounds, kept inside the encrypted database under the hash of their bytes.

use std::fmt;

use ring::digest;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::{
    Vault,
    error::{VaultError, failed},
};

/// One row holds no more: the schema says the same.
const CHUNK_BYTES: usize = 256 * 1024;

/// Bytes together with their SHA-256, in lower-case hexadecimal.
#[derive(Clone)]
pub struct Blob {
    bytes: Vec<u8>,
    sha256: String,
}

impl Blob {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { sha256: sha256_hex(&bytes), bytes }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({}, {} bytes)", self.sha256, self.bytes.len())
    }
}

impl Vault {
    /// Keeps a blob that came before its entry. Again with the same bytes changes nothing.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was kept.
    pub fn put_blob(&self, blob: &Blob) -> Result<(), VaultError> {
        self.with(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            insert(&tx, blob)?;
            tx.commit()
        })
        .map_err(failed("keep a blob"))
    }

    /// # Errors
    /// The vault cannot be read, or the bytes have not the hash they are kept under.
    pub fn blob(&self, sha256: &str) -> Result<Option<Blob>, VaultError> {
        let bytes =
            self.with(|connection| read(connection, sha256)).map_err(failed("read a blob"))?;
        let Some(blob) = bytes.map(Blob::new) else { return Ok(None) };
        if blob.sha256 != sha256 {
            return Err(VaultError::Damaged { what: "a blob" });
        }
        Ok(Some(blob))
    }
}

pub(crate) fn exists(connection: &Connection, sha256: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM blobs WHERE sha256 = ?1")?.exists([sha256])
}

pub(crate) fn insert(tx: &Transaction<'_>, blob: &Blob) -> rusqlite::Result<()> {
    if exists(tx, &blob.sha256)? {
        return Ok(());
    }
    tx.prepare_cached("INSERT INTO blobs (sha256, length) VALUES (?1, ?2)")?
        .execute(params![blob.sha256, blob.bytes.len() as i64])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO blob_chunks (sha256, number, bytes) VALUES (?1, ?2, ?3)")?;
    for (number, chunk) in blob.bytes.chunks(CHUNK_BYTES).enumerate() {
        insert.execute(params![blob.sha256, number as i64, chunk])?;
    }
    Ok(())
}

fn read(connection: &Connection, sha256: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let length = connection
        .prepare_cached("SELECT length FROM blobs WHERE sha256 = ?1")?
        .query_row([sha256], |row| row.get::<_, u32>(0))
        .optional()?;
    let Some(length) = length else { return Ok(None) };
    let mut chunks = connection
        .prepare_cached("SELECT bytes FROM blob_chunks WHERE sha256 = ?1 ORDER BY number")?;
    let mut rows = chunks.query([sha256])?;
    let mut bytes = Vec::with_capacity(length as usize);
    while let Some(row) = rows.next()? {
        bytes.extend_from_slice(row.get_ref(0)?.as_blob()?);
    }
    Ok(Some(bytes))
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
