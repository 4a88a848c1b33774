//! The number of a contactless badge, as a PC/SC reader gives it.
//!
//! PC/SC part 3, section 3.2.2.1.3, "Get Data": the reader answers for the card.

use std::fmt;

/// Get Data, UID, all of it.
pub const GET_UID: [u8; 5] = [0xFF, 0xCA, 0x00, 0x00, 0x00];

/// Longest answer: ten bytes and the two of the status word.
pub const LONGEST_ANSWER: usize = 12;

/// What the badge is known by. It opens no door by itself: it says whose PIN is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Uid {
    bytes: [u8; 10],
    length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUid {
    /// The reader's or the card's status word, ISO 7816-4.
    Refused(u8, u8),
    /// No status word, or a number of a length that no badge has.
    Length,
    /// The card makes up a new number each time, so it names nobody: phones and passports do.
    Random,
}

impl Uid {
    /// From the answer to [`GET_UID`].
    ///
    /// # Errors
    /// The status word is not 90 00, or the number names no badge.
    pub fn read(answer: &[u8]) -> Result<Self, NoUid> {
        let (number, status) = answer.split_last_chunk::<2>().ok_or(NoUid::Length)?;
        match *status {
            [0x90, 0x00] => {}
            [first, second] => return Err(NoUid::Refused(first, second)),
        }
        match (number.len(), number.first()) {
            // ISO 14443-3: of four bytes, those that begin with 08 are random.
            (4, Some(0x08)) => Err(NoUid::Random),
            // ISO 14443 A in its three sizes, and the eight bytes of ISO 15693.
            (4 | 7 | 8 | 10, _) => {
                let mut bytes = [0; 10];
                bytes[..number.len()].copy_from_slice(number);
                Ok(Self { bytes, length: number.len() })
            }
            _ => Err(NoUid::Length),
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Hexadecimal, in the order in which the reader gives it.
impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uid({} bytes)", self.length)
    }
}

impl fmt::Display for NoUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(first, second) => write!(f, "refused with {first:02X} {second:02X}"),
            Self::Length => f.write_str("not as long as the number of a badge"),
            Self::Random => f.write_str("a number that changes each time"),
        }
    }
}

impl std::error::Error for NoUid {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(answer: &[u8], expected: Result<&str, NoUid>) {
        let read = Uid::read(answer).map(|uid| uid.to_string());
        assert_eq!(read, expected.map(str::to_owned));
    }

    #[test]
    fn numbers_of_every_size_are_read() {
        check(&[0xDE, 0xAD, 0xBE, 0xEF, 0x90, 0], Ok("DEADBEEF"));
        check(&[4, 0xA2, 0x3B, 0x1C, 0x8F, 0x61, 0x80, 0x90, 0], Ok("04A23B1C8F6180"));
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0], Ok("0102030405060708"));
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x90, 0], Ok("0102030405060708090A"));
    }

    #[test]
    fn a_refusal_is_no_number() {
        check(&[0x63, 0x00], Err(NoUid::Refused(0x63, 0)));
        check(&[1, 2, 3, 4, 0x6A, 0x81], Err(NoUid::Refused(0x6A, 0x81)));
        check(&[1, 2, 3, 4, 0x90, 0x01], Err(NoUid::Refused(0x90, 1)));
    }

    #[test]
    fn what_names_no_badge_is_no_number() {
        check(&[], Err(NoUid::Length));
        check(&[0x90], Err(NoUid::Length));
        check(&[0x90, 0], Err(NoUid::Length));
        check(&[1, 2, 3, 4, 5, 0x90, 0], Err(NoUid::Length));
        check(&[8, 2, 3, 4, 0x90, 0], Err(NoUid::Random));
        check(&[8, 2, 3, 4, 5, 6, 7, 0x90, 0], Ok("08020304050607"));
    }

    proptest! {
        #[test]
        fn any_answer_is_taken(answer in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(uid) = Uid::read(&answer) {
                prop_assert!(answer.ends_with(&[0x90, 0]) && answer.starts_with(uid.bytes()));
            }
        }
    }
}
