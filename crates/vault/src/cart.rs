//! What only a cart keeps: ticks, nurses, the worklist, the tray of readings without a patient.

pub(crate) mod known;
mod nurses;
mod purge;
mod situation;
mod ticks;
mod tray;

use std::{ops::Deref, path::Path};

use crate::{OpenVaultError, Vault, VaultKey, open, schema::Role};

pub use nurses::NurseAccount;
pub use purge::{Purge, Purged};
pub use situation::Worklist;
pub use tray::{ClaimError, Discard, Malformation, UnassignedReading};

/// The vault of `cartd`. Derefs to the record part, [`Vault`].
#[derive(Clone, Debug)]
pub struct CartVault {
    vault: Vault,
}

impl CartVault {
    /// Opens `vault.db` in `folder`, which belongs to the vault alone; both are made if missing.
    ///
    /// # Errors
    /// By name: why the vault cannot be opened so that its promises hold.
    pub fn open(folder: &Path, key: &VaultKey) -> Result<Self, OpenVaultError> {
        open::open(folder, key, Role::Cart).map(|vault| Self { vault })
    }
}

impl Deref for CartVault {
    type Target = Vault;

    fn deref(&self) -> &Vault {
        &self.vault
    }
}
