//! What the EHR is told at the end of a visit, and where the visit is there: kept by the outbox's own writes, and
//! the first stays.

use clinical::Note;
use outbox::{Moment, Outbox, Outcome, Repeat, Store as _};
use vault::{Alongside, HubVault, KeptReceipt, KnownChart, VaultError, VaultOutbox};

use crate::common::{NOW, commit, encounter, hub_vault, id, key, measured, opened};

const SOON: Moment = Moment::from_millis(0);

fn receipt(text: &str, later: i64) -> KeptReceipt {
    let content = Note { author: "Telemedicine cart cart-7".into(), text: text.into() };
    KeptReceipt { made: NOW.plus_millis(later), content }
}

fn chart(encounter: &str) -> KnownChart {
    KnownChart { patient: "Patient/1".into(), encounter: encounter.into() }
}

fn sender(vault: &HubVault, alongside: &Alongside) -> Outbox<VaultOutbox> {
    Outbox::open(vault.outbox_with(alongside), SOON).unwrap()
}

/// One write of the outbox.
fn begin_next(outbox: &mut Outbox<VaultOutbox>) {
    let due = outbox.due(SOON, 1).unwrap().send;
    assert!(outbox.begin(due[0].0, Repeat::Harmless, SOON).unwrap());
}

#[test]
fn a_receipt_and_a_chart_are_kept_by_the_write_that_begins_or_ends_a_sending() {
    let (folder, vault) = hub_vault();
    commit(&vault, [opened(1), measured(2, 1)]);
    let alongside = Alongside::default();
    let mut outbox = sender(&vault, &alongside);
    let first = receipt("all delivered", 0);
    alongside.keep_receipt(encounter(1), receipt("never begun", 0));
    alongside.keep_receipt(encounter(1), first.clone());
    assert_eq!(vault.receipt(encounter(1)).unwrap(), None);
    begin_next(&mut outbox);
    assert_eq!(vault.receipt(encounter(1)).unwrap(), Some(first.clone()));
    alongside.keep_chart(encounter(1), chart("Encounter/7"));
    outbox.finish(id(1), Outcome::Accepted, SOON, 0.5).unwrap();
    drop((outbox, vault));
    let vault = HubVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.receipt(encounter(1)).unwrap(), Some(first));
    assert_eq!(vault.chart(encounter(1)).unwrap(), Some(chart("Encounter/7")));
}

#[test]
fn the_first_that_was_kept_of_an_encounter_stays() {
    let (_folder, vault) = hub_vault();
    commit(&vault, [opened(1), opened(2)]);
    let alongside = Alongside::default();
    let mut outbox = sender(&vault, &alongside);
    alongside.keep_receipt(encounter(1), receipt("first", 0));
    alongside.keep_chart(encounter(1), chart("Encounter/7"));
    begin_next(&mut outbox);
    alongside.keep_receipt(encounter(1), receipt("second", 5));
    alongside.keep_chart(encounter(1), chart("Encounter/8"));
    alongside.keep_receipt(encounter(2), receipt("of another visit", 5));
    begin_next(&mut outbox);
    assert_eq!(vault.receipt(encounter(1)).unwrap(), Some(receipt("first", 0)));
    assert_eq!(vault.chart(encounter(1)).unwrap(), Some(chart("Encounter/7")));
    assert_eq!(vault.receipt(encounter(2)).unwrap(), Some(receipt("of another visit", 5)));
}

#[test]
fn a_write_that_fails_keeps_nothing_and_forgets_nothing() {
    let (_folder, vault) = hub_vault();
    commit(&vault, [opened(1)]);
    let alongside = Alongside::default();
    let mut overtaken = sender(&vault, &alongside);
    let due = overtaken.due(SOON, 1).unwrap().send;
    let mut other = vault.outbox_with(&alongside);
    other.claim().unwrap();
    alongside.keep_receipt(encounter(1), receipt("all delivered", 0));
    let begun = overtaken.begin(due[0].0, Repeat::Harmless, SOON);
    assert!(matches!(begun, Err(VaultError::TakenOver)));
    assert_eq!(vault.receipt(encounter(1)).unwrap(), None);
    other.update(&[]).unwrap();
    assert_eq!(vault.receipt(encounter(1)).unwrap(), Some(receipt("all delivered", 0)));
}
