//! When a vault opens, when it refuses, and what others can see of it.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::Path,
};

use crate::common::{cart_vault, commit, event, key, measured, note, opened, still};
use cart_api::Nurse;
use clinical::Act;
use rusqlite::Connection;
use vault::{
    Blob, CartVault, Commit, HubVault, NurseAccount, OpenVaultError, VaultKey, VaultKeyError,
};

/// Everything that the tests' entries and accounts say in words.
const CANARIES: [&str; 9] = [
    "CanaryOkafor",
    "CanaryGrace",
    "canary-mrn-100234",
    "canary-nurse",
    "canary-author",
    "canary-text",
    "canary-model",
    "canary-blob",
    "canary-hash",
];

#[test]
fn nothing_of_the_record_can_be_read_in_the_files() {
    let (folder, vault) = cart_vault();
    fill(&vault);
    let files = files(folder.path());
    assert!(files.iter().any(|(name, _)| name == "vault.db-wal"), "the log is looked at, too");
    for (name, bytes) in &files {
        for canary in CANARIES {
            assert!(!contains(bytes, canary), "{name} shows {canary}");
        }
        assert!(!contains(bytes, "SQLite format"), "{name} is not encrypted");
    }
    drop(vault);
    for (name, bytes) in self::files(folder.path()) {
        assert!(CANARIES.iter().all(|canary| !contains(&bytes, canary)), "{name} after closing");
    }
}

/// The search above would find them if they were there.
#[test]
fn the_search_finds_canaries_in_a_plain_database() {
    let folder = tempfile::tempdir().unwrap();
    let plain = Connection::open(folder.path().join("plain.db")).unwrap();
    plain.execute_batch("CREATE TABLE t (body BLOB) STRICT").unwrap();
    plain.execute("INSERT INTO t VALUES (?1)", [opened(1).bytes()]).unwrap();
    assert!(files(folder.path()).iter().any(|(_, bytes)| contains(bytes, "CanaryOkafor")));
}

#[test]
fn files_and_folder_are_closed_to_others() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("new");
    let vault = CartVault::open(&folder, &key()).unwrap();
    fill(&vault);
    assert_eq!(mode(&folder), 0o700);
    for (name, _) in files(&folder) {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_folder_that_others_may_enter_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    CartVault::open(folder.path(), &key()).unwrap();
    assert_eq!(mode(folder.path()), 0o700);
}

#[test]
fn another_key_does_not_open_it() {
    let (folder, vault) = cart_vault();
    drop(vault);
    let other = VaultKey::new([0xa5; 32]);
    let error = CartVault::open(folder.path(), &other).unwrap_err();
    assert!(matches!(error, OpenVaultError::WrongKey { .. }), "{error:?}");
    let told = format!("{error} {error:?}");
    assert!(!told.contains("a5a5"), "{told}");
}

#[test]
fn a_plain_database_is_not_taken_for_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    let plain = Connection::open(folder.path().join("vault.db")).unwrap();
    plain.execute_batch("CREATE TABLE t (a) ").unwrap();
    drop(plain);
    let error = CartVault::open(folder.path(), &key()).unwrap_err();
    assert!(matches!(error, OpenVaultError::WrongKey { .. }), "{error:?}");
}

#[test]
fn a_hub_does_not_open_the_vault_of_a_cart() {
    let (folder, vault) = cart_vault();
    drop(vault);
    let error = HubVault::open(folder.path(), &key()).unwrap_err();
    assert!(matches!(error, OpenVaultError::OtherRole { .. }), "{error:?}");
}

#[test]
fn a_vault_of_a_newer_version_is_left_alone() {
    let (folder, vault) = cart_vault();
    drop(vault);
    let raw = Connection::open(folder.path().join("vault.db")).unwrap();
    let key_text = format!("x'{}'", "5a".repeat(32));
    raw.pragma_update(None, "key", key_text).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let error = CartVault::open(folder.path(), &key()).unwrap_err();
    assert!(matches!(error, OpenVaultError::FromNewer { found: 99, known: 9, .. }), "{error:?}");
}

#[test]
fn a_key_file_holds_bytes_or_digits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let digits = "5a".repeat(32);
    let (capitals, line) = (digits.to_uppercase(), format!("{digits}\n"));
    let contents = [&[0x5a; 32], digits.as_bytes(), capitals.as_bytes(), line.as_bytes()];
    for content in contents {
        write(&path, content, 0o600);
        let vault = folder.path().join("vault");
        CartVault::open(&vault, &VaultKey::from_file(&path).unwrap()).unwrap();
        CartVault::open(&vault, &key()).unwrap();
    }
}

#[test]
fn a_file_that_is_no_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let digits = "5a".repeat(32);
    for content in ["", "short", &digits[1..], &format!("{digits}0"), &digits.replace("5a", "zz")] {
        write(&path, content.as_bytes(), 0o600);
        let error = VaultKey::from_file(&path).unwrap_err();
        assert!(matches!(error, VaultKeyError::NotAKey { .. }), "{content}: {error:?}");
    }
    let error = VaultKey::from_file(&folder.path().join("none")).unwrap_err();
    assert!(matches!(error, VaultKeyError::Read { .. }), "{error:?}");
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    for mode in [0o604, 0o644, 0o640, 0o660, 0o602] {
        write(&path, &[0x5a; 32], mode);
        if fs::metadata(&path).unwrap().permissions().mode() & 0o070 != 0 {
            leave_group_root(&path);
        }
        let error = VaultKey::from_file(&path).unwrap_err();
        assert!(matches!(error, VaultKeyError::Exposed { .. }), "{mode:o}: {error:?}");
    }
    write(&path, &[0x5a; 32], 0o400);
    VaultKey::from_file(&path).unwrap();
}

#[test]
fn a_new_key_is_random_private_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let key = VaultKey::create_file(&first).unwrap();
    VaultKey::create_file(&second).unwrap();
    assert_eq!(mode(&first), 0o600);
    assert_ne!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
    assert_eq!(format!("{key:?}"), "VaultKey(..)");
    let before = fs::read(&first).unwrap();
    let error = VaultKey::create_file(&first).unwrap_err();
    assert!(matches!(error, VaultKeyError::Create { .. }), "{error:?}");
    assert_eq!(fs::read(&first).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left lying about");
}

fn fill(vault: &CartVault) {
    let blob = Blob::new("canary-blob ".repeat(40_000).into_bytes());
    commit(vault, [opened(1), measured(2, 1), note(3, 1, &"canary-text ".repeat(500))]);
    vault.commit(Commit { entries: vec![still(4, 1, &blob)], blob: Some(blob) }).unwrap();
    let nurse = Nurse { id: "7".into(), name: "canary-nurse".into() };
    let account = NurseAccount { nurse, pin_hash: "canary-hash".into(), sign_in: "{}".into() };
    vault.put_nurse(&account, &event(Act::AccountChanged)).unwrap();
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
    };
    fs::read_dir(folder).unwrap().map(read).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn write(path: &Path, content: &[u8], mode: u32) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Root's files are of group root, to which a group's right tells nothing new.
fn leave_group_root(path: &Path) {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata(path).unwrap().gid() == 0 {
        chown(path, None, Some(65_534)).unwrap();
    }
}
