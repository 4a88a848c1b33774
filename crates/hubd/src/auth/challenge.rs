//! Nonces that carts sign. The hub remembers none that it gave, only those that were used.
//!
//! A nonce is its end, random bytes, and an HMAC over both and the cart's name. Asking for a million of
//! them costs the hub no memory, and a nonce for a name that nobody enrolled looks like any other.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use clinical::Timestamp;
use ring::hmac;

use super::secret::{NoRandomness, from_hexadecimal, hexadecimal, random_bytes};

const VALID_MS: i64 = 60_000;
const END_BYTES: usize = 8;
const RANDOM_BYTES: usize = 16;
const TAG_BYTES: usize = 32;
const NONCE_BYTES: usize = END_BYTES + RANDOM_BYTES + TAG_BYTES;

pub struct Challenges {
    key: hmac::Key,
    /// With their end, after which they are forgotten. Only a good signature puts one in here, so that
    /// enrolled carts alone can fill it, and each for a minute.
    used: Mutex<HashMap<[u8; RANDOM_BYTES], i64>>,
}

impl Challenges {
    /// With a key of this run: a restart invalidates what was not yet used.
    pub fn new() -> Result<Self, NoRandomness> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &random_bytes::<TAG_BYTES>()?);
        Ok(Self { key, used: Mutex::new(HashMap::new()) })
    }

    pub fn issue(&self, cart: &str, now: Timestamp) -> Result<String, NoRandomness> {
        let end = now.plus_millis(VALID_MS).millis().to_be_bytes();
        let random = random_bytes::<RANDOM_BYTES>()?;
        let tag = hmac::sign(&self.key, &signed(&end, &random, cart));
        Ok(hexadecimal(&[end.as_slice(), random.as_slice(), tag.as_ref()].concat()))
    }

    /// Given for this cart, by this run, and not too long ago?
    pub fn is_good(&self, nonce: &str, cart: &str, now: Timestamp) -> bool {
        let Some((end, random, tag)) = split(nonce) else { return false };
        let is_ours = hmac::verify(&self.key, &signed(&end, &random, cart), &tag).is_ok();
        let left = i64::from_be_bytes(end).saturating_sub(now.millis());
        // A clock that was set back must not make old nonces good again.
        is_ours && (1..=VALID_MS).contains(&left)
    }

    /// After a good signature. `false`: it was used before.
    pub fn use_up(&self, nonce: &str, now: Timestamp) -> bool {
        let Some((end, random, _)) = split(nonce) else { return false };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, end| *end > now.millis());
        used.insert(random, i64::from_be_bytes(end)).is_none()
    }
}

fn signed(end: &[u8], random: &[u8], cart: &str) -> Vec<u8> {
    [end, random, cart.as_bytes()].concat()
}

fn split(nonce: &str) -> Option<([u8; END_BYTES], [u8; RANDOM_BYTES], [u8; TAG_BYTES])> {
    let bytes = from_hexadecimal::<NONCE_BYTES>(nonce)?;
    let (end, rest) = bytes.split_first_chunk()?;
    let (random, tag) = rest.split_first_chunk()?;
    Some((*end, *random, tag.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

    #[test]
    fn a_nonce_is_good_for_its_cart_for_a_minute() {
        let challenges = Challenges::new().unwrap();
        let nonce = challenges.issue("cart-1", NOW).unwrap();
        assert!(challenges.is_good(&nonce, "cart-1", NOW.plus_millis(59_999)));
        assert!(!challenges.is_good(&nonce, "cart-1", NOW.plus_millis(60_000)));
        assert!(!challenges.is_good(&nonce, "cart-1", NOW.plus_millis(-1)), "clock set back");
        assert!(!challenges.is_good(&nonce, "cart-2", NOW));
        assert!(!Challenges::new().unwrap().is_good(&nonce, "cart-1", NOW), "another run");
    }

    #[test]
    fn a_nonce_is_used_once_and_forgotten_after_its_end() {
        let challenges = Challenges::new().unwrap();
        let nonce = challenges.issue("cart-1", NOW).unwrap();
        assert!(challenges.use_up(&nonce, NOW));
        assert!(!challenges.use_up(&nonce, NOW));
        let other = challenges.issue("cart-1", NOW).unwrap();
        assert!(challenges.use_up(&other, NOW.plus_millis(60_000)));
        assert_eq!(challenges.used.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_nonce_is_not_good() {
        let challenges = Challenges::new().unwrap();
        for wrong in ["", "00", &"00".repeat(NONCE_BYTES), &"zz".repeat(NONCE_BYTES)] {
            assert!(!challenges.is_good(wrong, "cart-1", NOW));
        }
    }
}
