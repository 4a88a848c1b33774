//! What a vault promises of entries and blobs.

use crate::common::{
    cart_vault, closed, commit, encounter, hub_vault, id, key, measured, note, opened, still,
};
use cart_api::{Sync, SyncStage};
use hub_api::Delivery;
use outbox::{Decision, Look, Moment, Next, Outbox, Outcome, Repeat, State};
use vault::{Blob, CartVault, Commit, CommitError, SealedEntry, VaultError};

const NOW: Moment = Moment::from_millis(86_400_000);

#[test]
fn the_outbox_keeps_the_contract() {
    // A folder has to outlive its store.
    let folders = std::cell::RefCell::new(Vec::new());
    outbox::conformance::check(|items| {
        let (folder, vault) = cart_vault();
        for item in items {
            let body = match item.opens {
                true => opened(1).into_entry().body,
                false => clinical::EntryBody::Closed,
            };
            commit(&vault, [crate::common::entry(item.id, item.encounter, body)]);
        }
        folders.borrow_mut().push(folder);
        vault.outbox()
    });
}

#[test]
fn an_entry_comes_back_as_the_bytes_that_were_saved() {
    let (_folder, vault) = hub_vault();
    let opening = opened(1);
    // As another version writes it: with spaces, and a field that is not known here.
    let text = String::from_utf8(opening.bytes().to_vec()).unwrap();
    let text = text.replacen('{', "{ \"later\": [1.50], ", 1);
    let sealed = SealedEntry::read(text.clone().into_bytes()).unwrap();
    let saved = vault.commit(Commit::of(sealed)).unwrap();
    assert!(saved.entries()[0].is_new());
    let stored = vault.entry(id(1)).unwrap().unwrap();
    assert_eq!(stored.sealed.bytes(), text.as_bytes());
    assert_eq!(stored.sealed.entry(), opening.entry());
    assert_eq!(stored.delivery(), Delivery::AtHub);
}

#[test]
fn saving_the_same_again_changes_nothing() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), measured(2, 1)]);
    let saved = vault.commit(Commit::of(measured(2, 1))).unwrap();
    assert!(!saved.entries()[0].is_new());
    assert_eq!(vault.entries_of(encounter(1)).unwrap().len(), 2);
}

#[test]
fn other_content_under_a_known_id_is_a_conflict_and_saves_nothing() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), note(2, 1, "first")]);
    let both = Commit { entries: vec![note(3, 1, "new"), note(2, 1, "other")], blob: None };
    let error = vault.commit(both).unwrap_err();
    assert!(
        matches!(error, CommitError::Conflict { id: conflict } if conflict == id(2)),
        "{error}"
    );
    let kept = vault.entries_of(encounter(1)).unwrap();
    assert_eq!(kept.len(), 2, "the new note was part of the same commit");
    assert_eq!(kept[1].sealed.bytes(), note(2, 1, "first").bytes());
}

#[test]
fn an_encounter_begins_with_its_one_opening() {
    let (_folder, vault) = hub_vault();
    let error = vault.commit(Commit::of(measured(2, 1))).unwrap_err();
    assert!(matches!(error, CommitError::NotOpened { .. }), "{error}");
    commit(&vault, [opened(1)]);
    let second = crate::common::entry(id(9), encounter(1), opened(1).into_entry().body);
    let error = vault.commit(Commit::of(second)).unwrap_err();
    assert!(matches!(error, CommitError::OpenedTwice { .. }), "{error}");
    assert_eq!(vault.opening_of(encounter(1)).unwrap().unwrap().sealed.entry().id, id(1));
    assert!(vault.opening_of(encounter(2)).unwrap().is_none());
}

#[test]
fn a_still_is_kept_with_its_picture_or_not_at_all() {
    let (_folder, vault) = cart_vault();
    let blob = Blob::new(crate::common::noise(3 * 1024 * 1024 + 17));
    commit(&vault, [opened(1)]);
    let error = vault.commit(Commit::of(still(2, 1, &blob))).unwrap_err();
    assert!(matches!(error, CommitError::BlobMissing { .. }), "{error}");
    let whole = Commit { entries: vec![still(2, 1, &blob)], blob: Some(blob.clone()) };
    vault.commit(whole).unwrap();
    assert_eq!(vault.blob(blob.sha256()).unwrap().unwrap().bytes(), blob.bytes());
    let stored = vault.entry(id(2)).unwrap().unwrap();
    assert_eq!(stored.sealed.attachment().unwrap().sha256, blob.sha256());
}

