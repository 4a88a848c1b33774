//! What a cart takes up again after a restart: the worklist it was told last, and its call.

use clinical::{CallId, Timestamp};
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

    /// The call that is going on, so that a restart finds back into it.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn set_open_call(&self, call: Option<CallId>) -> Result<(), VaultError> {
        let call = call.map(|call| call.uuid().into_bytes());
        self.execute("UPDATE cart_state SET call = ?1", [call])
            .map(drop)
            .map_err(failed("keep the open call"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn open_call(&self) -> Result<Option<CallId>, VaultError> {
        let sql = "SELECT call FROM cart_state WHERE call IS NOT NULL";
        let calls = self
            .list(sql, [], |row| row::read_uuid(row, 0).map(CallId::new))
            .map_err(failed("read the open call"))?;
        Ok(calls.into_iter().next())
    }
}
