//! The power goes, or the disk is full, while a vault is purged.

use std::path::Path;

use hub_api::Delivery;
use outbox::{Moment, Next, Outbox, Outcome, Repeat};
use power_cut::{
    Disk, Fault, Ledger, Op, Platter, trial,
    work::{self, Played},
};
use vault::{CartVault, VaultKey};

/// The first two are delivered, the third only begins and is the latest.
fn filled(folder: &Path) -> CartVault {
    let vault = CartVault::open(folder, &VaultKey::new([0x5a; 32])).unwrap();
    for number in [1, 2] {
        let visit = work::visit(number, 12 * 1024);
        for commit in [visit.beginning, visit.note, visit.still, visit.end] {
            vault.commit(commit).unwrap();
        }
    }
    let now = Moment::from_millis(0);
    let mut outbox = Outbox::open(vault.outbox(), now).unwrap();
    let mut sent = Vec::new();
    while let Next::Send { id, .. } = outbox.next(now).unwrap() {
        assert!(outbox.begin(id, Repeat::Harmless, now).unwrap());
        outbox.finish(id, Outcome::Accepted, now, 0.5).unwrap();
        sent.push((id, Delivery::InEhr));
    }
    assert_eq!(sent.len(), 10);
    vault.mark_delivery(&sent).unwrap();
    vault.commit(work::opening(3)).unwrap();
    vault
}

fn purge(vault: &CartVault, mut after_each: impl FnMut()) -> u64 {
    let tomorrow = work::visit(1, 0).unassigned[0].reading.received.plus_millis(86_400_000);
    let mut purge = vault.purge(tomorrow, clinical::Actor::cart("w3"), tomorrow);
    let mut encounters = 0;
    while let Some(purged) = purge.step().unwrap() {
        encounters += purged.encounters;
        after_each();
    }
    encounters
}

#[test]
fn a_power_cut_meets_a_purge_before_or_after_a_step_and_never_in_it() {
    let outer = trial::folder().unwrap();
    let folder = outer.path().join("vault");
    let disk = Disk::watch(&folder).unwrap();
    let vault = filled(&folder);
    let ledger = Ledger::open(&folder).unwrap();
    let mut platter = Platter::honest();
    disk.take_log().iter().for_each(|op| platter.play(op));
    let mut accounts = vec![ledger.account().unwrap()];
    disk.note(Op::Acked(0));
    disk.note(Op::Began(1));
    let encounters = purge(&vault, || {
        disk.note(Op::Acked(accounts.len()));
        accounts.push(ledger.account().unwrap());
        disk.note(Op::Began(accounts.len()));
    });
    assert_eq!(encounters, 2);
    ledger.check().unwrap();
    // The step that finds nothing more to do changes nothing.
    accounts.push(ledger.account().unwrap());
    let played = Played { log: disk.take_log(), accounts };
    assert!(played.log.len() > 20, "a purge writes: {}", played.log.len());
    let tally = trial::run(&played, platter, usize::MAX).unwrap();
    assert!(tally.findings.is_empty(), "{tally:#?}");
}

#[test]
fn a_full_disk_is_purged_by_the_room_of_the_ballast() {
    let outer = trial::folder().unwrap();
    let folder = outer.path().join("vault");
    let disk = Disk::watch(&folder).unwrap();
    let vault = filled(&folder);
    vault.keep_ballast(256 * 1024).unwrap();
    disk.begin(Some(Fault::FullUntilFreed(0)));
    assert_eq!(purge(&vault, || {}), 2);
    let room = vault.room(256 * 1024).unwrap();
    assert_eq!(room.ballast, 0);
    assert!(room.reusable >= 2 * 12 * 1024, "{room:?}");
    disk.repair();
    let ledger = Ledger::open(&folder).unwrap();
    ledger.check().unwrap();
}