#[test]
fn a_blob_may_come_before_its_entry_and_come_again() {
    let (_folder, vault) = hub_vault();
    for bytes in [Vec::new(), crate::common::noise(1), crate::common::noise(512 * 1024)] {
        let blob = Blob::new(bytes);
        vault.put_blob(&blob).unwrap();
        vault.put_blob(&blob).unwrap();
        assert_eq!(vault.blob(blob.sha256()).unwrap().unwrap().bytes(), blob.bytes());
    }
    assert!(vault.blob("not a hash").unwrap().is_none());
}

#[test]
fn what_was_saved_is_there_after_a_drop_without_a_close() {
    let (folder, vault) = cart_vault();
    commit(&vault, [opened(1), measured(2, 1)]);
    drop(vault);
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    let stored = vault.entries_of(encounter(1)).unwrap();
    let ids: Vec<_> = stored.iter().map(|entry| entry.sealed.entry().id).collect();
    assert_eq!(ids, [id(1), id(2)]);
}

#[test]
fn the_latest_encounter_is_found_after_a_restart() {
    let (_folder, vault) = cart_vault();
    assert_eq!(vault.latest_encounter().unwrap(), None);
    commit(&vault, [opened(1), opened(2), measured(3, 1)]);
    assert_eq!(vault.latest_encounter().unwrap(), Some(encounter(2)));
    commit(&vault, [closed(4, 2)]);
    assert_eq!(vault.latest_encounter().unwrap(), Some(encounter(2)));
}

#[test]
fn what_was_altered_on_the_disk_is_not_taken_for_the_record() {
    let (folder, vault) = cart_vault();
    let blob = Blob::new(crate::common::noise(300_000));
    let whole = Commit { entries: vec![opened(1), still(2, 1, &blob)], blob: Some(blob.clone()) };
    vault.commit(whole).unwrap();
    drop(vault);
    let other_cart = "UPDATE entries
        SET body = CAST(replace(CAST(body AS TEXT), 'cart-7', 'cart-8') AS BLOB)";
    alter(folder.path(), other_cart);
    alter(folder.path(), "UPDATE blob_chunks SET bytes = x'00' WHERE number = 1");
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    let error = vault.entry(id(1)).unwrap_err();
    assert!(matches!(error, VaultError::Damaged { what: "an entry" }), "{error}");
    let error = vault.blob(blob.sha256()).unwrap_err();
    assert!(matches!(error, VaultError::Damaged { what: "a blob" }), "{error}");
}

/// As somebody would who has the key.
fn alter(folder: &std::path::Path, sql: &str) {
    let raw = rusqlite::Connection::open(folder.join("vault.db")).unwrap();
    raw.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32))).unwrap();
    assert!(raw.execute(sql, []).unwrap() > 0);
}

#[test]
fn the_tick_goes_from_cart_to_sent_to_the_ehr() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), note(2, 1, "refused by the hub"), measured(3, 1), measured(4, 1)]);
    let mut outbox = Outbox::open(vault.outbox(), NOW).unwrap();
    assert_eq!(stages(&vault), [SyncStage::OnCart; 4]);
    finish_next(&mut outbox, id(1), Outcome::Accepted);
    finish_next(&mut outbox, id(2), Outcome::Refused { reason: "no".into() });
    finish_next(&mut outbox, id(3), Outcome::Accepted);
    use SyncStage::{InEhr, OnCart, Sent, SetAside};
    assert_eq!(stages(&vault), [Sent, SetAside, Sent, OnCart]);
    assert_eq!(vault.sync().unwrap(), Sync { on_cart: 1, sent: 2, set_aside: 1 });
    // Of each the hub may know more: also of the one whose receipt the cart never saw.
    assert_eq!(vault.entries_not_in_ehr().unwrap(), [id(1), id(2), id(3), id(4)]);
    let told = [(id(1), Delivery::InEhr), (id(3), Delivery::SetAside), (id(77), Delivery::InEhr)];
    vault.mark_delivery(&told).unwrap();
    assert_eq!(stages(&vault), [InEhr, SetAside, SetAside, OnCart]);
    assert_eq!(vault.sync().unwrap(), Sync { on_cart: 1, sent: 0, set_aside: 2 });
    // An older word about what is in the EHR takes nothing back.
    vault.mark_delivery(&[(id(1), Delivery::AtHub), (id(3), Delivery::AtHub)]).unwrap();
    assert_eq!(stages(&vault), [InEhr, SetAside, Sent, OnCart]);
    assert_eq!(vault.entries_not_in_ehr().unwrap(), [id(2), id(3), id(4)]);
    // The EHR's word may come before the hub's receipt.
    vault.mark_delivery(&[(id(4), Delivery::InEhr)]).unwrap();
    finish_next(&mut outbox, id(4), Outcome::Accepted);
    assert_eq!(stages(&vault), [InEhr, SetAside, Sent, InEhr]);
    assert_eq!(vault.entries_not_in_ehr().unwrap(), [id(2), id(3)]);
}

