//! Which records of the devices' own memories are kept already, in the tray or in an encounter.

use clinical::Reading;
use rusqlite::{Transaction, params};

use super::CartVault;
use crate::error::{VaultError, failed};

/// Of each device. No meter, cuff or scale keeps more than about a thousand records, so what a device
/// can still send is always among its newest five thousand.
const KNOWN_OF_A_DEVICE: i64 = 5_000;

impl CartVault {
    /// The device sent this record before, and it was kept. A device that names no records is never
    /// known: the same bytes are a new measurement.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn is_known(&self, reading: &Reading) -> Result<bool, VaultError> {
        let Some(record) = reading.record_name() else { return Ok(false) };
        let sql = "SELECT 1 FROM known_records WHERE device = ?1 AND record = ?2";
        self.with(|connection| {
            connection.prepare_cached(sql)?.exists(params![reading.device.id.0, record])
        })
        .map_err(failed("look for a record of a device"))
    }
}

/// With the reading itself, so that neither is kept without the other.
pub(crate) fn remember(tx: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let Some(record) = reading.record_name() else { return Ok(()) };
    let device = &reading.device.id.0;
    tx.prepare_cached(
        "INSERT INTO known_records (device, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute(params![device, record])?;
    tx.prepare_cached(
        "DELETE FROM known_records WHERE device = ?1 AND number <= (
             SELECT number FROM known_records WHERE device = ?1
             ORDER BY number DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![device, KNOWN_OF_A_DEVICE])?;
    Ok(())
}
