//! What the EHR is told at the end of a visit, in words that stay the same at each try.

use clinical::{EncounterId, Note, Timestamp};
use rusqlite::{OptionalExtension as _, Transaction, params};

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

/// The first that was kept stays: it may have been sent.
pub(super) fn insert(
    tx: &Transaction<'_>,
    encounter: EncounterId,
    receipt: &KeptReceipt,
) -> rusqlite::Result<()> {
    let KeptReceipt { made, content: Note { author, text } } = receipt;
    tx.prepare_cached(
        "INSERT INTO receipts (encounter, made, author, text) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (encounter) DO NOTHING",
    )?
    .execute(params![row::encounter(encounter), made.millis(), author, text])
    .map(drop)
}

impl HubVault {
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
