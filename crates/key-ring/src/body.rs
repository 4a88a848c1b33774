//! What a key ring says, as JSON: one slot for each key, and in it the key's wraps.

use serde::{Deserialize, Serialize};

/// A current key, and the next one while the record is encrypted anew.
pub(crate) const MOST_SLOTS: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    pub slots: Vec<Slot>,
}

/// Exactly one wrap for the machine and one for the hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    pub machine: MachineWrap,
    pub recovery: RecoveryWrap,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum MachineWrap {
    /// The two halves of a sealed object, as TPM 2.0 marshals them (TPM2B_PUBLIC, TPM2B_PRIVATE), in base64.
    Tpm2 { pcrs: Vec<u8>, public: String, private: String },
    /// An age file (age-encryption.org/v1) with an scrypt stanza, in base64.
    Passphrase { sealed: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoveryWrap {
    /// `age1…`, what later keys are wrapped to as well.
    pub recipient: String,
    /// An age file with an X25519 stanza, in base64.
    pub sealed: String,
}

/// Who can open a key ring; nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrapped {
    /// This machine's TPM, while these PCRs have the values of the day of wrapping.
    Tpm2 { pcrs: Vec<u8> },
    /// Whoever has the passphrase file, which lies on the same machine.
    Passphrase,
    /// The hospital, by the private half of this.
    Recovery { recipient: String },
}

impl Slot {
    pub(crate) fn wraps(&self) -> [Wrapped; 2] {
        let machine = match &self.machine {
            MachineWrap::Tpm2 { pcrs, .. } => Wrapped::Tpm2 { pcrs: pcrs.clone() },
            MachineWrap::Passphrase { .. } => Wrapped::Passphrase,
        };
        [machine, Wrapped::Recovery { recipient: self.recovery.recipient.clone() }]
    }
}
