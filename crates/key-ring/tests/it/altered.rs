//! A ring that a bad disk or a stranger changed opens nothing.

use std::{fs, path::Path};

use key_ring::{LockedRing, OpenRing, RingError};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::{ANOTHER, HOSPITAL, by_passphrase, identity, recipient};

const WORDS: &str = "correct horse battery staple";

fn recover(path: &Path) -> Result<OpenRing, RingError> {
    LockedRing::load(path)?.recover(&identity(&HOSPITAL))
}

fn two_keys(path: &Path) {
    let machine = by_passphrase(WORDS);
    let mut ring = OpenRing::generate(&machine, &recipient(&HOSPITAL)).unwrap();
    ring.begin_rotation(&machine).unwrap();
    ring.create_file(path).unwrap();
}

#[test]
fn every_flipped_bit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    two_keys(&path);
    recover(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    // The last byte is the end of the line, which means nothing.
    for bit in 0..(whole.len() - 1) * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, flipped).unwrap();
        let Err(error) = recover(&path) else { panic!("bit {bit} of the ring is not missed") };
        assert!(
            matches!(error, RingError::Damaged { .. } | RingError::FromNewer { .. }),
            "bit {bit}: {error:?}"
        );
    }
}

#[test]
fn a_file_that_was_cut_off_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    two_keys(&path);
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() - 1 {
        fs::write(&path, &whole[..length]).unwrap();
        let error = recover(&path).unwrap_err();
        assert!(matches!(error, RingError::Damaged { .. }), "{length}: {error:?}");
    }
}

/// As somebody does it who has the disk and no key: the checksum is right again.
fn forge(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    let (_, ring) = text.trim_end().split_once("\"ring\":").unwrap();
    let ring = ring.strip_suffix('}').unwrap();
    let forged = ring.replace(old, new);
    assert_ne!(ring, forged);
    let seals = written["seals"].as_array().unwrap();
    let seals: Vec<&str> = seals.iter().map(|seal| seal.as_str().unwrap()).collect();
    let checksum = digest(&SHA256, format!("{forged}{}", seals.join(",")).as_bytes());
    let checksum: String = checksum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let text =
        text.replace(ring, &forged).replace(written["checksum"].as_str().unwrap(), &checksum);
    fs::write(path, text).unwrap();
}

/// The next rotation would wrap to it.
#[test]
fn a_recovery_key_that_a_stranger_put_in_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    two_keys(&path);
    forge(&path, &HOSPITAL.public, &ANOTHER.public);
    for error in [
        recover(&path).unwrap_err(),
        LockedRing::load(&path).unwrap().open(&by_passphrase(WORDS)).unwrap_err(),
    ] {
        assert!(matches!(error, RingError::Altered), "{error:?}");
    }
}

#[test]
fn a_wrap_that_a_stranger_changed_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    two_keys(&path);
    // The first byte of every sealed key of the age files, as base64 has it: "age-" begins with YWdl.
    forge(&path, "\"YWdl", "\"YWdm");
    let error = recover(&path).unwrap_err();
    assert!(matches!(error, RingError::Damaged { .. }), "{error:?}");
}
