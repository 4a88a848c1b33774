//! How a row is hashed, and how its hash hangs on the one before it.
//!
//! `link` = SHA-256 over the row alone; `hash` = SHA-256(hash of the row before ‖ `link`). Who has the links
//! and no rows can still follow a chain from one head to the next: so a hub proves that a cart's chain
//! goes on where it was, and sees nothing of what is written in it.

use clinical::Hex;
use ring::digest::{Context, SHA256};

/// Before the first row.
pub(crate) const START: Hex<32> = Hex([0; 32]);

/// Keeps these hashes apart from any other that is ever made of the same bytes.
const ROW: &[u8] = b"bedside audit row v1";

/// The columns of a row as bytes, whether or not they are what they should be.
pub(crate) struct Columns<'a> {
    pub position: i64,
    pub at: i64,
    pub who: &'a [u8],
    pub what: &'a [u8],
    pub about: &'a [u8],
}

impl Columns<'_> {
    /// Two rows that differ in anything have different bytes under the hash: numbers have eight, and
    /// each text is preceded by its length.
    pub fn link(&self) -> Hex<32> {
        let mut hash = Context::new(&SHA256);
        hash.update(ROW);
        hash.update(&self.position.to_be_bytes());
        hash.update(&self.at.to_be_bytes());
        for text in [self.who, self.what, self.about] {
            hash.update(&(text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        finish(hash)
    }
}

pub(crate) fn next(before: Hex<32>, link: Hex<32>) -> Hex<32> {
    let mut hash = Context::new(&SHA256);
    hash.update(&before.0);
    hash.update(&link.0);
    finish(hash)
}

fn finish(hash: Context) -> Hex<32> {
    Hex(hash.finish().as_ref().try_into().expect("a SHA-256 has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Row = (i64, i64, Vec<u8>, Vec<u8>, Vec<u8>);

    fn link((position, at, who, what, about): &Row) -> Hex<32> {
        Columns { position: *position, at: *at, who, what, about }.link()
    }

    /// Few different bytes, so that many rows have the same ones after each other.
    fn row() -> impl Strategy<Value = Row> {
        let text = || prop::collection::vec(0_u8..3, 0..4);
        (0_i64..3, -1_i64..2, text(), text(), text())
    }

    proptest! {
        #[test]
        fn two_rows_have_the_same_link_only_if_they_are_the_same(one in row(), other in row()) {
            prop_assert_eq!(one == other, link(&one) == link(&other));
        }

        #[test]
        fn what_stands_at_the_border_of_two_columns_belongs_to_one_of_them(
            text in prop::collection::vec(any::<u8>(), 1..40), cut in any::<prop::sample::Index>(),
        ) {
            let cut = cut.index(text.len());
            let (who, what) = text.split_at(cut);
            let moved = text.split_at(cut + 1);
            let about = Vec::new();
            prop_assert_ne!(
                link(&(1, 1, who.to_vec(), what.to_vec(), about.clone())),
                link(&(1, 1, moved.0.to_vec(), moved.1.to_vec(), about))
            );
        }

        #[test]
        fn a_hash_hangs_on_what_came_before(one in any::<[u8; 32]>(), other in any::<[u8; 32]>()) {
            let link = link(&(1, 1, Vec::new(), Vec::new(), Vec::new()));
            prop_assert_eq!(one == other, next(Hex(one), link) == next(Hex(other), link));
        }
    }

    /// Chains that were written stay verifiable only as long as this holds.
    #[test]
    fn the_first_row_of_a_chain_has_the_hash_that_it_always_had() {
        let row = (1, 1_795_333_320_007, b"cart:w3".to_vec(), b"started".to_vec(), b"[]".to_vec());
        let mut bytes = b"bedside audit row v1".to_vec();
        bytes.extend(1_u64.to_be_bytes());
        bytes.extend(1_795_333_320_007_u64.to_be_bytes());
        bytes.extend(b"\0\0\0\0\0\0\0\x07cart:w3\0\0\0\0\0\0\0\x07started\0\0\0\0\0\0\0\x02[]");
        let by_hand = ring::digest::digest(&SHA256, &bytes);
        assert_eq!(link(&row).0, by_hand.as_ref());
        let both = [START.0, link(&row).0].concat();
        let by_hand = ring::digest::digest(&SHA256, &both);
        assert_eq!(next(START, link(&row)).0, by_hand.as_ref());
    }
}
