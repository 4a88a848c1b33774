//! Opens the record of this cart with the key that the configuration names: a key ring, or a file that is the key.

use anyhow::{Context as _, Result, anyhow};
use cart_api::{OpenedBy, RecordKey};
use key_ring::{DataKey, LockedRing, Machine, Passphrase, Tpm, Wrapped};
use vault::{CartVault, OpenVaultError, VaultKey, read_private_file};

use crate::config::{Config, KeyRingConfig};

/// A passphrase is a line; a file of this length is something else.
const LONGEST_PASSPHRASE: u64 = 1024;

/// An open record, and what a person has to know of how it is kept.
pub struct Record {
    pub vault: CartVault,
    pub key: RecordKey,
    pub warnings: Vec<&'static str>,
}

/// As `cartd` does it at each start, and its commands beside it.
///
/// # Errors
/// In words that name the next step.
pub fn open(config: &Config) -> Result<Record> {
    let Some(ring) = &config.key_ring else {
        let vault = CartVault::open(&config.data, &VaultKey::from_file(&config.key)?)?;
        let key = RecordKey { opened_by: OpenedBy::KeyFile, rotating: false };
        return Ok(Record { vault, key, warnings: Vec::new() });
    };
    let locked = LockedRing::load(&config.ring_file(ring))?;
    let warnings = warnings(&locked);
    let machine = machine(ring)?;
    let opened_by = match machine {
        Machine::Tpm(_) => OpenedBy::Tpm,
        Machine::Passphrase(_) => OpenedBy::PassphraseFile,
    };
    let key = RecordKey { opened_by, rotating: locked.is_rotating() };
    let opened = locked.open(&machine)?;
    Ok(Record { vault: open_by(config, opened.keys())?, key, warnings })
}

/// The newest key first: with it, a rotation that was cut off is mostly done.
///
/// # Errors
/// None of them opens it, or the vault does not open for another reason.
pub fn open_by(config: &Config, keys: &[DataKey]) -> Result<CartVault> {
    let mut failed = None;
    for key in keys.iter().rev() {
        match CartVault::open(&config.data, &as_vault_key(key)) {
            Err(error @ OpenVaultError::WrongKey { .. }) => failed = Some(error),
            opened => return Ok(opened?),
        }
    }
    let error = failed.map_or_else(|| anyhow!("the key ring has no key"), anyhow::Error::from);
    Err(error).context("the key ring is of another record than the one it lies beside")
}

pub fn as_vault_key(key: &DataKey) -> VaultKey {
    VaultKey::new(*key.bytes())
}

/// What of this machine opens its ring.
///
/// # Errors
/// The passphrase file is missing, open to others, or no passphrase.
pub fn machine(ring: &KeyRingConfig) -> Result<Machine> {
    let Some(file) = &ring.passphrase_file else {
        return Ok(Machine::Tpm(Tpm::new(ring.tcti.clone(), ring.pcrs.clone())));
    };
    let content = read_private_file(file, LONGEST_PASSPHRASE)?;
    let passphrase = Passphrase::new(&content)
        .with_context(|| format!("the passphrase file {} is not usable", file.display()))?;
    Ok(Machine::Passphrase(passphrase))
}

pub fn warnings(ring: &LockedRing) -> Vec<&'static str> {
    let passphrase = ring.wraps().contains(&Wrapped::Passphrase);
    let by_passphrase = "the record of this cart is NOT protected against theft of the machine: its key is wrapped to a \
                         passphrase file and not to a TPM";
    let rotating = "the record was being given a new key and the work was cut off: run `cartd ring rotate` again";
    [(passphrase, by_passphrase), (ring.is_rotating(), rotating)]
        .into_iter()
        .filter_map(|(is_so, warning)| is_so.then_some(warning))
        .collect()
}
