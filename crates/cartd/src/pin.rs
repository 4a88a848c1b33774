//! PINs as argon2id hashes (RFC 9106). Checking one takes its time on purpose: never on the core task.

use anyhow::{anyhow, ensure};
use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use ring::rand::{SecureRandom, SystemRandom};

const SALT_BYTES: usize = 16;

/// The hash in PHC string format, with its salt and costs.
pub fn hash(pin: &str) -> anyhow::Result<String> {
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(digits && (4..=8).contains(&pin.len()), "a PIN has 4 to 8 digits");
    let mut salt = [0; SALT_BYTES];
    SystemRandom::new().fill(&mut salt).map_err(|_| anyhow!("no random numbers for the salt"))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| anyhow!("salt: {error}"))?;
    let hash = Argon2::default().hash_password(pin.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow!("could not hash the PIN: {error}"))?.to_string())
}

/// # Errors
/// The stored hash is not one: a fault of the record, not of the nurse.
pub fn is_right(pin: &str, hash: &str) -> anyhow::Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|error| anyhow!("a stored PIN hash: {error}"))?;
    match Argon2::default().verify_password(pin.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(error) => Err(anyhow!("could not check a PIN: {error}")),
    }
}

/// Checked for a nurse who does not exist, so that the answer takes as long as for one who does.
pub fn nobodys() -> anyhow::Result<String> {
    hash("00000000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_pin_and_no_other_is_right() {
        let hash = hash("2580").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_right("2580", &hash).unwrap());
        assert!(!is_right("2581", &hash).unwrap());
        assert!(!is_right("", &hash).unwrap());
    }

    #[test]
    fn a_pin_is_four_to_eight_digits() {
        for bad in ["", "123", "123456789", "12a4", "1234\n"] {
            assert!(hash(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_broken_hash_is_not_a_wrong_pin() {
        assert!(is_right("2580", "plain").is_err());
    }
}
