//! A vault gets another key.

use std::fs;

use rusqlite::Connection;
use vault::{CartVault, OpenVaultError, RekeyError, VaultKey};

use crate::common::{cart_vault, key};

fn other() -> VaultKey {
    VaultKey::new([0xa5; 32])
}

#[test]
fn afterwards_only_the_new_key_opens_it() {
    let (folder, vault) = cart_vault();
    drop(vault);
    let before = fs::read(folder.path().join("vault.db")).unwrap();
    CartVault::rekey(folder.path(), &key(), &other()).unwrap();
    let error = CartVault::open(folder.path(), &key()).unwrap_err();
    assert!(matches!(error, OpenVaultError::WrongKey { .. }), "{error:?}");
    drop(CartVault::open(folder.path(), &other()).unwrap());
    // No page of the old key is left in the file; the first 16 bytes are the salt, which stays.
    let after = fs::read(folder.path().join("vault.db")).unwrap();
    for (number, (old, new)) in before.chunks(4096).zip(after.chunks(4096)).enumerate() {
        assert_ne!(old[16..], new[16..], "page {number}");
    }
}

#[test]
fn a_second_try_finds_it_done() {
    let (folder, vault) = cart_vault();
    drop(vault);
    CartVault::rekey(folder.path(), &key(), &other()).unwrap();
    CartVault::rekey(folder.path(), &key(), &other()).unwrap();
    CartVault::open(folder.path(), &other()).unwrap();
}

#[test]
fn a_vault_that_is_not_there_yet_begins_with_the_new_key() {
    let folder = tempfile::tempdir().unwrap();
    CartVault::rekey(folder.path(), &key(), &other()).unwrap();
    CartVault::open(folder.path(), &other()).unwrap();
}

#[test]
fn a_vault_in_use_keeps_its_key() {
    let (folder, vault) = cart_vault();
    let error = CartVault::rekey(folder.path(), &key(), &other()).unwrap_err();
    assert!(matches!(error, RekeyError::InUse), "{error:?}");
    drop(vault);
    CartVault::open(folder.path(), &key()).unwrap();
}

#[test]
fn a_vault_of_a_third_key_is_not_touched() {
    let (folder, vault) = cart_vault();
    drop(vault);
    let third = VaultKey::new([0x33; 32]);
    let error = CartVault::rekey(folder.path(), &third, &other()).unwrap_err();
    assert!(matches!(error, RekeyError::Open(OpenVaultError::WrongKey { .. })), "{error:?}");
    let told = format!("{error} {error:?}");
    assert!(!told.contains("a5a5") && !told.contains("3333"), "{told}");
    CartVault::open(folder.path(), &key()).unwrap();
}

#[test]
fn the_marks_and_settings_of_a_vault_stay() {
    let (folder, vault) = cart_vault();
    drop(vault);
    CartVault::rekey(folder.path(), &key(), &other()).unwrap();
    let raw = Connection::open(folder.path().join("vault.db")).unwrap();
    raw.pragma_update(None, "key", format!("x'{}'", "a5".repeat(32))).unwrap();
    let read = |name: &str| raw.pragma_query_value(None, name, |row| row.get::<_, i32>(0)).unwrap();
    assert_eq!(read("application_id"), i32::from_be_bytes(*b"BSDc"));
    let mode: String = raw.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}
