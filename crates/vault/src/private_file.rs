//! Files that hold a secret: read only where nobody but their owner and root can reach them.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    #[error("could not read {path}")]
    Read { path: PathBuf, source: io::Error },
    #[error("others than its owner can reach {path} (mode {mode:03o}): chmod 600 it")]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{path} is longer than {at_most} bytes: it is not what it should be")]
    TooLong { path: PathBuf, at_most: u64 },
}

/// The whole file, wiped from memory when it is dropped.
///
/// # Errors
/// It cannot be read, is open to others than its owner and root, or is longer than `at_most` bytes.
pub fn read_private_file(
    path: &Path,
    at_most: u64,
) -> Result<Zeroizing<Vec<u8>>, PrivateFileError> {
    let failed = |source| PrivateFileError::Read { path: path.into(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if let Some(mode) = exposed_mode(&metadata) {
        return Err(PrivateFileError::Exposed { path: path.into(), mode });
    }
    if metadata.len() > at_most {
        return Err(PrivateFileError::TooLong { path: path.into(), at_most });
    }
    // All of it at once: a vector that grows leaves copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(metadata.len() as usize + 1));
    file.take(at_most).read_to_end(&mut content).map_err(failed)?;
    Ok(content)
}

/// The mode of a file that others can reach.
///
/// systemd shows a credential to its service by an access list, and the list's mask in the group
/// bits of a file of group root. Root reads everything anyway, so that group tells nobody more.
pub(crate) fn exposed_mode(metadata: &Metadata) -> Option<u32> {
    let forbidden = if metadata.gid() == 0 { 0o037 } else { 0o077 };
    let mode = metadata.mode() & 0o777;
    (mode & forbidden != 0).then_some(mode)
}
