//! Who may sign in at this cart.

use std::{fmt, slice};

use cart_api::Nurse;
use clinical::AuditEvent;
use rusqlite::{OptionalExtension as _, params};

use super::CartVault;
use crate::error::{VaultError, failed};

/// `Debug` shows the staff number only.
#[derive(Clone, PartialEq, Eq)]
pub struct NurseAccount {
    pub nurse: Nurse,
    /// As the caller's password hash writes itself (PHC string).
    pub pin_hash: String,
    /// The sign-in counters in JSON, as the caller's rules write them.
    pub sign_in: String,
}

impl CartVault {
    /// Adds the nurse, or replaces name, PIN and counters.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn put_nurse(&self, account: &NurseAccount, event: &AuditEvent) -> Result<(), VaultError> {
        let NurseAccount { nurse, pin_hash, sign_in } = account;
        self.execute_told(
            "INSERT INTO nurses (id, name, pin_hash, sign_in) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET
             name = excluded.name, pin_hash = excluded.pin_hash, sign_in = excluded.sign_in",
            params![nurse.id, nurse.name, pin_hash, sign_in],
            slice::from_ref(event),
        )
        .map(drop)
        .map_err(failed("keep a nurse"))
    }

    /// By name, for the sign-in page.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn nurses(&self) -> Result<Vec<Nurse>, VaultError> {
        self.list("SELECT id, name FROM nurses ORDER BY name, id", [], |row| {
            Ok(Nurse { id: row.get(0)?, name: row.get(1)? })
        })
        .map_err(failed("list the nurses"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn nurse(&self, id: &str) -> Result<Option<NurseAccount>, VaultError> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT id, name, pin_hash, sign_in FROM nurses WHERE id = ?1")?
                .query_row([id], |row| {
                    Ok(NurseAccount {
                        nurse: Nurse { id: row.get(0)?, name: row.get(1)? },
                        pin_hash: row.get(2)?,
                        sign_in: row.get(3)?,
                    })
                })
                .optional()
        })
        .map_err(failed("look up a nurse"))
    }

    /// Keeps the sign-in counters, durably. `false`: there is no such nurse.
    ///
    /// # Errors
    /// The vault cannot be written: the try must not be judged.
    pub fn set_sign_in(
        &self,
        nurse: &str,
        sign_in: &str,
        events: &[AuditEvent],
    ) -> Result<bool, VaultError> {
        let sql = "UPDATE nurses SET sign_in = ?2 WHERE id = ?1";
        self.execute_told(sql, [nurse, sign_in], events)
            .map(|changed| changed == 1)
            .map_err(failed("keep sign-in counters"))
    }
}

impl fmt::Debug for NurseAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NurseAccount({})", self.nurse.id)
    }
}
