//! What devices said that is nobody's reading: kept for a person to look at.

use std::fmt;

use clinical::{DeviceId, Reading, Timestamp};
use rusqlite::{TransactionBehavior, params};

use super::CartVault;
use crate::{
    error::{VaultError, failed},
    row,
};

/// Enough for a technician to see a pattern; a babbling device must not fill the disk.
const KEPT_MALFORMATIONS: u32 = 1_000;

/// A reading that belongs to no encounter.
#[derive(Clone, Debug, PartialEq)]
pub struct UnassignedReading {
    pub reading: Reading,
    /// Why it was bound to nobody, as the encounter's rules name it.
    pub reason: String,
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
    /// Keeps a reading in the tray, once however often it comes.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn keep_unassigned(&self, unassigned: &UnassignedReading) -> Result<(), VaultError> {
        let UnassignedReading { reading, reason } = unassigned;
        let text = serde_json::to_string(reading).expect("all keys of a reading are text");
        self.execute(
            "INSERT INTO unassigned_readings (id, reason, reading) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO NOTHING",
            params![reading.id.uuid().into_bytes(), reason, text],
        )
        .map(drop)
        .map_err(failed("keep an unassigned reading"))
    }

    /// Oldest first.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn unassigned(&self) -> Result<Vec<UnassignedReading>, VaultError> {
        let sql = "SELECT reading, reason FROM unassigned_readings ORDER BY number";
        let rows = self
            .list(sql, [], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
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

impl fmt::Debug for Malformation {
    // The bytes may hold a measurement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Malformation({}, {}, {} bytes)", self.device, self.what, self.bytes.len())
    }
}
