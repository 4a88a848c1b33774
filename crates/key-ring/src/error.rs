//! Why a key ring does not open, each with what a technician does next.

use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum RingError {
    #[error("could not read the key ring {path}")]
    Read { path: PathBuf, source: io::Error },
    #[error("could not write the key ring {path}")]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "there is a key ring at {path} already; it is never overwritten, since its record would be lost"
    )]
    Exists { path: PathBuf },
    #[error("the key ring is damaged: {what}. Put its copy back, or restore the cart")]
    Damaged { what: &'static str },
    #[error(
        "the key ring was altered by somebody who does not have its key. Do not use this cart's \
         record before it is known who did it; put the copy of the key ring back"
    )]
    Altered,
    #[error("the key ring has version {found}, and this program knows version {known}")]
    FromNewer { found: u32, known: u32 },
    #[error(
        "the key ring is not wrapped for {wanted} of this cart, but for: {found}. Correct [key_ring] in the \
         configuration, or run `cartd ring recover` with the hospital's recovery key"
    )]
    NotForThisMachine { wanted: &'static str, found: String },
    #[error("the passphrase does not open the key ring")]
    WrongPassphrase,
    #[error("a passphrase has at least {at_least} characters, in one line")]
    WeakPassphrase { at_least: usize },
    #[error("this recovery key does not open the key ring, which is wrapped to {recipient}")]
    WrongIdentity { recipient: String },
    #[error(
        "this is no recovery key: its line begins with AGE-SECRET-KEY-1 (age-keygen writes it)"
    )]
    NotAnIdentity,
    #[error("this is no public recovery key: it is one word that begins with age1 (age-keygen -y)")]
    NotARecipient,
    #[error("the key could not be wrapped")]
    Wrap(#[source] io::Error),
    #[error("the wrap that was just made does not give the key back; nothing was changed")]
    WrapNotOpening,
    #[error(
        "the record is being given a new key already: run `cartd ring rotate` to its end first"
    )]
    Rotating,
    #[error("the system gives no random bytes")]
    NoRandom,
    #[error(transparent)]
    Tpm(#[from] TpmError),
}

#[derive(Debug, thiserror::Error)]
pub enum TpmError {
    #[error("could not run {program}: apt install tpm2-tools")]
    NoTools { program: &'static str, source: io::Error },
    #[error("no TPM answers at {tcti}. Is it switched on in the firmware's settings? ({said})")]
    Unreachable { tcti: String, said: String },
    #[error(
        "The firmware of this cart changed, or its Secure Boot settings (PCR {pcrs}), so its TPM keeps the \
         key of the record back. If somebody of yours did this, run `cartd ring recover --identity FILE` with \
         the hospital's recovery key. If nobody did, keep the cart and ask who had it"
    )]
    FirmwareChanged { pcrs: String },
    #[error(
        "The TPM of this cart did not seal this key: the board or the disk was exchanged, or the TPM was cleared. \
         If this was meant, run `cartd ring recover --identity FILE` with the hospital's recovery key"
    )]
    OtherTpm,
    #[error("{program} failed: {said}")]
    Failed { program: &'static str, said: String },
    #[error("no folder for what the TPM's tools hand on to each other")]
    Folder(#[source] io::Error),
    #[error("the TPM gave something else than the key of a record")]
    NotAKey,
}
