//! The carts that may connect, each by its own key.

use std::slice;

use clinical::{AuditEvent, Timestamp};
use rusqlite::{OptionalExtension as _, Row, TransactionBehavior, params};

use super::HubVault;
use crate::{
    audit::{self, heads},
    error::{VaultError, failed},
    row,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledCart {
    pub name: String,
    /// Ed25519 (RFC 8032).
    pub public_key: [u8; 32],
    pub enrolled_at: Timestamp,
}

impl HubVault {
    /// Enrols the cart; one of the same name loses its old key, and the head that was held of its audit:
    /// it begins a new one.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn enrol_cart(&self, cart: &EnrolledCart, event: &AuditEvent) -> Result<(), VaultError> {
        self.with(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached(
                "INSERT INTO carts (name, public_key, enrolled_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET
                 public_key = excluded.public_key, enrolled_at = excluded.enrolled_at",
            )?
            .execute(params![
                cart.name,
                cart.public_key,
                cart.enrolled_at.millis()
            ])?;
            heads::forget(&tx, &cart.name)?;
            audit::append(&tx, slice::from_ref(event))?;
            tx.commit()
        })
        .map_err(failed("enrol a cart"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn cart(&self, name: &str) -> Result<Option<EnrolledCart>, VaultError> {
        let sql = "SELECT name, public_key, enrolled_at FROM carts WHERE name = ?1";
        self.with(|connection| {
            connection.prepare_cached(sql)?.query_row([name], read_cart).optional()
        })
        .map_err(failed("look up a cart"))
    }

    /// By name.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn carts(&self) -> Result<Vec<EnrolledCart>, VaultError> {
        self.list("SELECT name, public_key, enrolled_at FROM carts ORDER BY name", [], read_cart)
            .map_err(failed("list the carts"))
    }
}

fn read_cart(row: &Row<'_>) -> rusqlite::Result<EnrolledCart> {
    Ok(EnrolledCart {
        name: row.get(0)?,
        public_key: row.get(1)?,
        enrolled_at: row::read_time(row, 2)?,
    })
}
