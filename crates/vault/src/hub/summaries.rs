//! Copies of what the EHR said of patients, for when it is away. Bytes here; the hub alone reads them.

use clinical::Timestamp;
use rusqlite::{OptionalExtension as _, TransactionBehavior, params};

use super::HubVault;
use crate::error::{VaultError, failed};

/// More than a hub's carts see in the time that a copy is kept; the oldest make room.
const MOST_PATIENTS: i64 = 200;

impl HubVault {
    /// In the place of an older one of this patient.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn keep_summary(
        &self,
        patient: &str,
        asked: Timestamp,
        content: &[u8],
    ) -> Result<(), VaultError> {
        let work = |connection: &mut rusqlite::Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached(
                "INSERT INTO summaries (patient, asked, content) VALUES (?1, ?2, ?3)
                 ON CONFLICT (patient) DO UPDATE
                 SET asked = excluded.asked, content = excluded.content",
            )?
            .execute(params![patient, asked.millis(), content])?;
            tx.prepare_cached(
                "DELETE FROM summaries WHERE patient IN
                 (SELECT patient FROM summaries ORDER BY asked DESC LIMIT -1 OFFSET ?1)",
            )?
            .execute([MOST_PATIENTS])?;
            tx.commit()
        };
        self.with(work).map_err(failed("keep what the EHR said of a patient"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn summary(&self, patient: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let sql = "SELECT content FROM summaries WHERE patient = ?1";
        self.with(|connection| {
            connection.prepare_cached(sql)?.query_row([patient], |row| row.get(0)).optional()
        })
        .map_err(failed("read what the EHR said of a patient"))
    }

    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn forget_summary(&self, patient: &str) -> Result<(), VaultError> {
        self.execute("DELETE FROM summaries WHERE patient = ?1", [patient])
            .map(drop)
            .map_err(failed("forget what the EHR said of a patient"))
    }

    /// All that were asked before. Returns how many there were.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn forget_summaries(&self, before: Timestamp) -> Result<usize, VaultError> {
        self.execute("DELETE FROM summaries WHERE asked < ?1", [before.millis()])
            .map_err(failed("forget what the EHR said of patients"))
    }
}
