//! What the EHR is told at the end of a visit, in words that stay the same at each try.

use clinical::{EncounterId, Note, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::HubVault;
use crate::{
    error::{VaultError, failed},
    row,
};

/// The receipt of a visit. Its author is the cart that kept the visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReceipt {
    pub made: Timestamp,
    pub content: Note,
}

impl HubVault {
    /// The first that was kept stays, and is returned: it may have been sent.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn keep_receipt(
        &self,
        encounter: EncounterId,
        receipt: &KeptReceipt,
    ) -> Result<KeptReceipt, VaultError> {
        let KeptReceipt { made, content: Note { author, text } } = receipt;
        self.execute(
            "INSERT INTO receipts (encounter, made, author, text) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (encounter) DO NOTHING",
            params![row::encounter(encounter), made.millis(), author, text],
        )
        .map_err(failed("keep the receipt of a visit"))?;
        let kept = self.receipt(encounter)?;
        kept.ok_or(VaultError::Damaged { what: "the receipt of a visit" })
    }

    /// `None`: none was made.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn receipt(&self, encounter: EncounterId) -> Result<Option<KeptReceipt>, VaultError> {
        let sql = "SELECT made, author, text FROM receipts WHERE encounter = ?1";
        self.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row([row::encounter(encounter)], |row| {
                    let content = Note { author: row.get(1)?, text: row.get(2)? };
                    Ok(KeptReceipt { made: row::read_time(row, 0)?, content })
                })
                .optional()
        })
        .map_err(failed("look for the receipt of a visit"))
    }
}
