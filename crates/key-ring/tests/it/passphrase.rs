//! A machine without TPM, and the hospital's recovery key.

use std::{fs, io::Read as _, os::unix::fs::PermissionsExt};

use key_ring::{LockedRing, OpenRing, Passphrase, RecoveryIdentity, RecoveryRecipient, RingError};

use crate::{ANOTHER, HOSPITAL, by_passphrase, identity, opened, recipient};

const WORDS: &str = "correct horse battery staple\n";

#[test]
fn only_its_passphrase_and_its_recovery_key_open_a_ring() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let machine = by_passphrase(WORDS);
    let ring = OpenRing::generate(&machine, &recipient(&HOSPITAL)).unwrap();
    ring.create_file(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(opened(&path, &machine), ring.keys());
    let load = || LockedRing::load(&path).unwrap();
    assert_eq!(load().recover(&identity(&HOSPITAL)).unwrap().keys(), ring.keys());
    let error = load().open(&by_passphrase("correct horse battery stable")).unwrap_err();
    assert!(matches!(error, RingError::WrongPassphrase), "{error:?}");
    let error = load().recover(&identity(&ANOTHER)).unwrap_err();
    assert!(matches!(error, RingError::WrongIdentity { .. }), "{error:?}");
}

#[test]
fn a_ring_is_never_overwritten_by_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let machine = by_passphrase(WORDS);
    let ring = || OpenRing::generate(&machine, &recipient(&HOSPITAL)).unwrap();
    ring().create_file(&path).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(ring().create_file(&path), Err(RingError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Written in place, a power cut would leave a piece of each.
#[test]
fn a_ring_that_changes_is_another_file_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let mut ring = OpenRing::generate(&by_passphrase(WORDS), &recipient(&HOSPITAL)).unwrap();
    ring.create_file(&path).unwrap();
    let before = fs::read(&path).unwrap();
    let mut held = fs::File::open(&path).unwrap();
    ring.wrap_to_recovery(&recipient(&ANOTHER)).unwrap();
    ring.replace_file(&path).unwrap();
    let mut still = Vec::new();
    held.read_to_end(&mut still).unwrap();
    assert_eq!(still, before);
    assert_ne!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn another_recovery_key_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let mut ring = OpenRing::generate(&by_passphrase(WORDS), &recipient(&HOSPITAL)).unwrap();
    ring.wrap_to_recovery(&recipient(&ANOTHER)).unwrap();
    ring.create_file(&path).unwrap();
    let load = || LockedRing::load(&path).unwrap();
    assert_eq!(load().recover(&identity(&ANOTHER)).unwrap().keys(), ring.keys());
    assert!(matches!(
        load().recover(&identity(&HOSPITAL)),
        Err(RingError::WrongIdentity { recipient }) if recipient == ANOTHER.public
    ));
}

#[test]
fn what_is_no_key_is_not_taken_for_one() {
    for weak in ["short\n", "", "two lines of words\nof a passphrase", "\u{fe}"] {
        assert!(Passphrase::new(weak.as_bytes()).is_err(), "{weak:?}");
    }
    for other in ["", "age1", &HOSPITAL.private, "ssh-ed25519 AAAA"] {
        assert!(RecoveryRecipient::parse(other).is_err(), "{other}");
    }
    let two = format!("{}\n{}\n", HOSPITAL.private, ANOTHER.private);
    for other in ["", "# only words\n", &HOSPITAL.public, &two] {
        assert!(RecoveryIdentity::parse(other.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn nothing_that_is_printed_for_a_programmer_holds_a_secret() {
    let machine = by_passphrase(WORDS);
    let ring = OpenRing::generate(&machine, &recipient(&HOSPITAL)).unwrap();
    let printed = format!("{machine:?} {ring:?} {:?}", identity(&HOSPITAL));
    let key: String = ring.keys()[0].bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    for secret in
        [WORDS.trim_end(), &key, &HOSPITAL.private, &format!("{:?}", ring.keys()[0].bytes())]
    {
        assert!(!printed.contains(secret), "{printed}");
    }
}
