//! Answered calls: they let a physician into an encounter, during the call and after it.

use std::slice;

use clinical::{AuditEvent, CallId, EncounterId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

use super::HubVault;
use crate::{
    error::{VaultError, failed},
    row,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredCall {
    pub call: CallId,
    pub cart: String,
    pub encounter: EncounterId,
    /// The name that the physician signs in with.
    pub physician: String,
    pub answered: Timestamp,
    pub ended: Option<Timestamp>,
}

/// What lies under a hash, by the entry that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobKind {
    Picture,
    Sound,
}

const COLUMNS: &str = "SELECT call, cart, encounter, physician, answered, ended FROM calls";

impl HubVault {
    /// Keeps who answered. From now on the physician may see the encounter.
    ///
    /// # Errors
    /// The call was answered before, cart or physician are unknown, or the vault cannot be written.
    pub fn keep_call(&self, call: &AnsweredCall, event: &AuditEvent) -> Result<(), VaultError> {
        self.execute_told(
            "INSERT INTO calls (call, cart, encounter, physician, answered, ended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                call.call.uuid().into_bytes(),
                call.cart,
                row::encounter(call.encounter),
                call.physician,
                call.answered.millis(),
                call.ended.map(Timestamp::millis),
            ],
            slice::from_ref(event),
        )
        .map(drop)
        .map_err(failed("keep a call"))
    }

    /// A call that was never answered is not kept, and its end changes nothing.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn end_call(
        &self,
        call: CallId,
        ended: Timestamp,
        event: &AuditEvent,
    ) -> Result<(), VaultError> {
        self.execute_told(
            "UPDATE calls SET ended = ?2 WHERE call = ?1 AND ended IS NULL",
            params![call.uuid().into_bytes(), ended.millis()],
            slice::from_ref(event),
        )
        .map(drop)
        .map_err(failed("keep the end of a call"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn call(&self, call: CallId) -> Result<Option<AnsweredCall>, VaultError> {
        let sql = format!("{COLUMNS} WHERE call = ?1");
        self.with(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_row([call.uuid().into_bytes()], read_call)
                .optional()
        })
        .map_err(failed("look up a call"))
    }

    /// Answered and not ended: what a restarted hub finds going on.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn calls_going_on(&self) -> Result<Vec<AnsweredCall>, VaultError> {
        let sql = format!("{COLUMNS} WHERE ended IS NULL ORDER BY answered");
        self.list(&sql, [], read_call).map_err(failed("list the calls going on"))
    }

    /// Those of an encounter, in the order in which they were answered.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn calls_of(&self, encounter: EncounterId) -> Result<Vec<AnsweredCall>, VaultError> {
        let sql = format!("{COLUMNS} WHERE encounter = ?1 ORDER BY answered, call");
        self.list(&sql, [row::encounter(encounter)], read_call)
            .map_err(failed("list the calls of an encounter"))
    }

    /// What it is, if this physician is or was in a call of an encounter that holds it.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn blob_for(&self, physician: &str, sha256: &str) -> Result<Option<BlobKind>, VaultError> {
        let sql =
            "SELECT e.kind = 'still' FROM entries AS e JOIN calls AS c ON c.encounter = e.encounter
            WHERE e.blob = ?1 AND c.physician = ?2 LIMIT 1";
        let is_still = self.with(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_row([sha256, physician], |row| row.get::<_, bool>(0)).optional()
        });
        let kind = |is_still| if is_still { BlobKind::Picture } else { BlobKind::Sound };
        Ok(is_still.map_err(failed("look who may see a picture or hear a sound"))?.map(kind))
    }
}

fn read_call(row: &Row<'_>) -> rusqlite::Result<AnsweredCall> {
    Ok(AnsweredCall {
        call: CallId::new(row::read_uuid(row, 0)?),
        cart: row.get(1)?,
        encounter: row::read_encounter(row, 2)?,
        physician: row.get(3)?,
        answered: row::read_time(row, 4)?,
        ended: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis),
    })
}
