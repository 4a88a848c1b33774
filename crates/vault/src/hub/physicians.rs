//! Physicians, who of them is on call, and their sessions.

use std::{fmt, slice};

use clinical::{AuditEvent, Timestamp};
use rusqlite::{OptionalExtension as _, TransactionBehavior, params};

use super::HubVault;
use crate::{
    audit,
    error::{VaultError, failed},
};

/// `Debug` shows the account's name only.
#[derive(Clone, PartialEq, Eq)]
pub struct PhysicianAccount {
    /// What they sign in with.
    pub name: String,
    /// What nurses read.
    pub display_name: String,
    /// As the caller's password hash writes itself (PHC string).
    pub password_hash: String,
}

impl HubVault {
    /// Adds the physician, or replaces display name and password; on call stays as it is.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn put_physician(
        &self,
        account: &PhysicianAccount,
        event: &AuditEvent,
    ) -> Result<(), VaultError> {
        let PhysicianAccount { name, display_name, password_hash } = account;
        self.execute_told(
            "INSERT INTO physicians (name, display_name, password_hash) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET
             display_name = excluded.display_name, password_hash = excluded.password_hash",
            params![name, display_name, password_hash],
            slice::from_ref(event),
        )
        .map(drop)
        .map_err(failed("keep a physician"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn physician(&self, name: &str) -> Result<Option<PhysicianAccount>, VaultError> {
        let sql = "SELECT name, display_name, password_hash FROM physicians WHERE name = ?1";
        self.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row([name], |row| {
                    Ok(PhysicianAccount {
                        name: row.get(0)?,
                        display_name: row.get(1)?,
                        password_hash: row.get(2)?,
                    })
                })
                .optional()
        })
        .map_err(failed("look up a physician"))
    }

    /// `false`: there is no such physician.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn set_on_call(&self, physician: &str, on_call: bool) -> Result<bool, VaultError> {
        self.execute(
            "UPDATE physicians SET on_call = ?2 WHERE name = ?1",
            params![physician, on_call],
        )
        .map(|changed| changed == 1)
        .map_err(failed("keep who is on call"))
    }

    /// The names of the physicians to ring.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn on_call(&self) -> Result<Vec<String>, VaultError> {
        self.list("SELECT name FROM physicians WHERE on_call = 1 ORDER BY name", [], |row| {
            row.get(0)
        })
        .map_err(failed("list who is on call"))
    }

    /// Keeps a session under the SHA-256 of its token, in hexadecimal; the token itself is
    /// nowhere. Sessions that are over at the time of the event are dropped.
    ///
    /// # Errors
    /// The vault cannot be written, or there is no such physician.
    pub fn open_session(
        &self,
        token_sha256: &str,
        physician: &str,
        expires: Timestamp,
        event: &AuditEvent,
    ) -> Result<(), VaultError> {
        self.with(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached("DELETE FROM sessions WHERE expires <= ?1")?
                .execute([event.at.millis()])?;
            tx.prepare_cached(
                "INSERT INTO sessions (token_sha256, physician, expires) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![token_sha256, physician, expires.millis()])?;
            audit::append(&tx, slice::from_ref(event))?;
            tx.commit()
        })
        .map_err(failed("keep a session"))
    }

    /// Whose session it is. `None`: there is none, or it is over at `now`.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn session(
        &self,
        token_sha256: &str,
        now: Timestamp,
    ) -> Result<Option<String>, VaultError> {
        let sql = "SELECT physician FROM sessions WHERE token_sha256 = ?1 AND expires > ?2";
        self.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row(params![token_sha256, now.millis()], |row| row.get(0))
                .optional()
        })
        .map_err(failed("look up a session"))
    }

    /// # Errors
    /// The vault cannot be written.
    pub fn end_session(&self, token_sha256: &str, event: &AuditEvent) -> Result<(), VaultError> {
        let sql = "DELETE FROM sessions WHERE token_sha256 = ?1";
        self.execute_told(sql, [token_sha256], slice::from_ref(event))
            .map(drop)
            .map_err(failed("end a session"))
    }
}

impl fmt::Debug for PhysicianAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhysicianAccount({})", self.name)
    }
}
