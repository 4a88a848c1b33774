//! The tray: what devices send again is known, what a person decides is final.

use clinical::{Act, DeviceId, EntryBody, Reading};
use vault::{CartVault, ClaimError, Discard, UnassignedReading};

use crate::common::{NOW, cart_vault, commit, encounter, entry, event, id, key, opened, reading};

fn record(number: u32) -> Reading {
    let time = Some(NOW.plus_millis(-60_000 * i64::from(number)));
    Reading { sequence: Some(number), device_time: time, ..reading(number) }
}

fn waiting(reading: Reading) -> UnassignedReading {
    UnassignedReading { reading, reason: "too_old".into() }
}

/// As cartd does with what a device sends.
fn hear(vault: &CartVault, reading: Reading) {
    if !vault.is_known(&reading).unwrap() {
        vault.keep_unassigned(&waiting(reading)).unwrap();
    }
}

#[test]
fn a_meter_that_sends_its_memory_at_each_connection_fills_the_tray_once() {
    let (folder, vault) = cart_vault();
    (1..=600).for_each(|number| hear(&vault, record(number)));
    drop(vault);
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    // Each time it comes it gets another id.
    (1..=600).for_each(|number| {
        hear(&vault, Reading { id: reading(number + 1000).id, ..record(number) })
    });
    assert_eq!(vault.newest_unassigned(50).unwrap().0, 600);
    let other_meter = Reading {
        device: clinical::DeviceIdentity { id: DeviceId("other".into()), ..record(1).device },
        ..record(1)
    };
    assert!(!vault.is_known(&other_meter).unwrap());
}

#[test]
fn what_was_bound_to_a_patient_is_known_too() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), entry(id(2), encounter(1), EntryBody::Reading(record(1)))]);
    assert!(vault.is_known(&record(1)).unwrap());
    assert!(!vault.is_known(&record(2)).unwrap());
}

#[test]
fn a_device_that_names_no_records_is_never_known() {
    let (_folder, vault) = cart_vault();
    vault.keep_unassigned(&waiting(reading(1))).unwrap();
    assert!(!vault.is_known(&reading(1)).unwrap());
}

#[test]
fn a_claimed_reading_is_in_the_encounter_and_no_longer_in_the_tray() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1)]);
    vault.keep_unassigned(&waiting(record(1))).unwrap();
    let claimed = entry(id(2), encounter(1), EntryBody::Reading(record(1)));
    vault.claim(record(1).id, claimed, &event(Act::ReadingClaimed)).unwrap();
    assert_eq!(vault.unassigned().unwrap(), []);
    assert_eq!(vault.entries_of(encounter(1)).unwrap().len(), 2);
    let again = entry(id(3), encounter(1), EntryBody::Reading(record(1)));
    let error = vault.claim(record(1).id, again, &event(Act::ReadingClaimed)).unwrap_err();
    assert!(matches!(error, ClaimError::NotInTray { .. }), "{error}");
    assert_eq!(vault.entries_of(encounter(1)).unwrap().len(), 2);
}

#[test]
fn a_claim_that_cannot_be_saved_leaves_the_reading_in_the_tray() {
    let (_folder, vault) = cart_vault();
    vault.keep_unassigned(&waiting(record(1))).unwrap();
    let never_opened = entry(id(2), encounter(1), EntryBody::Reading(record(1)));
    assert!(matches!(
        vault.claim(record(1).id, never_opened, &event(Act::ReadingClaimed)),
        Err(ClaimError::Commit(_))
    ));
    assert_eq!(vault.unassigned_reading(record(1).id).unwrap(), Some(waiting(record(1))));
}

#[test]
fn a_discarded_reading_is_gone_from_the_tray_and_does_not_come_back() {
    let (_folder, vault) = cart_vault();
    vault.keep_unassigned(&waiting(record(1))).unwrap();
    let discard = Discard { why: "wrong".into(), at: NOW, by: "7".into() };
    assert!(vault.discard(record(1).id, &discard, &event(Act::ReadingDiscarded)).unwrap());
    assert!(!vault.discard(record(1).id, &discard, &event(Act::ReadingDiscarded)).unwrap());
    hear(&vault, record(1));
    assert_eq!(vault.newest_unassigned(50).unwrap(), (0, Vec::new()));
    assert_eq!(vault.unassigned_reading(record(1).id).unwrap(), None);
}
