//! A full disk with a ballast: what must always be saved is saved, and pictures leave it alone.

use std::{path::PathBuf, slice::from_ref, sync::Arc};

use clinical::{Act, Actor, AuditEvent};
use hub_api::Delivery;
use outbox::{Moment, Next, Outbox, Outcome, Repeat};
use power_cut::{
    Account, Adversary, Disk, Fault, Ledger,
    trial::{self, Verdict},
    work::{self, Visit},
};
use tempfile::TempDir;
use vault::{CartVault, Commit, Discard, VaultKey};

const BALLAST: u64 = 256 * 1024;

struct Scene {
    _outer: TempDir,
    folder: PathBuf,
    disk: Arc<Disk>,
    vault: CartVault,
}

impl Scene {
    /// A visit has begun, and two readings wait in the tray.
    fn new() -> Self {
        let outer = trial::folder().unwrap();
        let folder = outer.path().join("vault");
        let disk = Disk::watch(&folder).unwrap();
        let vault = CartVault::open(&folder, &VaultKey::new([0x5a; 32])).unwrap();
        let Visit { beginning, unassigned, .. } = visit();
        vault.commit(beginning).unwrap();
        unassigned.iter().for_each(|reading| vault.keep_unassigned(reading).unwrap());
        vault.keep_ballast(BALLAST).unwrap();
        Self { _outer: outer, folder, disk, vault }
    }

    fn account(&self) -> Account {
        let ledger = Ledger::open(&self.folder).unwrap();
        ledger.check().unwrap();
        ledger.account().unwrap()
    }

    fn ballast(&self) -> u64 {
        self.vault.room(BALLAST).unwrap().ballast
    }
}

fn visit() -> Visit {
    work::visit(1, 12 * 1024)
}

type Deed = (&'static str, fn(&CartVault));

/// What a cart must be able to write at any time, each in a call that its caller waits for.
const DEEDS: [Deed; 8] = [
    ("a note", |vault| drop(vault.commit(visit().note).unwrap())),
    ("the end of a visit", |vault| drop(vault.commit(visit().end).unwrap())),
    ("a claim", |vault| {
        drop(
            vault
                .claim(visit().unassigned[0].reading.id, visit().claim, &told(Act::ReadingClaimed))
                .unwrap(),
        );
    }),
    ("a discarded reading", |vault| {
        let at = visit().unassigned[0].reading.received;
        let discard = Discard { why: "a visitor".into(), at, by: "7".into() };
        assert!(
            vault
                .discard(visit().unassigned[1].reading.id, &discard, &told(Act::ReadingDiscarded))
                .unwrap()
        );
    }),
    ("a reading of nobody", |vault| {
        vault.keep_unassigned(&work::visit(2, 0).unassigned[0]).unwrap();
    }),
    ("what is in flight and what became of it", |vault| {
        let now = Moment::from_millis(0);
        let mut outbox = Outbox::open(vault.outbox(), now).unwrap();
        let Next::Send { id, .. } = outbox.next(now).unwrap() else { panic!("nothing is due") };
        assert!(outbox.begin(id, Repeat::Harmless, now).unwrap());
        outbox.finish(id, Outcome::Accepted, now, 0.5).unwrap();
    }),
    ("what the hub said", |vault| {
        let id = visit().beginning.entries[0].entry().id;
        vault.mark_delivery(&[(id, Delivery::InEhr)]).unwrap();
    }),
    ("the situation", |vault| {
        vault.set_situation("a nurse has signed in", &[told(Act::SignedIn)]).unwrap()
    }),
];

fn told(what: Act) -> AuditEvent {
    AuditEvent::new(visit().unassigned[0].reading.received, Actor::nurse("7"), what)
}

#[test]
fn whatever_must_be_saved_is_saved_wherever_the_disk_is_full() {
    for (what, deed) in DEEDS {
        let expected = {
            let scene = Scene::new();
            deed(&scene.vault);
            scene.account()
        };
        for number in 0.. {
            let scene = Scene::new();
            let fault = Fault::FullUntilFreed(number);
            scene.disk.begin(Some(fault));
            deed(&scene.vault);
            let (writes, _) = scene.disk.repair();
            assert_eq!(scene.account(), expected, "{what}, {fault:?}");
            if number >= writes {
                assert!(number > 1, "{what} writes something");
                assert!(!scene.vault.was_full());
                break;
            }
            assert!(scene.vault.was_full(), "{what}, {fault:?}");
            assert_eq!(scene.ballast(), 0, "{what}, {fault:?}");
            let log = scene.disk.take_log();
            let adversary = Adversary::ALL[number % Adversary::ALL.len()];
            let verdict = trial::after(&log, adversary, 0, from_ref(&expected)).unwrap();
            assert_eq!(verdict, Verdict::Whole, "{what}, {fault:?}, {adversary:?}");
        }
    }
}

#[test]
fn a_picture_is_refused_on_a_full_disk_and_the_ballast_stays_for_readings() {
    let scene = Scene::new();
    scene.disk.begin(Some(Fault::FullUntilFreed(0)));
    let error = scene.vault.commit(visit().still).unwrap_err();
    assert!(error.is_no_room(), "{error}");
    assert!(scene.vault.was_full());
    assert!(scene.ballast() >= BALLAST);
    scene.vault.commit(visit().note).unwrap();
    scene.disk.repair();
    scene.vault.keep_ballast(BALLAST).unwrap();
    assert!(scene.ballast() >= BALLAST, "it is made anew when there is room");
}

#[test]
fn another_fault_than_a_full_disk_takes_no_ballast() {
    let scene = Scene::new();
    scene.disk.begin(Some(Fault::WriteFails(0)));
    let error = scene.vault.commit(Commit { blob: None, ..visit().note }).unwrap_err();
    assert!(!error.is_no_room(), "{error}");
    assert!(scene.ballast() >= BALLAST);
    assert!(!scene.vault.was_full());
}
