//! The number of a message (MSH-10): 20 characters that follow from an id that was given at capture.

use uuid::Uuid;

/// MSH-10 is at most this long up to version 2.5.1 (section 2.15.9.10).
const LENGTH: usize = 20;
/// RFC 4648, section 6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The same at every retry, so that a receiver knows a message that it has. Five bits a character hold
/// 100 of the id's 128: without version and variant, which are always the same, and without the first
/// bits of its time, which change in hours. 74 of them are random.
pub fn control_id(id: Uuid) -> String {
    let id = id.as_u128();
    // Layout: 48 bits of time, 4 of version, 12, 2 of variant, 62 (RFC 9562, section 5.7).
    let without_version = (id >> 80) << 12 | (id >> 64) & 0xFFF;
    let squeezed = without_version << 62 | id & ((1 << 62) - 1);
    let digit = |place: usize| {
        let bits = squeezed >> (5 * (LENGTH - 1 - place)) & 31;
        char::from(ALPHABET[usize::try_from(bits).unwrap_or_default()])
    };
    (0..LENGTH).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_always_gives_the_same_twenty_characters() {
        let id = Uuid::from_u128(0x019a_a8c0_0000_7000_8000_0000_0000_0002);
        assert_eq!(control_id(id), "GAAAAAAAAAAAAAAAAAAC");
        assert_eq!(control_id(Uuid::max()), "7".repeat(LENGTH));
    }

    #[test]
    fn every_bit_that_is_kept_makes_another() {
        let first = 0x019a_a8c0_0000_7000_8000_0000_0000_0002_u128;
        // The lowest 26 bits of the time, and all that is random.
        let kept = (0..62).chain(64..76).chain(80..106);
        let ids = kept.map(|bit| control_id(Uuid::from_u128(first ^ 1 << bit)));
        assert_eq!(ids.collect::<HashSet<_>>().len(), 100);
    }
}
