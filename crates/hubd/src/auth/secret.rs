//! Random tokens, and the hashes that stand for them where they are kept.

use ring::{
    digest,
    rand::{SecureRandom as _, SystemRandom},
};

/// 256 bits: nobody guesses one.
const SECRET_BYTES: usize = 32;

#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A new token in hexadecimal.
pub fn new_token() -> Result<String, NoRandomness> {
    random_bytes::<SECRET_BYTES>().map(|bytes| hexadecimal(&bytes))
}

/// SHA-256 in hexadecimal. A token is random, so that a plain hash cannot be turned round.
pub fn token_hash(token: &str) -> String {
    hexadecimal(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).expect("four bits are one digit");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}

/// `None` unless it is exactly `N` bytes in hexadecimal.
pub fn from_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |ascii: u8| char::from(ascii).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_goes_both_ways_and_refuses_anything_else() {
        assert_eq!(hexadecimal(&[0x00, 0xa5, 0xff]), "00a5ff");
        assert_eq!(from_hexadecimal("00a5FF"), Some([0x00, 0xa5, 0xff]));
        for wrong in ["", "00a5f", "00a5ff00", "00a5fg", "+0a5ff", "00a5é"] {
            assert_eq!(from_hexadecimal::<3>(wrong), None, "{wrong}");
        }
    }
}
