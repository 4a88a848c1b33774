//! The power goes while a vault of an older version is brought up to date.

use std::path::Path;

use power_cut::{
    Disk, Ledger, Op, Platter, trial,
    work::{self, Played},
};
use rusqlite::{Connection, params};
use vault::{CartVault, SealedEntry, VaultKey};

/// As the first released version made it.
const FIRST_SCHEMA: &str = include_str!("../../../vault/migrations/record.sql");
const APPLICATION: i32 = i32::from_be_bytes(*b"BSDc");

fn make_first(folder: &Path, entry: &SealedEntry) {
    std::fs::create_dir(folder).unwrap();
    let old = Connection::open(folder.join("vault.db")).unwrap();
    old.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32))).unwrap();
    old.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
    old.execute_batch(FIRST_SCHEMA).unwrap();
    old.pragma_update(None, "application_id", APPLICATION).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    let (id, encounter) = (entry.entry().id.uuid(), entry.entry().encounter.uuid());
    old.execute(
        "INSERT INTO entries (id, encounter, kind, sha256, body) VALUES (?1, ?2, 'opened', ?3, ?4)",
        params![id.as_bytes(), encounter.as_bytes(), entry.sha256(), entry.bytes()],
    )
    .unwrap();
    old.execute("INSERT INTO outbox (destination, position) VALUES ('hub', 1)", []).unwrap();
}

#[test]
fn a_migration_that_a_power_cut_met_is_finished_by_the_next_start() {
    let outer = trial::folder().unwrap();
    let folder = outer.path().join("vault");
    let disk = Disk::watch(&folder).unwrap();
    let opening = work::opening(1).entries.remove(0);
    make_first(&folder, &opening);
    // What the older version wrote is durable long since.
    disk.note(Op::FolderSynced);
    let mut platter = Platter::honest();
    disk.take_log().iter().for_each(|op| platter.play(op));

    let vault = CartVault::open(&folder, &VaultKey::new([0x5a; 32])).unwrap();
    let kept = vault.entry(opening.entry().id).unwrap().unwrap();
    assert_eq!(kept.sealed.bytes(), opening.bytes());
    let account = Ledger::open(&folder).unwrap().account().unwrap();
    let played = Played { log: disk.take_log(), accounts: vec![account] };
    assert!(played.log.len() > 30, "a migration writes: {}", played.log.len());
    let tally = trial::run(&played, platter, usize::MAX).unwrap();
    assert!(tally.findings.is_empty(), "{tally:#?}");
}
