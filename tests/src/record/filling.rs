//! A record that holds much.

use anyhow::Result;
use clinical::{EncounterId, Entry, EntryBody, EntryId, Opened, Still};
use uuid::Uuid;
use vault::{Blob, CartVault, Commit, SealedEntry};

use super::visits::{now, patient};
use crate::cart::{CART, NURSE};

const GIB: u64 = 1024 * 1024 * 1024;
/// As a camera of twelve megapixels writes it.
const PICTURE: usize = 4 * 1024 * 1024;

/// Pictures that nobody has sent yet, each in a visit of its own.
pub fn fill(vault: &CartVault, gib: u32) -> Result<()> {
    let pictures = u64::from(gib) * GIB / PICTURE as u64;
    for number in 0..pictures {
        vault.commit(still(noise(number))?)?;
    }
    Ok(())
}

/// A visit with these bytes as its picture.
pub fn still(bytes: Vec<u8>) -> Result<Commit> {
    let at = now()?;
    let (encounter, picture) = (EncounterId::new(Uuid::now_v7()), Blob::new(bytes));
    let opened = Opened { patient: patient(), nurse: NURSE.into(), cart: CART.into() };
    let still = Still {
        sha256: picture.sha256().into(),
        media_type: "image/jpeg".into(),
        bytes: u32::try_from(picture.bytes().len())?,
        width: 4000,
        height: 3000,
        taken: at,
        examined: None,
    };
    let sealed = |body| {
        let id = EntryId::new(Uuid::now_v7());
        SealedEntry::seal(Entry { id, encounter, recorded: at, body })
    };
    let bodies = [EntryBody::Opened(opened), EntryBody::Still(still), EntryBody::Closed];
    Ok(Commit { entries: bodies.map(sealed).into(), blob: Some(picture) })
}

/// Another one for each number (SplitMix64): what repeats could be kept once.
fn noise(number: u64) -> Vec<u8> {
    let mut state = number << 32;
    let mut word = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    (0..PICTURE / 8).flat_map(|_| word().to_le_bytes()).collect()
}
