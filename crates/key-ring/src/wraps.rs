//! The two wraps that are age files, which any program for age opens too (age-encryption.org/v1).

use std::{fmt, io, str::FromStr as _};

use age::{DecryptError, scrypt, secrecy::SecretString, x25519};
use zeroize::Zeroizing;

use crate::{DataKey, Passphrase, RingError};

/// 2^15 rounds take 32 MiB and less than a second (RFC 7914): `cartd` starts with little memory. That a passphrase is not short says more.
const WORK: u8 = 15;

/// More would take the memory that `cartd` needs; only somebody else asks for it.
const MOST_WORK: u8 = WORK;

/// The public half of the hospital's recovery key.
#[derive(Clone)]
pub struct RecoveryRecipient(x25519::Recipient);

/// The private half, which comes to a cart in a technician's hand and leaves with it.
pub struct RecoveryIdentity(x25519::Identity);

impl RecoveryRecipient {
    /// `age1…`, as `age-keygen -y` prints it.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(text: &str) -> Result<Self, RingError> {
        let recipient = x25519::Recipient::from_str(text.trim());
        recipient.map(Self).map_err(|_| RingError::NotARecipient)
    }

    pub(crate) fn wrap(&self, key: &DataKey) -> Result<Vec<u8>, RingError> {
        wrap(&self.0, key)
    }
}

impl fmt::Display for RecoveryRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RecoveryRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryRecipient({self})")
    }
}

impl RecoveryIdentity {
    /// The file that `age-keygen` writes: one line of key, and lines that begin with `#`.
    ///
    /// # Errors
    /// It holds no key, or several.
    pub fn parse(content: &[u8]) -> Result<Self, RingError> {
        let text = str::from_utf8(content).map_err(|_| RingError::NotAnIdentity)?;
        let mut lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(RingError::NotAnIdentity);
        };
        x25519::Identity::from_str(line).map(Self).map_err(|_| RingError::NotAnIdentity)
    }

    /// `None`: it is wrapped to another.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Option<DataKey>, RingError> {
        open(&self.0, sealed)
    }
}

impl fmt::Debug for RecoveryIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryIdentity(..)")
    }
}

pub(crate) fn wrap_to_passphrase(
    passphrase: &Passphrase,
    key: &DataKey,
) -> Result<Vec<u8>, RingError> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.text()));
    recipient.set_work_factor(WORK);
    wrap(&recipient, key)
}

pub(crate) fn open_by_passphrase(
    passphrase: &Passphrase,
    sealed: &[u8],
) -> Result<DataKey, RingError> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.text()));
    identity.set_max_work_factor(MOST_WORK);
    open(&identity, sealed)?.ok_or(RingError::WrongPassphrase)
}

fn wrap(recipient: &impl age::Recipient, key: &DataKey) -> Result<Vec<u8>, RingError> {
    age::encrypt(recipient, key.bytes()).map_err(|error| RingError::Wrap(io::Error::other(error)))
}

/// `None`: it is for somebody else.
fn open(identity: &impl age::Identity, sealed: &[u8]) -> Result<Option<DataKey>, RingError> {
    let damaged = RingError::Damaged { what: "a wrap is no age file of a key" };
    match age::decrypt(identity, sealed).map(Zeroizing::new) {
        Ok(key) => DataKey::from_slice(&key).map(Some).ok_or(damaged),
        // The last is what a wrong passphrase ends in.
        Err(
            DecryptError::NoMatchingKeys
            | DecryptError::KeyDecryptionFailed
            | DecryptError::DecryptionFailed,
        ) => Ok(None),
        Err(_) => Err(damaged),
    }
}
