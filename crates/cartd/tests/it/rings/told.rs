//! How the key of the record came, and who changed the ring: on every kiosk, to the technician, in the audit.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use age::x25519::Identity;
use cart_api::{CartState, NoticeKind, OpenedBy, RecordKey, TechnicianAnswer, TechnicianCommand};
use key_ring::{DataKey, LockedRing};
use vault::{CartVault, VaultKey};

use super::{Bench, PASSPHRASE, machine};
use crate::{
    cart::{Cart, started},
    technician::Technician,
};

#[test]
fn a_cart_without_a_tpm_starts_by_its_passphrase_file_and_says_that_this_protects_little() {
    let hospital = Identity::generate();
    let mut cart = Cart::with("");
    let configuration = fs::read_to_string(cart.path("cart.toml")).unwrap();
    let folder = cart.path("").display().to_string();
    let key = format!("key = '{}/key'\n", folder.trim_end_matches('/'));
    let ring = format!("[key_ring]\npassphrase_file = '{folder}words'\n");
    let blocks = configuration.find("[[device]]").expect("the cart has devices");
    let with_ring = [&configuration[..blocks], &ring, &configuration[blocks..]].concat();
    let with_ring = with_ring.replace(&key, "");
    fs::write(cart.path("cart.toml"), with_ring).unwrap();
    fs::write(cart.path("words"), PASSPHRASE).unwrap();
    fs::set_permissions(cart.path("words"), fs::Permissions::from_mode(0o600)).unwrap();
    let config = cart.path("cart.toml").display().to_string();
    // The record that the key file made: a new key would not open it.
    let create =
        ["ring", "--config", &config, "create", "--recovery", &hospital.to_public().to_string()];
    let refused = cart.try_command(&create, "");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("there is a record"), "{said}");
    fs::remove_dir_all(cart.path("data")).unwrap();
    let said = cart.command(&create, "");
    assert!(said.contains("NOT protected"), "{said}");
    cart.start();
    assert!(cart.log().contains("NOT protected"), "{}", cart.log());
    let (mut kiosk, another) = (cart.kiosk(), cart.kiosk());
    let unprotected = |state: &CartState| {
        state.notices.iter().find(|told| told.kind == NoticeKind::Unprotected).map(|told| told.id)
    };
    another.sees("the notice", unprotected);
    let notice = kiosk.sees("the notice", unprotected);
    assert!(!NoticeKind::Unprotected.alarms(), "it is nobody's body");
    kiosk.done(cart_api::Command::DismissNotice { id: notice });
    another.sees("no notice", |state| state.notices.is_empty().then_some(()));
    let told = Technician::of(&cart).ask(TechnicianCommand::LookAtKey);
    let key = RecordKey { opened_by: OpenedBy::PassphraseFile, rotating: false };
    assert_eq!(told, TechnicianAnswer::Key { number: 2, key });

    // The record is in use: the new key waits, and the old one goes on opening it.
    let rotate = cart.try_command(&["ring", "--config", &config, "rotate"], "");
    let said = String::from_utf8_lossy(&rotate.stderr).into_owned();
    assert!(!rotate.status.success() && said.contains("in use"), "{said}");
    cart.kill();
    cart.start();
    assert!(cart.log().contains("`cartd ring rotate` again"), "{}", cart.log());
    let told = Technician::of(&cart).ask(TechnicianCommand::LookAtKey);
    let key = RecordKey { opened_by: OpenedBy::PassphraseFile, rotating: true };
    assert_eq!(told, TechnicianAnswer::Key { number: 2, key });
    assert_eq!(cart.terminate(), Some(0));
    cart.command(&["ring", "--config", &config, "rotate"], "");
    cart.start();
    assert_eq!(cart.terminate(), Some(0));
    let ring = LockedRing::load(&cart.path("data/key-ring.json")).unwrap().open(&machine());
    let told: Vec<_> = rows(&cart.path("data"), ring.unwrap().keys())
        .into_iter()
        .map(|row| row.strip_prefix("cart:w3 ").map_or(row.clone(), str::to_owned))
        .collect();
    let (created, rotated) = (by_whoever("key_ring_created"), by_whoever("record_key_rotated"));
    let start = ["started", "key_by_passphrase"].map(str::to_owned);
    let expected = [&[created][..], &start, &start, &[rotated], &start].concat();
    assert_eq!(told, expected);
}

fn by_whoever(what: &str) -> String {
    let user = fs::metadata("/proc/self").unwrap().uid();
    format!("administrator:uid {user} {what}")
}

/// "who what" of each row of the audit.
pub fn rows(data: &Path, keys: &[DataKey]) -> Vec<String> {
    let open = |key: &DataKey| CartVault::open(data, &VaultKey::new(*key.bytes())).ok();
    let vault = keys.iter().find_map(open).expect("one of them opens it");
    assert!(vault.audit().verify(None).unwrap().is_whole());
    let rows = vault.audit().rows(0, 1_000).unwrap();
    rows.iter().map(|row| format!("{} {}", row.event.who, row.event.what.word())).collect()
}

#[test]
fn a_cart_with_a_key_file_is_told_nothing_of_a_passphrase() {
    let cart = started();
    let kiosk = cart.signed_in();
    kiosk.sees("no notice", |state| state.notices.is_empty().then_some(()));
    let told = Technician::of(&cart).ask(TechnicianCommand::LookAtKey);
    let key = RecordKey { opened_by: OpenedBy::KeyFile, rotating: false };
    assert_eq!(told, TechnicianAnswer::Key { number: 2, key });
}

#[test]
fn whoever_changes_the_ring_is_in_the_audit_of_the_record() {
    let bench = Bench::new();
    bench.create();
    let identity = bench.path("recovery").display().to_string();
    bench.done(&["recover", "--identity", &identity]);
    bench.done(&["rotate"]);
    bench.done(&["show"]);
    // Refused, so nothing was done.
    bench.refused(&["recovery", "age1"]);
    bench.done(&["recovery", &bench.hospital.to_public().to_string()]);
    let expected =
        ["key_ring_created", "key_ring_recovered", "record_key_rotated", "recovery_key_changed"];
    let told = rows(&bench.path("data"), bench.opened().keys());
    assert_eq!(told, expected.map(by_whoever));
}

/// The ring opens the record of another key: as after an old copy was put back.
#[test]
fn what_cannot_be_written_into_the_audit_is_said_by_the_command() {
    let bench = Bench::new();
    bench.create();
    let old = fs::read(bench.path("data/key-ring.json")).unwrap();
    bench.done(&["rotate"]);
    fs::write(bench.path("data/key-ring.json"), old).unwrap();
    let identity = bench.path("recovery").display().to_string();
    let said = bench.refused(&["recover", "--identity", &identity]);
    assert!(!said.contains("opens its record"), "{said}");
    assert!(said.contains("NOT in the audit") && said.contains("another record"), "{said}");
    assert!(said.contains("Take the recovery key away"), "{said}");
}
