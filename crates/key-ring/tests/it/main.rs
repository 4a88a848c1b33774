//! A key ring beside a simulated TPM that is the real library: swtpm over libtpms, asked by the real tpm2-tools.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod altered;
mod passphrase;
mod simulated_tpm;
mod tpm;

use std::{path::Path, sync::LazyLock};

use age::{secrecy::ExposeSecret, x25519::Identity};
use key_ring::{DataKey, LockedRing, Machine, Passphrase, RecoveryIdentity, RecoveryRecipient};

/// What `age-keygen` writes: the private and the public half.
pub struct Pair {
    pub private: String,
    pub public: String,
}

impl Pair {
    fn generate() -> Self {
        let identity = Identity::generate();
        let private = identity.to_string().expose_secret().to_owned();
        Self { private, public: identity.to_public().to_string() }
    }
}

pub static HOSPITAL: LazyLock<Pair> = LazyLock::new(Pair::generate);
pub static ANOTHER: LazyLock<Pair> = LazyLock::new(Pair::generate);

pub fn recipient(of: &Pair) -> RecoveryRecipient {
    RecoveryRecipient::parse(&of.public).unwrap()
}

pub fn identity(of: &Pair) -> RecoveryIdentity {
    RecoveryIdentity::parse(format!("# created: today\n{}\n", of.private).as_bytes()).unwrap()
}

pub fn by_passphrase(text: &str) -> Machine {
    Machine::Passphrase(Passphrase::new(text.as_bytes()).unwrap())
}

pub fn opened(path: &Path, machine: &Machine) -> Vec<DataKey> {
    LockedRing::load(path).unwrap().open(machine).unwrap().keys().to_vec()
}
