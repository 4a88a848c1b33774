//! What a purge takes away, and what it leaves.

use clinical::{Actor, EncounterId, Timestamp};
use hub_api::Delivery;
use outbox::{Item, State, Store as _};
use vault::{Blob, CartVault, Commit, Purge, Purged};

use crate::common::{
    NOW, cart_vault, closed, commit, encounter, id, measured, noise, note, opened, still,
};

fn walk(vault: &CartVault, before: Timestamp) -> Purge {
    vault.purge(before, Actor::cart("w3"), NOW)
}

pub fn purge(vault: &CartVault, before: Timestamp) -> Purged {
    let mut purge = walk(vault, before);
    let mut all = Purged::default();
    while let Some(Purged { encounters, entries, bytes }) = purge.step().unwrap() {
        all.encounters += encounters;
        all.entries += entries;
        all.bytes += bytes;
    }
    all
}

/// As the sender and the hub bring it about.
pub fn came_to(
    vault: &CartVault,
    number: u32,
    encounter: EncounterId,
    state: State,
    told: Delivery,
) {
    let item = Item { id: id(number), encounter, position: 0, opens: false, attempts: 1, state };
    let mut store = vault.outbox();
    store.claim().unwrap();
    store.update(&[item]).unwrap();
    vault.mark_delivery(&[(id(number), told)]).unwrap();
}

fn delivered(vault: &CartVault, numbers: impl IntoIterator<Item = u32>, of: u32) {
    for number in numbers {
        came_to(vault, number, encounter(of), State::Done, Delivery::InEhr);
    }
}

#[test]
fn what_is_in_the_ehr_goes_with_its_picture_and_its_room_is_written_over() {
    let (folder, vault) = cart_vault();
    let fill = |number: u32| {
        let blob = Blob::new([noise(900_000), vec![number as u8]].concat());
        let entries =
            vec![opened(number), still(number + 1, number, &blob), closed(number + 2, number)];
        vault.commit(Commit { entries, blob: Some(blob.clone()) }).unwrap();
        delivered(&vault, number..number + 3, number);
        blob
    };
    let first = fill(10);
    commit(&vault, [opened(90)]);
    let full = pages(&folder);
    let purged = purge(&vault, NOW.plus_millis(1));
    assert_eq!((purged.encounters, purged.entries), (1, 3));
    assert!(purged.bytes > 900_000, "{purged:?}");
    assert!(vault.entries_of(encounter(10)).unwrap().is_empty());
    assert!(vault.blob(first.sha256()).unwrap().is_none());
    assert!(vault.room(0).unwrap().reusable > 900_000);
    fill(20);
    assert!(pages(&folder) <= full + 2, "{} instead of {full} pages", pages(&folder));
    assert!(vault.room(0).unwrap().reusable < 100_000);
}

/// How long the file is.
fn pages(folder: &tempfile::TempDir) -> i64 {
    let raw = raw(folder);
    raw.query_row("SELECT page_count FROM pragma_page_count", [], |row| row.get(0)).unwrap()
}

fn raw(folder: &tempfile::TempDir) -> rusqlite::Connection {
    let raw = rusqlite::Connection::open(folder.path().join("vault.db")).unwrap();
    raw.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32))).unwrap();
    raw
}

#[test]
fn a_retention_is_kept_to_the_millisecond_and_the_latest_encounter_stays() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), closed(2, 1), opened(3), closed(4, 3)]);
    delivered(&vault, [1, 2], 1);
    delivered(&vault, [3, 4], 3);
    assert_eq!(purge(&vault, NOW), Purged::default());
    assert_eq!(purge(&vault, NOW.plus_millis(1)).encounters, 1);
    assert_eq!(vault.entries_of(encounter(3)).unwrap().len(), 2, "a restart takes it up");
}

#[test]
fn a_long_encounter_goes_in_steps_that_are_bounded() {
    let (_folder, vault) = cart_vault();
    commit(&vault, std::iter::once(opened(1)).chain((2..1200).map(|number| measured(number, 1))));
    commit(&vault, [closed(1200, 1), opened(2000)]);
    delivered(&vault, 1..=1200, 1);
    let mut walk = walk(&vault, NOW.plus_millis(1));
    let mut steps = Vec::new();
    while let Some(purged) = walk.step().unwrap() {
        steps.push((purged.encounters, purged.entries));
    }
    assert_eq!(steps, [(0, 500), (0, 500), (1, 200), (0, 0)][..steps.len()]);
    assert!(vault.entries_of(encounter(1)).unwrap().is_empty());
}

#[test]
fn what_does_not_read_back_as_it_was_written_is_not_purged() {
    let (folder, vault) = cart_vault();
    commit(&vault, [opened(1), closed(2, 1), opened(3)]);
    delivered(&vault, [1, 2], 1);
    drop(vault);
    raw(&folder).execute("UPDATE entries SET body = x'7b7d' WHERE kind = 'closed'", []).unwrap();
    let vault = CartVault::open(folder.path(), &crate::common::key()).unwrap();
    walk(&vault, NOW.plus_millis(1)).step().unwrap_err();
    assert!(vault.entry(id(1)).unwrap().is_some());
}

#[test]
fn what_only_the_hub_has_keeps_its_whole_encounter() {
    // The hub has it and the EHR not yet, or nobody knows.
    for told in [Delivery::AtHub, Delivery::Unknown] {
        let (_folder, vault) = cart_vault();
        commit(&vault, [opened(1), note(2, 1, "at the hub"), closed(3, 1), opened(9)]);
        delivered(&vault, [1, 3], 1);
        came_to(&vault, 2, encounter(1), State::Done, told);
        assert_eq!(purge(&vault, NOW.plus_millis(1)), Purged::default(), "{told:?}");
        delivered(&vault, [2], 1);
        assert_eq!(purge(&vault, NOW.plus_millis(1)).entries, 3, "{told:?}");
    }
}

#[test]
fn a_note_that_the_hub_set_aside_keeps_its_whole_encounter() {
    let (_folder, vault) = cart_vault();
    commit(&vault, [opened(1), note(2, 1, "refused"), closed(3, 1), opened(9)]);
    delivered(&vault, [1, 3], 1);
    came_to(&vault, 2, encounter(1), State::Done, Delivery::SetAside);
    assert_eq!(purge(&vault, NOW.plus_millis(1)), Purged::default());
    delivered(&vault, [2], 1);
    assert_eq!(purge(&vault, NOW.plus_millis(1)).entries, 3);
}
