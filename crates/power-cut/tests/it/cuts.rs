//! The short form of `cargo xtask powercut`, and the test of that test.

use std::sync::LazyLock;

use power_cut::{
    Disk, Ledger, Op, Platter, trial,
    work::{self, Played},
};
use vault::{CartVault, VaultKey};

/// One play for all tests: a checkpoint and a restart are in it.
static PLAYED: LazyLock<Played> = LazyLock::new(|| play(1_000));

fn play(operations: usize) -> Played {
    let folder = trial::folder().unwrap();
    let vault = folder.path().join("vault");
    let disk = Disk::watch(&vault).unwrap();
    work::play(&disk, &vault, operations).unwrap()
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged() {
    let tally = trial::run(&PLAYED, Platter::honest(), 400).unwrap();
    assert_eq!(tally.images, 400);
    assert!(tally.findings.is_empty(), "{tally:#?}");
}

#[test]
fn a_disk_that_lies_about_syncs_loses_commits_and_the_harness_sees_it() {
    let tally = trial::run(&PLAYED, Platter::lying(), 100).unwrap();
    assert!(tally.lost > 10, "{tally:#?}");
    assert!(tally.unopenable > 0, "{tally:#?}");
}

#[test]
fn a_step_of_two_transactions_is_seen_to_be_there_by_half() {
    let folder = trial::folder().unwrap();
    let path = folder.path().join("vault");
    let disk = Disk::watch(&path).unwrap();
    let visit = work::visit(1, 4096);
    disk.note(Op::Began(0));
    let vault = CartVault::open(&path, &VaultKey::new([0x5a; 32])).unwrap();
    disk.note(Op::Acked(0));
    let ledger = Ledger::open(&path).unwrap();
    let fresh = ledger.account().unwrap();
    disk.note(Op::Began(1));
    vault.commit(visit.beginning).unwrap();
    vault.commit(visit.note).unwrap();
    disk.note(Op::Acked(1));
    let played = Played { log: disk.take_log(), accounts: vec![fresh, ledger.account().unwrap()] };
    let tally = trial::run(&played, Platter::honest(), 200).unwrap();
    assert!(tally.half > 0, "{tally:#?}");
    assert_eq!((tally.lost, tally.unopenable), (0, 0));
    // A finding is repeated by its seed alone.
    for (seed, verdict) in tally.findings {
        assert_eq!(trial::replay(&played, Platter::honest(), seed).unwrap(), verdict);
    }
}

#[test]
fn a_power_cut_while_a_full_log_is_carried_over_loses_nothing() {
    let folder = trial::folder().unwrap();
    let vault = folder.path().join("vault");
    let disk = Disk::watch(&vault).unwrap();
    let played = work::fill_log(&disk, &vault).unwrap();
    let still = 6;
    let ops = played.log.iter().skip_while(|op| !matches!(op, Op::Began(step) if *step == still));
    let mut ops = ops.take_while(|op| !matches!(op, Op::Acked(step) if *step == still));
    assert!(ops.any(|op| matches!(op, Op::Wrote { file: 0, .. })), "the call itself checkpoints");
    let tally = trial::run(&played, Platter::honest(), 60).unwrap();
    assert!(tally.findings.is_empty(), "{tally:#?}");
}

#[test]
fn the_name_of_a_new_vaults_folder_is_durable_before_anything_is_saved() {
    let first = PLAYED.log.iter().position(|op| matches!(op, Op::Acked(0))).unwrap();
    let opening = &PLAYED.log[..first];
    assert!(opening.iter().any(|op| matches!(op, Op::ParentSynced)));
    assert!(matches!(opening.last(), Some(Op::FolderSynced)), "{:?}", opening.last());
}

/// Without that, the seed of a finding would name another image the next time.
#[test]
fn a_play_repeats_itself_in_all_but_the_salts() {
    let shape = |op: &Op| match op {
        Op::Wrote { file, offset, bytes } => format!("{file} {offset} {}", bytes.len()),
        other => format!("{other:?}"),
    };
    let again = play(1_000);
    assert!(PLAYED.log.iter().map(shape).eq(again.log.iter().map(shape)));
    let salted = |(one, other): (&Op, &Op)| match (one, other) {
        (Op::Wrote { bytes: one, .. }, Op::Wrote { bytes: other, .. }) => one != other,
        _ => false,
    };
    assert!(PLAYED.log.iter().zip(&again.log).any(salted), "the pages are encrypted");
}

#[test]
fn the_play_has_what_is_dangerous() {
    let count = |wanted: fn(&Op) -> bool| PLAYED.log.iter().filter(|op| wanted(op)).count();
    assert!(count(|op| matches!(op, Op::Acked(_))) > 30);
    assert!(count(|op| matches!(op, Op::Synced { .. })) > 30);
    assert!(count(|op| matches!(op, Op::Wrote { file: 0, .. })) > 30, "the log is carried over");
    let removed = |op: &&Op| matches!(op, Op::Removed { name } if name == "vault.db-wal");
    assert!(PLAYED.log.iter().any(|op| removed(&op)), "a restart begins a new log");
}
