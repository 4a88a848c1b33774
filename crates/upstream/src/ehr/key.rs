//! The keys that sign client assertions: RS384 and ES384, the two that SMART asks every client for.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use ring::{
    digest,
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA384, RsaKeyPair,
    },
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use serde::Serialize;
use zeroize::Zeroize as _;

/// RFC 7518 section 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

/// A private key; only its public half and its id are ever shown.
pub struct SigningKey {
    pair: Pair,
    id: String,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    #[error(
        "this is no private key in PEM (`BEGIN PRIVATE KEY`): `openssl pkcs8 -topk8 -nocrypt` makes one of an older form"
    )]
    NotPem,
    #[error("this key is neither RSA of 2048 to 4096 bits nor EC on the curve P-384")]
    Unsuited,
    #[error("this machine gave no random numbers for a signature")]
    NoRandomness,
}

/// A public key as RFC 7517 writes it. The members are in the order of their names, without optional ones before
/// `alg`, because the key's id is the hash of what is required (RFC 7638 section 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Public {
    Rsa { e: String, kty: &'static str, n: String },
    Ec { crv: &'static str, kty: &'static str, x: String, y: String },
}

/// One key of a key set.
#[derive(Serialize)]
pub struct Jwk<'a> {
    #[serde(flatten)]
    public: Public,
    alg: &'static str,
    kid: &'a str,
    /// RFC 7517 section 4.2: for signatures.
    #[serde(rename = "use")]
    purpose: &'static str,
}

impl Algorithm {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs384 => "RS384",
            Self::Es384 => "ES384",
        }
    }
}

impl SigningKey {
    /// PKCS #8 in PEM, as `openssl genpkey` writes it. Without an `id` the key is named by its thumbprint (RFC 7638).
    ///
    /// # Errors
    /// It is not in this form, or a key that no EHR takes.
    pub fn from_pem(pem: &[u8], id: Option<String>) -> Result<Self, SigningKeyError> {
        let mut key =
            PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|_| SigningKeyError::NotPem)?;
        let pair = pair(&key);
        key.zeroize();
        let pair = pair.ok_or(SigningKeyError::Unsuited)?;
        let id = id.unwrap_or_else(|| pair.public().thumbprint());
        Ok(Self { pair, id })
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::Rs384,
            Pair::Ec(_) => Algorithm::Es384,
        }
    }

    /// The `kid` of assertions and of the key set.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn jwk(&self) -> Jwk<'_> {
        let public = self.pair.public();
        Jwk { public, alg: self.algorithm().name(), kid: &self.id, purpose: "sig" }
    }

    /// As JWS wants it: RFC 7518 sections 3.3 and 3.4.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA384, &random, message, &mut signature)
                    .map_err(|_| SigningKeyError::NoRandomness)?;
                Ok(signature)
            }
            Pair::Ec(pair) => {
                let signature =
                    pair.sign(&random, message).map_err(|_| SigningKeyError::NoRandomness)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

fn pair(key: &PrivatePkcs8KeyDer<'_>) -> Option<Pair> {
    let der = key.secret_pkcs8_der();
    if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
        return Some(Pair::Rsa(Box::new(pair)));
    }
    EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der, &SystemRandom::new())
        .ok()
        .map(|pair| Pair::Ec(Box::new(pair)))
}

impl Pair {
    fn public(&self) -> Public {
        match self {
            Self::Rsa(pair) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                Public::Rsa {
                    e: BASE64URL.encode(parts.e),
                    kty: "RSA",
                    n: BASE64URL.encode(parts.n),
                }
            }
            Self::Ec(pair) => {
                // Uncompressed (SEC 1 section 2.3.3): 4, then both coordinates in full length.
                let (_, point) = pair
                    .public_key()
                    .as_ref()
                    .split_first()
                    .expect("a public key of P-384 has 97 bytes");
                let (x, y) = point.split_at(point.len() / 2);
                let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
                Public::Ec { crv: "P-384", kty: "EC", x, y }
            }
        }
    }
}

impl Public {
    fn thumbprint(&self) -> String {
        let required = serde_json::to_vec(self).expect("texts are always JSON");
        BASE64URL.encode(digest::digest(&digest::SHA256, &required))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm().name(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_that_of_rfc_7638() {
        // Its section 3.1 has this key and this result.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let public = Public::Rsa { e: "AQAB".into(), kty: "RSA", n: n.into() };
        assert_eq!(public.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
