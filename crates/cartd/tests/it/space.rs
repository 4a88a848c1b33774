//! A disk that fills: who is told, what is refused before it is too late, and what is purged when it may be.

use std::time::{Duration, Instant};

use cart_api::{
    Command, DiskHealth, NoticeKind, Refusal, Space, TechnicianAnswer, TechnicianCommand,
};
use clinical::{EncounterId, Entry, EntryBody, EntryId, Opened, Timestamp};
use hub_api::Delivery;
use outbox::{Moment, Next, Outbox, Outcome, Repeat};
use vault::{CartVault, Commit, SealedEntry, VaultKey};

use crate::{
    cart::{Cart, patient, wait_for_hub},
    patience::PATIENCE,
    technician::Technician,
};

const MIB: u64 = 1024 * 1024;
/// 2026-01-05T00:00:00Z: longer ago than any retention of these tests.
const LONG_AGO: Timestamp = Timestamp::from_millis(1_767_571_200_000);

fn picture() -> Command {
    Command::SaveStill {
        media_type: "image/jpeg".into(),
        width: 1920,
        height: 1080,
        examined: None,
    }
}

fn disk(technician: &mut Technician) -> DiskHealth {
    match technician.ask(TechnicianCommand::LookAtDisk) {
        TechnicianAnswer::Disk { disk, .. } => {
            disk.expect("the disk is looked at before the socket is")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn on_a_nearly_full_disk_pictures_are_refused_and_readings_go_on() {
    // Whatever the disk of this machine holds is too much.
    let mut cart = Cart::with("disk_percent = [0, 0, 0]\nballast_mib = 1");
    cart.start();
    let mut kiosk = cart.in_encounter();
    kiosk.sees("the notice", |state| {
        let fills = NoticeKind::DiskFills { space: Space::NoMedia };
        let told = state.notices.iter().any(|notice| notice.kind == fills);
        (told && state.space == Space::NoMedia).then_some(())
    });
    assert_eq!(kiosk.ask_with(picture(), vec![7; 1000]), Err(Refusal::NoSpace));
    cart.room.thermometer_measures(371);
    kiosk.sees("the reading", |state| {
        let encounter = state.encounter.as_ref()?;
        (encounter.readings.len() == 1 && encounter.stills.is_empty()).then_some(())
    });
    kiosk.done(Command::EndEncounter);
    let told = disk(&mut Technician::of(&cart));
    assert_eq!((told.space, told.times_full), (Space::NoMedia, 0));
    assert!(told.room.total > told.room.available, "{told:?}");
}

#[test]
fn a_disk_that_fills_is_told_and_takes_pictures_as_before() {
    let mut cart = Cart::with("disk_percent = [0, 100, 100]\nballast_mib = 2");
    cart.start();
    let mut kiosk = cart.in_encounter();
    let notice = kiosk.sees("the notice", |state| {
        let fills = NoticeKind::DiskFills { space: Space::Warn };
        state.notices.iter().find(|notice| notice.kind == fills).map(|notice| notice.id)
    });
    kiosk.done(Command::DismissNotice { id: notice });
    kiosk.ask_with(picture(), vec![7; 1000]).unwrap();
    let ballast = std::fs::metadata(cart.path("data/ballast")).unwrap();
    assert_eq!(ballast.len(), 2 * MIB);
    let room = disk(&mut Technician::of(&cart)).room;
    assert!(room.ballast >= 2 * MIB && room.ballast_wanted == 2 * MIB, "{room:?}");
}

/// A visit of long ago, in the EHR.
fn keep_old_visit(cart: &Cart) -> EncounterId {
    let key = VaultKey::from_file(&cart.path("key")).unwrap();
    let vault = CartVault::open(&cart.path("data"), &key).unwrap();
    let encounter: EncounterId = "0199a5e0-ffff-7000-8000-000000000001".parse().unwrap();
    let opened = Opened { patient: patient(), nurse: "Grace Okafor".into(), cart: "w3".into() };
    for (number, body) in [EntryBody::Opened(opened), EntryBody::Closed].into_iter().enumerate() {
        let id: EntryId = format!("0199a5e0-0000-7000-8000-{number:012}").parse().unwrap();
        let entry = Entry { id, encounter, recorded: LONG_AGO, body };
        vault.commit(Commit::of(SealedEntry::seal(entry))).unwrap();
    }
    let now = Moment::from_millis(0);
    let mut outbox = Outbox::open(vault.outbox(), now).unwrap();
    while let Next::Send { id, .. } = outbox.next(now).unwrap() {
        assert!(outbox.begin(id, Repeat::Harmless, now).unwrap());
        outbox.finish(id, Outcome::Accepted, now, 0.5).unwrap();
        vault.mark_delivery(&[(id, Delivery::InEhr)]).unwrap();
    }
    encounter
}

#[test]
fn what_is_in_the_ehr_long_enough_is_purged_once_the_hub_is_there() {
    let mut cart = Cart::with("ballast_mib = 1");
    let old = keep_old_visit(&cart);
    cart.start();
    let kiosk = cart.in_encounter();
    cart.hub.come_up();
    wait_for_hub(&kiosk);
    let mut technician = Technician::of(&cart);
    let end = Instant::now() + PATIENCE;
    while disk(&mut technician).purged != 2 {
        assert!(Instant::now() < end, "nothing was purged");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(cart.terminate(), Some(0));
    let log = cart.log();
    let line = log.lines().find(|line| line.contains("Purged")).expect("a line of the journal");
    assert!(line.contains("entries") && !line.contains("anary"), "{line}");
    let key = VaultKey::from_file(&cart.path("key")).unwrap();
    let vault = CartVault::open(&cart.path("data"), &key).unwrap();
    assert!(vault.entries_of(old).unwrap().is_empty());
    assert!(vault.latest_encounter().unwrap().is_some_and(|latest| latest != old));
}
