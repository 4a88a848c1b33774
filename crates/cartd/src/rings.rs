//! What a technician does with the key ring of a cart. No secret is ever printed or taken as an argument.

use std::{
    io::{Read as _, stdin},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clinical::Act;
use key_ring::{LockedRing, OpenRing, RecoveryIdentity, RecoveryRecipient, Wrapped};
use vault::{CartVault, read_private_file};
use zeroize::Zeroizing;

use crate::{
    administrator,
    config::{Config, KeyRingConfig},
    record::{self, as_vault_key, machine, warnings},
};

/// `age-keygen` writes some 190 bytes.
const LONGEST_IDENTITY: u64 = 4096;

/// The ring of a cart, and where everything of it is.
pub struct Rings {
    config: Config,
    ring: KeyRingConfig,
    file: PathBuf,
}

impl Rings {
    /// # Errors
    /// The configuration is not usable, or names no key ring.
    pub fn of(config: &Path) -> Result<Self> {
        let config = Config::load(config)?;
        let ring = config.key_ring.clone().context(
            "the configuration has no [key_ring]: docs/field/keys.md says what to write there",
        )?;
        let file = config.ring_file(&ring);
        Ok(Self { config, ring, file })
    }

    pub fn create(&self, recovery: &str) -> Result<()> {
        let recovery = RecoveryRecipient::parse(recovery)?;
        ensure!(
            self.file.exists() || !self.config.data.join("vault.db").exists(),
            "there is a record in {} already, and a new key does not open it",
            self.config.data.display()
        );
        CartVault::prepare_folder(&self.config.data)?;
        let ring = OpenRing::generate(&machine(&self.ring)?, &recovery)?;
        ring.create_file(&self.file)?;
        println!("The key ring is {}.", self.file.display());
        self.show()?;
        println!(
            "Keep a copy of this file where the cart cannot be lost with it: without it nobody reads the record."
        );
        self.write_down(&ring, Act::KeyRingCreated)
    }

    pub fn show(&self) -> Result<()> {
        let ring = LockedRing::load(&self.file)?;
        for wrap in ring.wraps() {
            println!("  opened by {}", described(&wrap));
        }
        for warning in warnings(&ring) {
            println!("WARNING: {warning}.");
        }
        Ok(())
    }

    /// For this machine as it is now, by the hospital's recovery key.
    pub fn recover(&self, identity: &Path) -> Result<()> {
        let identity = RecoveryIdentity::parse(&read_identity(identity)?)?;
        let mut ring = LockedRing::load(&self.file)?.recover(&identity)?;
        ring.wrap_to_machine(&machine(&self.ring)?)?;
        ring.replace_file(&self.file)?;
        let written = self.write_down(&ring, Act::KeyRingRecovered);
        // Its keys have just opened the record.
        if written.is_ok() {
            println!("This cart opens its record by itself again.");
        }
        self.show()?;
        println!("Take the recovery key away from the cart now.");
        written
    }

    pub fn set_recovery(&self, recovery: &str) -> Result<()> {
        let recovery = RecoveryRecipient::parse(recovery)?;
        let mut ring = self.open()?;
        ring.wrap_to_recovery(&recovery)?;
        ring.replace_file(&self.file)?;
        println!("The recovery key is another one now.");
        self.show()?;
        println!(
            "Old copies of the key ring still open with the old one: `cartd ring rotate` ends that."
        );
        self.write_down(&ring, Act::RecoveryKeyChanged)
    }

    /// Each step is durable before the next begins, and the same call again goes on where one was cut off.
    pub fn rotate(&self) -> Result<()> {
        let mut ring = self.open()?;
        if ring.keys().len() == 1 {
            ring.begin_rotation(&machine(&self.ring)?)?;
            ring.replace_file(&self.file)?;
        }
        let [current, next] = ring.keys() else { bail!("the key ring has no two keys to change") };
        CartVault::rekey(&self.config.data, &as_vault_key(current), &as_vault_key(next)).context(
            "the record keeps its key; what is in the key ring opens it, and \
             `cartd ring rotate` tries it again",
        )?;
        // While the ring has both keys: who is stopped here runs it again, and the row is not lost. Only a kill between
        // the two writes that follow has the next run write it once more.
        self.write_down(&ring, Act::RecordKeyRotated).context(
            "the key ring keeps the old key too, until `cartd ring rotate` is run again",
        )?;
        ring.finish_rotation();
        ring.replace_file(&self.file)?;
        println!("The record has a new key. Replace the copy of {}:", self.file.display());
        println!("an old one does not open the record any more.");
        Ok(())
    }

    /// In the audit of the record, which the ring has to open for it.
    fn write_down(&self, ring: &OpenRing, what: Act) -> Result<()> {
        let write = || -> Result<()> {
            let vault = record::open_by(&self.config, ring.keys())?;
            Ok(vault.audit().note(&[administrator::does(what)?])?)
        };
        write().context(
            "what was to be done is done, but it is NOT in the audit of the record: write down who did it and when, and \
             tell whoever is responsible for data protection",
        )
    }

    fn open(&self) -> Result<OpenRing> {
        Ok(LockedRing::load(&self.file)?.open(&machine(&self.ring)?)?)
    }
}

/// `-` is standard input: a recovery key that comes on a stick is on no disk of the cart then.
fn read_identity(file: &Path) -> Result<Zeroizing<Vec<u8>>> {
    if file != Path::new("-") {
        return Ok(read_private_file(file, LONGEST_IDENTITY)?);
    }
    // All of it at once: a vector that grows leaves copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(LONGEST_IDENTITY as usize + 1));
    let input = stdin().lock().take(LONGEST_IDENTITY).read_to_end(&mut content);
    input.context("could not read the recovery key from standard input")?;
    Ok(content)
}

fn described(wrap: &Wrapped) -> String {
    match wrap {
        Wrapped::Tpm2 { pcrs } => {
            let pcrs: Vec<_> = pcrs.iter().map(u8::to_string).collect();
            format!("the TPM of this cart, while PCR {} stays as it is", pcrs.join(", "))
        }
        Wrapped::Passphrase => "the passphrase file of this cart".to_owned(),
        Wrapped::Recovery { recipient } => format!("the recovery key of {recipient}"),
    }
}
