//! The 256-bit key of a vault and the file it comes from.
//!
//! Random, not a passphrase: opening costs no key derivation, and there is nothing to guess.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::{Zeroize as _, Zeroizing};

use crate::private_file::exposed_mode;

const KEY_BYTES: usize = 32;
const HEX_DIGITS: usize = 2 * KEY_BYTES;

/// Wiped from memory when dropped; `Debug` shows nothing of it.
pub struct VaultKey([u8; KEY_BYTES]);

#[derive(Debug, thiserror::Error)]
pub enum VaultKeyError {
    #[error("could not read the vault key {path}")]
    Read { path: PathBuf, source: io::Error },
    #[error("others than its owner can reach the vault key {path} (mode {mode:03o}): chmod 600 it")]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the vault key {path} is neither 32 bytes nor 64 hexadecimal digits")]
    NotAKey { path: PathBuf },
    #[error("could not create the vault key {path}")]
    Create { path: PathBuf, source: io::Error },
    #[error("the system gives no random bytes for a vault key")]
    NoRandom,
}

impl VaultKey {
    pub const fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// A file of exactly 32 bytes, or of 64 hexadecimal digits with or without a line end.
    ///
    /// # Errors
    /// The file cannot be read, holds no key, or is open to others than its owner and root.
    pub fn from_file(path: &Path) -> Result<Self, VaultKeyError> {
        let failed = |source| VaultKeyError::Read { path: path.into(), source };
        let file = File::open(path).map_err(failed)?;
        refuse_if_exposed(&file, path)?;
        // One byte more than the longest key, so that a longer file is recognised and not read.
        let mut content = Zeroizing::new(Vec::with_capacity(HEX_DIGITS + 2));
        file.take(HEX_DIGITS as u64 + 2).read_to_end(&mut content).map_err(failed)?;
        parse(&content).map(Self).ok_or_else(|| VaultKeyError::NotAKey { path: path.into() })
    }

    /// A new random key in a new file of mode 0600, durable when this returns.
    ///
    /// # Errors
    /// The file exists already (a key is never overwritten) or cannot be written.
    pub fn create_file(path: &Path) -> Result<Self, VaultKeyError> {
        let mut key = Self([0; KEY_BYTES]);
        SystemRandom::new().fill(&mut key.0).map_err(|_| VaultKeyError::NoRandom)?;
        write_new(path, &key.0)
            .map_err(|source| VaultKeyError::Create { path: path.into(), source })?;
        Ok(key)
    }

    /// SQLCipher's raw key: `x'…'`, without key derivation.
    pub(crate) fn raw(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(HEX_DIGITS + 3));
        text.push_str("x'");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 0x0f] {
                text.push(char::from_digit(digit.into(), 16).expect("four bits are one digit"));
            }
        }
        text.push('\'');
        text
    }
}

impl Drop for VaultKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(..)")
    }
}

fn refuse_if_exposed(file: &File, path: &Path) -> Result<(), VaultKeyError> {
    let metadata =
        file.metadata().map_err(|source| VaultKeyError::Read { path: path.into(), source })?;
    match exposed_mode(&metadata) {
        Some(mode) => Err(VaultKeyError::Exposed { path: path.into(), mode }),
        None => Ok(()),
    }
}

fn parse(content: &[u8]) -> Option<[u8; KEY_BYTES]> {
    if let Ok(bytes) = content.try_into() {
        return Some(bytes);
    }
    let digits = content.strip_suffix(b"\n").unwrap_or(content);
    if digits.len() != HEX_DIGITS {
        return None;
    }
    let mut key = [0; KEY_BYTES];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |ascii: u8| char::from(ascii).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(key)
}

/// Written aside and linked in place, so that a power cut leaves a whole key or none.
fn write_new(path: &Path, key: &[u8]) -> io::Result<()> {
    let aside = path.with_added_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(key)?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    linked?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
