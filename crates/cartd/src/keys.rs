//! The two secrets of a cart as files: the vault key and the cart key. Neither is ever overwritten or printed.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use anyhow::{Context, ensure};
use upstream::hub::Identity;
use vault::VaultKey;

/// An Ed25519 key in PKCS #8 v2 has 83 or 85 bytes; a file of this length is something else.
const LONGEST_KEY_FILE: u64 = 4096;

pub fn create_vault_key(file: &Path) -> anyhow::Result<()> {
    VaultKey::create_file(file)?;
    println!("The vault key is in {}.", file.display());
    println!(
        "Without it the record cannot be read: keep a copy where the cart cannot be stolen with it."
    );
    Ok(())
}

pub fn create_identity(file: &Path) -> anyhow::Result<()> {
    let key = Identity::generate()?;
    write_new(file, &key).with_context(|| format!("could not create {}", file.display()))?;
    show_identity(file)
}

/// Alone on its line, for `hubd cart enrol`.
pub fn show_identity(file: &Path) -> anyhow::Result<()> {
    println!("{}", load_identity(file)?.public_key());
    Ok(())
}

pub fn load_identity(file: &Path) -> anyhow::Result<Identity> {
    let what = || format!("could not read the cart key {}", file.display());
    let metadata = fs::metadata(file).with_context(what)?;
    // systemd gives a credential to its service by an access list, which shows as group bits of root.
    let forbidden = if metadata.gid() == 0 { 0o037 } else { 0o077 };
    ensure!(
        metadata.mode() & forbidden == 0,
        "others can read the cart key {}: chmod 600 it",
        file.display()
    );
    ensure!(metadata.len() <= LONGEST_KEY_FILE, "{} is not a cart key", file.display());
    let key = fs::read(file).with_context(what)?;
    Identity::from_pkcs8(&key).with_context(|| format!("{} is not usable", file.display()))
}

/// Durable when it returns; an existing file is an error.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_cart_key_is_created_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cart.key");
        create_identity(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let before = load_identity(&file).unwrap().public_key();
        assert!(create_identity(&file).is_err());
        assert_eq!(load_identity(&file).unwrap().public_key(), before);
    }

    #[test]
    fn a_cart_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cart.key");
        create_identity(&file).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let error = load_identity(&file).err().expect("an exposed key is refused");
        assert!(error.to_string().contains("chmod 600"), "{error:#}");
    }
}
