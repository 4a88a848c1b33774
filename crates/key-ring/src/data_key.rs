//! The 256 random bits that a record is encrypted with, and what they vouch for.

use std::fmt;

use ring::{
    hmac::{self, HMAC_SHA256},
    rand::{SecureRandom as _, SystemRandom},
};
use zeroize::Zeroizing;

use crate::RingError;

const BYTES: usize = 32;

/// So that what vouches for the ring is another key than the one that encrypts.
const PURPOSE: &[u8] = b"bedside key ring, seal of the file";

/// Wiped from memory when dropped; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Zeroizing<[u8; BYTES]>);

impl DataKey {
    /// # Errors
    /// The system gives no random bytes.
    pub fn generate() -> Result<Self, RingError> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        SystemRandom::new().fill(&mut *bytes).map_err(|_| RingError::NoRandom)?;
        Ok(Self(bytes))
    }

    pub fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// `None`: it has another length.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// HMAC-SHA-256 over the text of a ring, in hexadecimal: only who has the key can write it.
    pub(crate) fn seal(&self, text: &str) -> String {
        let purpose = hmac::sign(&hmac::Key::new(HMAC_SHA256, &*self.0), PURPOSE);
        let key = hmac::Key::new(HMAC_SHA256, purpose.as_ref());
        hexadecimal(hmac::sign(&key, text.as_bytes()).as_ref())
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

/// Lower-case, and nothing else is read back: one text for each value.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
