//! The key that a cart proves itself with. The hub knows its public half only.

use std::fmt::Write as _;

use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};

/// An Ed25519 key (RFC 8032). The private half never leaves it.
pub struct Identity(Ed25519KeyPair);

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("this machine gave no random numbers for a new cart key")]
    NoRandomness,
    #[error("the cart key is not an Ed25519 key in PKCS #8 v2")]
    NotAKey,
}

impl Identity {
    /// A new key as PKCS #8 v2 (RFC 5958), for a file that only `cartd` can read.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub fn generate() -> Result<Vec<u8>, IdentityError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| IdentityError::NoRandomness)?;
        Ok(document.as_ref().to_vec())
    }

    /// # Errors
    /// The bytes are not what [`Identity::generate`] gives.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, IdentityError> {
        Ed25519KeyPair::from_pkcs8(bytes).map(Self).map_err(|_| IdentityError::NotAKey)
    }

    /// What the hub enrols: 64 hexadecimal digits.
    pub fn public_key(&self) -> String {
        hexadecimal(self.0.public_key().as_ref())
    }

    /// The signature in hexadecimal, as [`hub_api::CartProof`] carries it.
    pub(super) fn sign(&self, text: &str) -> String {
        hexadecimal(self.0.sign(text.as_bytes()).as_ref())
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        let digits = |at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap();
        (0..hexadecimal.len()).step_by(2).map(digits).collect()
    }

    #[test]
    fn the_public_key_proves_what_the_cart_signed() {
        let identity = Identity::from_pkcs8(&Identity::generate().unwrap()).unwrap();
        let public = UnparsedPublicKey::new(&ED25519, bytes(&identity.public_key()));
        assert!(public.verify(b"hello", &bytes(&identity.sign("hello"))).is_ok());
        assert!(public.verify(b"hallo", &bytes(&identity.sign("hello"))).is_err());
    }

    #[test]
    fn a_file_of_something_else_is_no_key() {
        assert!(matches!(Identity::from_pkcs8(b"secret"), Err(IdentityError::NotAKey)));
    }
}
