//! A disk that is full, or that fails at any write or sync, while the vault works on it.

use std::{path::PathBuf, slice::from_ref, sync::Arc};

use power_cut::{
    Account, Adversary, Disk, Fault, Ledger, Op,
    trial::{self, Verdict},
    work,
};
use tempfile::TempDir;
use vault::{CartVault, Commit, OpenVaultError, VaultKey};

const KINDS: [fn(usize) -> Fault; 3] = [Fault::FullFrom, Fault::WriteFails, Fault::SyncFails];

struct Scene {
    _outer: TempDir,
    folder: PathBuf,
    disk: Arc<Disk>,
}

impl Scene {
    fn new() -> Self {
        let outer = trial::folder().unwrap();
        let folder = outer.path().join("vault");
        let disk = Disk::watch(&folder).unwrap();
        Self { _outer: outer, folder, disk }
    }

    fn open(&self) -> Result<CartVault, OpenVaultError> {
        CartVault::open(&self.folder, &VaultKey::new([0x5a; 32]))
    }

    fn account(&self) -> Account {
        let ledger = Ledger::open(&self.folder).unwrap();
        ledger.check().unwrap();
        ledger.account().unwrap()
    }

    /// What any power cut now leaves must be one of these.
    fn survives_a_power_cut(&self, log: &[Op], may_be: &[Account], what: Fault) {
        for (seed, adversary) in (0..).zip(Adversary::ALL) {
            let verdict = trial::after(log, adversary, seed, may_be).unwrap();
            assert_eq!(verdict, Verdict::Whole, "{what:?}, {adversary:?}");
        }
    }
}

/// Plays with a fault at each write and at each sync, until it comes to one that is not reached. How often
/// one was.
fn at_each(mut play: impl FnMut(Fault) -> (usize, usize)) -> usize {
    let mut reached = 0;
    for kind in KINDS {
        for number in 0.. {
            let fault = kind(number);
            let (writes, syncs) = play(fault);
            let asked = if matches!(fault, Fault::SyncFails(_)) { syncs } else { writes };
            if number >= asked {
                break;
            }
            reached += 1;
        }
    }
    reached
}

/// A visit's still: entry, item and picture in one transaction of a dozen pages.
fn still() -> [Commit; 2] {
    let visit = work::visit(1, 12 * 1024);
    [visit.beginning, visit.still]
}

fn saved() -> (Account, Account) {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let [beginning, still] = still();
    vault.commit(beginning).unwrap();
    let before = scene.account();
    vault.commit(still).unwrap();
    (before, scene.account())
}

#[test]
fn a_commit_that_fails_has_saved_nothing_and_succeeds_when_the_disk_is_well() {
    let (before, after) = saved();
    let reached = at_each(|fault| {
        let scene = Scene::new();
        let vault = scene.open().unwrap();
        let [beginning, still] = still();
        vault.commit(beginning).unwrap();
        scene.disk.begin(Some(fault));
        let outcome = vault.commit(still.clone());
        let asked = scene.disk.repair();
        assert_eq!(scene.account(), if outcome.is_ok() { after.clone() } else { before.clone() });
        let mut log = scene.disk.take_log();
        // Its caller was told that it is not saved. It may come back with the next start all the same, as
        // what was sent and not answered: under its id, wholly.
        let may_be =
            if outcome.is_ok() { &[after.clone()][..] } else { &[before.clone(), after.clone()] };
        scene.survives_a_power_cut(&log, may_be, fault);
        let again = vault.commit(still).unwrap();
        assert_eq!(again.entries()[0].is_new(), outcome.is_err(), "{fault:?}");
        assert_eq!(scene.account(), after);
        log.append(&mut scene.disk.take_log());
        scene.survives_a_power_cut(&log, from_ref(&after), fault);
        asked
    });
    assert!(reached > 40, "{reached}");
}

#[test]
fn a_full_disk_can_still_be_read() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let [beginning, still] = still();
    let encounter = beginning.entries[0].entry().encounter;
    vault.commit(beginning).unwrap();
    scene.disk.begin(Some(Fault::FullFrom(0)));
    for _ in 0..3 {
        vault.commit(still.clone()).unwrap_err();
        assert_eq!(vault.entries_of(encounter).unwrap().len(), 2);
    }
    scene.disk.repair();
    vault.commit(still).unwrap();
}

#[test]
fn a_fault_while_the_vault_closes_loses_nothing() {
    let (_, after) = saved();
    let reached = at_each(|fault| {
        let scene = Scene::new();
        let vault = scene.open().unwrap();
        for commit in still() {
            vault.commit(commit).unwrap();
        }
        scene.disk.begin(Some(fault));
        drop(vault);
        let asked = scene.disk.repair();
        let log = scene.disk.take_log();
        scene.survives_a_power_cut(&log, from_ref(&after), fault);
        let _vault = scene.open().unwrap();
        assert_eq!(scene.account(), after, "{fault:?}");
        asked
    });
    assert!(reached > 40, "{reached}");
}

#[test]
fn a_vault_whose_making_failed_is_made_by_the_next_start() {
    let fresh = {
        let scene = Scene::new();
        let _vault = scene.open().unwrap();
        scene.account()
    };
    let mut faults = 0;
    let reached = at_each(|fault| {
        let scene = Scene::new();
        scene.disk.begin(Some(fault));
        drop(scene.open());
        let asked = scene.disk.repair();
        let mut log = scene.disk.take_log();
        // A making takes longer than a commit: not every adversary for each fault.
        let adversary = Adversary::ALL[faults % Adversary::ALL.len()];
        faults += 1;
        let verdict = trial::after(&log, adversary, 0, from_ref(&fresh)).unwrap();
        assert_eq!(verdict, Verdict::Whole, "{fault:?}, {adversary:?}");
        let _vault = scene.open().unwrap();
        assert_eq!(scene.account(), fresh, "{fault:?}");
        log.append(&mut scene.disk.take_log());
        let verdict = trial::after(&log, Adversary::Dropped, 0, from_ref(&fresh)).unwrap();
        assert_eq!(verdict, Verdict::Whole, "{fault:?}");
        asked
    });
    assert!(reached > 100, "{reached}");
}

#[test]
fn a_disk_that_takes_no_log_is_refused_by_the_name_of_the_setting() {
    let scene = Scene::new();
    scene.disk.refuse_log();
    let error = scene.open().unwrap_err();
    let is_named = matches!(error, OpenVaultError::Setting { name: "journal_mode", .. });
    assert!(is_named, "{error}");
}
