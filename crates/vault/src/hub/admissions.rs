//! What the EHR told of patients who come and go.

use clinical::AuditEvent;
use rusqlite::TransactionBehavior;

use super::HubVault;
use crate::{
    audit::append,
    error::{VaultError, failed},
};

/// Of whoever compares them; here they are bytes.
pub type KeptFact = (String, Vec<u8>);

impl HubVault {
    /// All of them and the rows of the audit, or nothing. A fact takes the place of the one under its key.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn keep_admissions(
        &self,
        facts: &[KeptFact],
        events: &[AuditEvent],
    ) -> Result<(), VaultError> {
        let work = |connection: &mut rusqlite::Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for (key, fact) in facts {
                tx.prepare_cached(
                    "INSERT INTO admissions (key, fact) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET fact = excluded.fact",
                )?
                .execute((key, fact))?;
            }
            append(&tx, events)?;
            tx.commit()
        };
        self.with(work).map_err(failed("keep what the EHR told of patients"))
    }

    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn forget_admissions(&self, keys: &[String]) -> Result<(), VaultError> {
        let work = |connection: &mut rusqlite::Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for key in keys {
                tx.prepare_cached("DELETE FROM admissions WHERE key = ?1")?.execute([key])?;
            }
            tx.commit()
        };
        self.with(work).map_err(failed("forget what the EHR told of patients"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn admissions(&self) -> Result<Vec<KeptFact>, VaultError> {
        let sql = "SELECT key, fact FROM admissions ORDER BY key";
        self.list(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed("read what the EHR told of patients"))
    }
}
