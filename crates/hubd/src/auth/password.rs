//! Passwords of physicians as argon2id hashes (RFC 9106), in PHC string format.

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use tokio::sync::Semaphore;

use super::secret::{NoRandomness, random_bytes};

/// Each check takes 19 MiB and a core for some tens of milliseconds.
const CHECKS_AT_ONCE: usize = 2;
const SALT_BYTES: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum HashPasswordError {
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error("could not hash the password: {0}")]
    Hash(argon2::password_hash::Error),
}

/// Checks passwords, a few at a time.
pub struct Passwords {
    at_once: Semaphore,
    /// Of a password that nobody has, so that an unknown name takes as long as a known one.
    nobodys: String,
}

impl Passwords {
    pub fn new() -> Result<Self, HashPasswordError> {
        let nobodys = hash(&super::secret::new_token()?)?;
        Ok(Self { at_once: Semaphore::new(CHECKS_AT_ONCE), nobodys })
    }

    /// `hash` is `None` for a name that nobody has.
    pub async fn is_right(&self, password: String, hash: Option<String>) -> bool {
        let _turn = self.at_once.acquire().await.expect("the semaphore is never closed");
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobodys.clone());
        let check = tokio::task::spawn_blocking(move || matches(&password, &hash));
        check.await.expect("checking a password does not panic") && known
    }
}

/// In PHC string format.
pub fn hash(password: &str) -> Result<String, HashPasswordError> {
    let salt = SaltString::encode_b64(&random_bytes::<SALT_BYTES>()?);
    let hash = salt.and_then(|salt| {
        Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
    });
    hash.map_err(HashPasswordError::Hash)
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hash = hash("far-away-and-here").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(matches("far-away-and-here", &hash));
        assert!(!matches("far-away-and-there", &hash));
        assert!(!matches("far-away-and-here", "no hash"));
    }
}
