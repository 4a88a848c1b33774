//! What only a hub keeps: physicians, their sessions and calls, enrolled carts; and what became of entries.

mod calls;
mod carts;
mod physicians;

use std::{ops::Deref, path::Path};

use clinical::EntryId;
use hub_api::Delivery;
use outbox::Store as _;

use crate::{OpenVaultError, Vault, VaultError, VaultKey, open, record, schema::Role};

pub use calls::AnsweredCall;
pub use carts::EnrolledCart;
pub use physicians::PhysicianAccount;

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
        let outbox = self.outbox();
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(item) = outbox.item(*id)? {
                found.push((*id, record::delivery(&item.state)));
            }
        }
        Ok(found)
    }
}

impl Deref for HubVault {
    type Target = Vault;

    fn deref(&self) -> &Vault {
        &self.vault
    }
}
