//! What devices said that is nobody's reading: kept for a person to look at.

use std::{fmt, slice};

use clinical::{AuditEvent, DeviceId, Reading, ReadingId, Timestamp};
use rusqlite::{Params, TransactionBehavior, params};

use super::{CartVault, known};
use crate::{
    Commit, CommitError, Saved, SealedEntry,
    error::{VaultError, failed},
    row,
};

/// Enough for a technician to see a pattern; a babbling device must not fill the disk.
const KEPT_MALFORMATIONS: u32 = 1_000;

/// A few devices with full memories, discarded ones included; the oldest give way, so that a cart that
/// nobody tidies up does not fill its disk.
const KEPT_UNASSIGNED: u32 = 10_000;

/// A reading that belongs to no encounter.
#[derive(Clone, Debug, PartialEq)]
pub struct UnassignedReading {
    pub reading: Reading,
    /// Why it was bound to nobody, as the encounter's rules name it.
    pub reason: String,
}

/// What a person said when taking a reading out of the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discard {
    pub why: String,
    pub at: Timestamp,
    /// The nurse, by staff number or name.
    pub by: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("reading {reading} is not in the tray")]
    NotInTray { reading: ReadingId },
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Bytes that a device should not have sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Malformation {
    pub at: Timestamp,
    pub device: DeviceId,
    /// What was wrong, as the driver names it.
    pub what: String,
    pub bytes: Vec<u8>,
}

impl CartVault {
    /// Keeps a reading in the tray, once however often it comes, and remembers its device's record.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn keep_unassigned(&self, unassigned: &UnassignedReading) -> Result<(), VaultError> {
        let UnassignedReading { reading, reason } = unassigned;
        let text = serde_json::to_string(reading).expect("all keys of a reading are text");
        self.with_ballast(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached(
                "INSERT INTO unassigned_readings (id, reason, reading) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO NOTHING",
            )?
            .execute(params![id(reading.id), reason, text])?;
            known::remember(&tx, reading)?;
            tx.prepare_cached(
                "DELETE FROM unassigned_readings WHERE number <= (
                     SELECT number FROM unassigned_readings ORDER BY number DESC LIMIT 1 OFFSET ?1)",
            )?
            .execute([KEPT_UNASSIGNED])?;
            tx.commit()
        })
        .map_err(failed("keep an unassigned reading"))
    }

    /// Oldest first, without the discarded.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn unassigned(&self) -> Result<Vec<UnassignedReading>, VaultError> {
        let sql = "SELECT reading, reason FROM unassigned_readings
            WHERE discarded IS NULL ORDER BY number";
        self.read_unassigned(sql, [])
    }

    /// Of what waits in the tray: how many, and up to `limit` of them, newest first.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn newest_unassigned(
        &self,
        limit: u32,
    ) -> Result<(u32, Vec<UnassignedReading>), VaultError> {
        let count = "SELECT count(*) FROM unassigned_readings WHERE discarded IS NULL";
        let waiting = self
            .with(|connection| connection.query_row(count, [], |row| row.get(0)))
            .map_err(failed("count the unassigned readings"))?;
        let sql = "SELECT reading, reason FROM unassigned_readings
            WHERE discarded IS NULL ORDER BY number DESC LIMIT ?1";
        Ok((waiting, self.read_unassigned(sql, [limit])?))
    }

    /// `None`: it was claimed, discarded, or never there.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn unassigned_reading(
        &self,
        reading: ReadingId,
    ) -> Result<Option<UnassignedReading>, VaultError> {
        let sql = "SELECT reading, reason FROM unassigned_readings
            WHERE discarded IS NULL AND id = ?1";
        Ok(self.read_unassigned(sql, [id(reading)])?.pop())
    }

    /// Moves a reading from the tray into an encounter: both or neither.
    ///
    /// # Errors
    /// It is not in the tray (any more), or the entry cannot be saved; nothing was changed.
    pub fn claim(
        &self,
        reading: ReadingId,
        entry: SealedEntry,
        event: &AuditEvent,
    ) -> Result<Saved, ClaimError> {
        self.commit_with(Commit::of(entry), slice::from_ref(event), |tx| {
            let taken = tx
                .prepare_cached(
                    "DELETE FROM unassigned_readings WHERE id = ?1 AND discarded IS NULL",
                )
                .and_then(|mut statement| statement.execute([id(reading)]))
                .map_err(CommitError::from)?;
            if taken == 1 { Ok(()) } else { Err(ClaimError::NotInTray { reading }) }
        })
    }

    /// Takes a reading out of the tray. It stays in the record with the reason. `false`: it was not
    /// in the tray.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn discard(
        &self,
        reading: ReadingId,
        discard: &Discard,
        event: &AuditEvent,
    ) -> Result<bool, VaultError> {
        let Discard { why, at, by } = discard;
        self.execute_told(
            "UPDATE unassigned_readings SET discarded = ?2, discarded_at = ?3, discarded_by = ?4
             WHERE id = ?1 AND discarded IS NULL",
            params![id(reading), why, at.millis(), by],
            slice::from_ref(event),
        )
        .map(|changed| changed == 1)
        .map_err(failed("discard an unassigned reading"))
    }

    fn read_unassigned(
        &self,
        sql: &str,
        values: impl Params,
    ) -> Result<Vec<UnassignedReading>, VaultError> {
        let rows = self
            .list(sql, values, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
            .map_err(failed("read the unassigned readings"))?;
        let parse = |(text, reason): (String, String)| {
            let reading = serde_json::from_str(&text)
                .map_err(|_| VaultError::Damaged { what: "an unassigned reading" })?;
            Ok(UnassignedReading { reading, reason })
        };
        rows.into_iter().map(parse).collect()
    }

    /// Keeps the newest thousand; older ones give way.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn keep_malformation(&self, malformation: &Malformation) -> Result<(), VaultError> {
        let Malformation { at, device, what, bytes } = malformation;
        self.with(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached(
                "INSERT INTO malformations (at, device, what, bytes) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![at.millis(), device.0, what, bytes])?;
            tx.prepare_cached("DELETE FROM malformations WHERE number <= ?1")?
                .execute([tx.last_insert_rowid() - i64::from(KEPT_MALFORMATIONS)])?;
            tx.commit()
        })
        .map_err(failed("keep a malformation"))
    }

    /// Up to `limit`, newest first.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn malformations(&self, limit: u32) -> Result<Vec<Malformation>, VaultError> {
        let sql = "SELECT at, device, what, bytes FROM malformations ORDER BY number DESC LIMIT ?1";
        self.list(sql, [limit], |row| {
            Ok(Malformation {
                at: row::read_time(row, 0)?,
                device: DeviceId(row.get(1)?),
                what: row.get(2)?,
                bytes: row.get(3)?,
            })
        })
        .map_err(failed("read the malformations"))
    }
}

fn id(reading: ReadingId) -> [u8; 16] {
    reading.uuid().into_bytes()
}

impl fmt::Debug for Malformation {
    // The bytes may hold a measurement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Malformation({}, {}, {} bytes)", self.device, self.what, self.bytes.len())
    }
}
