//! What only a cart keeps: ticks, nurses, the worklist, the tray of readings without a patient.

pub(crate) mod known;
mod nurses;
mod purge;
mod situation;
mod ticks;
mod tray;

use std::{ops::Deref, path::Path};

use crate::{OpenVaultError, RekeyError, Vault, VaultKey, open, rekey, schema::Role};

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

    /// Makes the folder of a vault, closed to others, for what has to lie in it before the vault does.
    ///
    /// # Errors
    /// It cannot be made durable.
    pub fn prepare_folder(folder: &Path) -> Result<(), OpenVaultError> {
        open::prepare_folder(folder)
            .map_err(|source| OpenVaultError::Folder { path: folder.into(), source })
    }

    /// Gives the vault in `folder` the key `next`. One that has it already is left as it is, so that what was cut off
    /// is done again by the same call. Whoever calls has both keys until it returns.
    ///
    /// # Errors
    /// Somebody has it open, the disk has too little room, or it opens with neither key.
    pub fn rekey(folder: &Path, current: &VaultKey, next: &VaultKey) -> Result<(), RekeyError> {
        rekey::rekey(folder, current, next, Role::Cart)
    }
}

impl Deref for CartVault {
    type Target = Vault;

    fn deref(&self) -> &Vault {
        &self.vault
    }
}
