//! What a cart takes up again after a restart: the worklist it was told last, its call and its nurse.

use clinical::{AuditEvent, Timestamp};
use hub_api::WorklistEntry;
use rusqlite::params;

use super::CartVault;
use crate::{
    error::{VaultError, failed},
    row,
};

/// As the hub told it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worklist {
    pub entries: Vec<WorklistEntry>,
    pub as_of: Timestamp,
}

impl CartVault {
    /// # Errors
    /// The vault cannot be written.
    pub fn set_worklist(&self, worklist: &Worklist) -> Result<(), VaultError> {
        let text = serde_json::to_string(&worklist.entries)
            .expect("all keys of a worklist entry are text");
        self.execute(
            "UPDATE cart_state SET worklist = ?1, worklist_as_of = ?2",
            params![text, worklist.as_of.millis()],
        )
        .map(drop)
        .map_err(failed("keep the worklist"))
    }

    /// `None`: the hub never told one.
    ///
    /// # Errors
    /// The vault cannot be read, or an older version wrote a worklist of another form.
    pub fn worklist(&self) -> Result<Option<Worklist>, VaultError> {
        let sql = "SELECT worklist, worklist_as_of FROM cart_state WHERE worklist IS NOT NULL";
        let kept = self
            .list(sql, [], |row| Ok((row.get::<_, String>(0)?, row::read_time(row, 1)?)))
            .map_err(failed("read the worklist"))?;
        let Some((text, as_of)) = kept.into_iter().next() else { return Ok(None) };
        let entries = serde_json::from_str(&text)
            .map_err(|_| VaultError::Damaged { what: "the worklist" })?;
        Ok(Some(Worklist { entries, as_of }))
    }

    /// Keeps what a restart takes up again (the call, who is signed in), as the caller writes it, with
    /// the rows of the audit that tell how it came about.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn set_situation(&self, situation: &str, events: &[AuditEvent]) -> Result<(), VaultError> {
        self.execute_told("UPDATE cart_state SET situation = ?1", [situation], events)
            .map(drop)
            .map_err(failed("keep the situation"))
    }

    /// `None`: nothing was ever kept.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn situation(&self) -> Result<Option<String>, VaultError> {
        let sql = "SELECT situation FROM cart_state WHERE situation IS NOT NULL";
        let kept = self.list(sql, [], |row| row.get(0)).map_err(failed("read the situation"))?;
        Ok(kept.into_iter().next())
    }
}
