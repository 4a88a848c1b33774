//! What a TPM gives back, and to whom it does not.

use key_ring::{LockedRing, Machine, OpenRing, RingError, Tpm, TpmError, Wrapped};

use crate::{HOSPITAL, identity, opened, recipient, simulated_tpm::SimulatedTpm};

#[test]
fn a_changed_firmware_gets_no_key_until_the_recovery_key_wraps_it_anew() {
    let (folder, tpm) = (tempfile::tempdir().unwrap(), SimulatedTpm::start());
    let path = folder.path().join("ring");
    let ring = OpenRing::generate(&tpm.machine(), &recipient(&HOSPITAL)).unwrap();
    ring.create_file(&path).unwrap();
    assert_eq!(opened(&path, &tpm.machine()), ring.keys());
    let wraps = LockedRing::load(&path).unwrap().wraps();
    let recovery = Wrapped::Recovery { recipient: HOSPITAL.public.clone() };
    assert_eq!(wraps, [Wrapped::Tpm2 { pcrs: vec![7] }, recovery]);

    tpm.change_firmware();
    // As often as systemd starts cartd again: more often than a TPM has room for what a refused tool leaves.
    for _ in 0..5 {
        let error = LockedRing::load(&path).unwrap().open(&tpm.machine()).unwrap_err();
        let RingError::Tpm(TpmError::FirmwareChanged { pcrs }) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(pcrs, "7");
        assert!(error.to_string().contains("cartd ring recover"), "{error}");
    }

    let mut recovered = LockedRing::load(&path).unwrap().recover(&identity(&HOSPITAL)).unwrap();
    recovered.wrap_to_machine(&tpm.machine()).unwrap();
    recovered.replace_file(&path).unwrap();
    assert_eq!(opened(&path, &tpm.machine()), ring.keys());
}

#[test]
fn another_tpm_does_not_open_it_and_is_told_apart_from_another_firmware() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let (own, other) = (SimulatedTpm::start(), SimulatedTpm::start());
    let ring = OpenRing::generate(&own.machine(), &recipient(&HOSPITAL)).unwrap();
    ring.create_file(&path).unwrap();
    let error = LockedRing::load(&path).unwrap().open(&other.machine()).unwrap_err();
    assert!(matches!(error, RingError::Tpm(TpmError::OtherTpm)), "{error:?}");
}

#[test]
fn a_ring_in_rotation_opens_with_both_keys_and_afterwards_with_the_new_one() {
    let (folder, tpm) = (tempfile::tempdir().unwrap(), SimulatedTpm::start());
    let path = folder.path().join("ring");
    let mut ring = OpenRing::generate(&tpm.machine(), &recipient(&HOSPITAL)).unwrap();
    ring.create_file(&path).unwrap();
    ring.begin_rotation(&tpm.machine()).unwrap();
    assert!(matches!(ring.begin_rotation(&tpm.machine()), Err(RingError::Rotating)));
    ring.replace_file(&path).unwrap();
    let both = opened(&path, &tpm.machine());
    assert_eq!((both.as_slice(), both.len()), (ring.keys(), 2));
    assert_ne!(both[0], both[1]);
    ring.finish_rotation();
    ring.replace_file(&path).unwrap();
    assert_eq!(opened(&path, &tpm.machine()), both[1..]);
    let recovered = LockedRing::load(&path).unwrap().recover(&identity(&HOSPITAL)).unwrap();
    assert_eq!(recovered.keys(), &both[1..]);
}

#[test]
fn a_tpm_that_is_not_there_is_named() {
    let nowhere = Machine::Tpm(Tpm::new("device:/nowhere/tpm".into(), vec![7]));
    let error = OpenRing::generate(&nowhere, &recipient(&HOSPITAL)).unwrap_err();
    assert!(matches!(error, RingError::Tpm(TpmError::Unreachable { .. })), "{error:?}");
    assert!(error.to_string().contains("/nowhere/tpm"), "{error}");
}
