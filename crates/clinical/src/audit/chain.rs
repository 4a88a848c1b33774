//! Heads of audit chains, and what a verification found.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Timestamp;

/// Bytes that are written as hexadecimal digits: hashes, keys and signatures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseHexError {
    #[error("there are not {digits} hexadecimal digits")]
    Digits { digits: usize },
    #[error("a head is its position, a colon and 64 hexadecimal digits")]
    NotAHead,
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = ParseHexError;

    fn from_str(text: &str) -> Result<Self, ParseHexError> {
        let wrong = ParseHexError::Digits { digits: 2 * N };
        if text.len() != 2 * N {
            return Err(wrong);
        }
        let digit = |ascii: u8| char::from(ascii).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else {
                return Err(wrong);
            };
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The end of a chain at some moment: it stands for every row up to that position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    pub position: i64,
    /// SHA-256.
    pub hash: Hex<32>,
}

/// "64:5f1c…", for a person to copy from one machine to another.
impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl FromStr for ChainHead {
    type Err = ParseHexError;

    fn from_str(text: &str) -> Result<Self, ParseHexError> {
        let (position, hash) = text.split_once(':').ok_or(ParseHexError::NotAHead)?;
        let position = position.parse().map_err(|_| ParseHexError::NotAHead)?;
        Ok(Self { position, hash: hash.parse()? })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    pub head: ChainHead,
    /// Ed25519 (RFC 8032).
    pub public_key: Hex<32>,
    /// Over [`ChainHead::text_to_sign`].
    pub signature: Hex<64>,
}

impl ChainHead {
    /// The prefix keeps the key from being used for anything else.
    pub fn text_to_sign(&self) -> String {
        format!("bedside audit head v1\n{}\n{}", self.position, self.hash)
    }
}

/// What a walk over a chain found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReport {
    /// Rows from the first on that hold together.
    pub rows: i64,
    /// The time of the first row.
    pub since: Option<Timestamp>,
    /// After the last of these rows. `None`: there is none.
    pub head: Option<ChainHead>,
    pub broken: Option<AuditBreak>,
    /// The newest head that this machine signed. `None`: it never did.
    pub signed: Option<HeadCheck>,
    /// The newest head that the hub has acknowledged. `None`: none, or this is the hub.
    pub anchored: Option<HeadCheck>,
    /// The head that was asked for.
    pub asked: Option<HeadCheck>,
}

/// The first row that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum AuditBreak {
    /// It is not what was hashed when it was written, or what came before it is not.
    Altered { position: i64 },
    /// There is a row with another number in its place: one was taken out, put in or moved.
    Misplaced { expected: i64, found: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadCheck {
    pub head: ChainHead,
    /// The chain has this hash at this position. `false`: it was cut off or written anew.
    pub contained: bool,
    /// `None`: it came without a signature.
    pub signature_is_right: Option<bool>,
}

impl HeadCheck {
    pub fn holds(&self) -> bool {
        self.contained && self.signature_is_right != Some(false)
    }
}

impl AuditReport {
    /// Nothing was found to be wrong.
    pub fn is_whole(&self) -> bool {
        let heads = [&self.signed, &self.anchored, &self.asked];
        self.broken.is_none() && heads.into_iter().flatten().all(HeadCheck::holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_copied_as_text_and_anything_else_is_refused() {
        let head = ChainHead { position: 64, hash: Hex([0xa5; 32]) };
        assert_eq!(head.to_string().parse(), Ok(head));
        let digits = "a5".repeat(32);
        for wrong in ["", "64", &digits, "x:00", "1:a5", &format!("1:{digits}0"), "1:zz"] {
            assert!(wrong.parse::<ChainHead>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_head_that_does_not_hold_is_enough() {
        let head = ChainHead { position: 1, hash: Hex([1; 32]) };
        let good = HeadCheck { head, contained: true, signature_is_right: Some(true) };
        let (signed, anchored) = (Some(good), Some(good));
        let (since, broken, asked) = (None, None, None);
        let whole = AuditReport { rows: 1, since, head: None, broken, signed, anchored, asked };
        assert!(whole.is_whole());
        let cut = HeadCheck { contained: false, ..good };
        assert!(!AuditReport { anchored: Some(cut), ..whole.clone() }.is_whole());
        let forged = HeadCheck { signature_is_right: Some(false), ..good };
        assert!(!AuditReport { signed: Some(forged), ..whole.clone() }.is_whole());
        let broken = Some(AuditBreak::Altered { position: 1 });
        assert!(!AuditReport { broken, ..whole }.is_whole());
    }
}
