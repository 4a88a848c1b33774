//! What only a hub keeps: physicians, their sessions and calls, enrolled carts; and what became of entries.

mod admissions;
mod alongside;
mod anchors;
mod calls;
mod carts;
mod charts;
mod physicians;
mod receipts;
mod summaries;

use std::{ops::Deref, path::Path};

use clinical::EntryId;
use hub_api::Delivery;

use crate::{
    OpenVaultError, Vault, VaultError, VaultKey, error::failed, open, record, row, schema::Role,
};

pub use admissions::KeptFact;
pub use alongside::Alongside;
pub use anchors::{Anchor, Anchoring, Contradiction};
pub use calls::{AnsweredCall, BlobKind};
pub use carts::EnrolledCart;
pub use charts::KnownChart;
pub use physicians::PhysicianAccount;
pub use receipts::KeptReceipt;

/// The vault of `hubd`. Derefs to the record part, [`Vault`].
#[derive(Clone, Debug)]
pub struct HubVault {
    vault: Vault,
}

impl HubVault {
    /// Opens `vault.db` in `folder`, which belongs to the vault alone; both are made if missing.
    ///
    /// # Errors
    /// By name: why the vault cannot be opened so that its promises hold.
    pub fn open(folder: &Path, key: &VaultKey) -> Result<Self, OpenVaultError> {
        open::open(folder, key, Role::Hub).map(|vault| Self { vault })
    }

    /// How far these have come. What the hub does not have is not in the answer.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn deliveries(&self, ids: &[EntryId]) -> Result<Vec<(EntryId, Delivery)>, VaultError> {
        let sql = format!(
            "SELECT {} FROM entries AS e
            CROSS JOIN outbox AS o ON o.position = e.position
            WHERE o.destination = 'ehr' AND e.id = ?1",
            row::STATE_COLUMNS
        );
        let one = |id: &EntryId| {
            let states = self.list(&sql, [row::id(*id)], |row| row::read_state(row, 0))?;
            Ok(states.first().map(|state| (*id, record::delivery(state))))
        };
        let all: rusqlite::Result<Vec<_>> = ids.iter().map(one).collect();
        Ok(all.map_err(failed("look what became of entries"))?.into_iter().flatten().collect())
    }
}

impl Deref for HubVault {
    type Target = Vault;

    fn deref(&self) -> &Vault {
        &self.vault
    }
}