#[test]
fn a_hub_tells_how_far_entries_have_come() {
    let (_folder, vault) = hub_vault();
    commit(&vault, [opened(1), measured(2, 1), measured(3, 1)]);
    let mut outbox = Outbox::open(vault.outbox(), NOW).unwrap();
    finish_next(&mut outbox, id(1), Outcome::Accepted);
    finish_next(&mut outbox, id(2), Outcome::Refused { reason: "no".into() });
    let told = vault.deliveries(&[id(1), id(2), id(3), id(4)]).unwrap();
    let expected =
        [(id(1), Delivery::InEhr), (id(2), Delivery::SetAside), (id(3), Delivery::AtHub)];
    assert_eq!(told, expected);
}

fn finish_next(outbox: &mut Outbox<vault::VaultOutbox>, id: clinical::EntryId, outcome: Outcome) {
    assert_eq!(outbox.next(NOW).unwrap(), Next::Send { id, look: Look::No });
    assert!(outbox.begin(id, Repeat::Never { settle_ms: 1 }, NOW).unwrap());
    let state: Option<State> = outbox.finish(id, outcome, NOW, 0.5).unwrap();
    assert!(state.is_some());
}

#[test]
fn a_person_decides_what_nobody_can_prove_while_the_sender_runs() {
    let (_folder, vault) = hub_vault();
    commit(&vault, [opened(1), note(2, 1, "twice?"), note(3, 1, "refused"), measured(4, 1)]);
    let mut outbox = Outbox::open(vault.outbox(), NOW).unwrap();
    finish_next(&mut outbox, id(1), Outcome::Accepted);
    finish_next(&mut outbox, id(2), Outcome::NotFound { reason: "not found".into() });
    finish_next(&mut outbox, id(3), Outcome::Refused { reason: "too long".into() });
    let waiting = vault.waiting_for_a_person(10).unwrap();
    let reasons: Vec<_> = waiting.iter().map(|item| (item.id, item.state.clone())).collect();
    let unknown = State::Unknown { reason: "not found".into() };
    let set_aside = State::SetAside { reason: "too long".into() };
    assert_eq!(reasons, [(id(2), unknown), (id(3), set_aside)]);
    assert_eq!(vault.deliveries(&[id(2)]).unwrap(), [(id(2), Delivery::Unknown)]);
    let who = clinical::Actor::administrator("ruiz");
    let decide = |number, decision| vault.decide(id(number), decision, &who, crate::common::NOW);
    assert!(decide(2, Decision::IsThere).unwrap());
    assert!(!decide(2, Decision::SendAgain).unwrap(), "it is decided");
    assert!(!decide(4, Decision::IsThere).unwrap(), "it needs no decision");
    assert!(decide(3, Decision::SendAgain).unwrap());
    // It was sent before: who sends it again looks for it first.
    assert_eq!(outbox.next(NOW).unwrap(), Next::Send { id: id(3), look: Look::First });
    assert!(outbox.begin(id(3), Repeat::Harmless, NOW).unwrap());
    outbox.finish(id(3), Outcome::Accepted, NOW, 0.5).unwrap();
    finish_next(&mut outbox, id(4), Outcome::Accepted);
    assert_eq!(vault.waiting_for_a_person(10).unwrap(), []);
}

fn stages(vault: &CartVault) -> Vec<SyncStage> {
    vault.entries_of(encounter(1)).unwrap().iter().map(vault::StoredEntry::stage).collect()
}
