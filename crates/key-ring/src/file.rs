//! The file of a key ring: the text of the ring, a checksum, and a seal by each of its keys.
//!
//! The checksum tells a bad disk from a TPM that is not the one; anybody can write it. The seals tell whether somebody
//! without the keys wrote the text: exchanged recovery keys would else be found by the next rotation, and used.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    DataKey, RingError,
    body::{Body, MOST_SLOTS},
    data_key::hexadecimal,
};

const VERSION: u32 = 1;

/// Two slots have about 3 KiB; a file of this length is something else.
const LONGEST: u64 = 64 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    /// SHA-256 of the bytes of `ring` and then of all seals.
    checksum: String,
    /// HMAC-SHA-256 of the bytes of `ring`, by the key of each slot in turn.
    seals: Vec<String>,
    /// Its bytes are kept as they are, since they are what is sealed.
    ring: Box<RawValue>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// A ring that is whole, and of which nobody knows yet whether its keys vouch for it.
#[derive(Debug)]
pub(crate) struct Read {
    pub body: Body,
    text: String,
    seals: Vec<String>,
}

impl Read {
    /// # Errors
    /// Somebody without these keys wrote it.
    pub(crate) fn check(&self, keys: &[DataKey]) -> Result<(), RingError> {
        let seals = keys.iter().map(|key| key.seal(&self.text));
        if seals.eq(self.seals.iter().cloned()) { Ok(()) } else { Err(RingError::Altered) }
    }
}

pub(crate) fn read(path: &Path) -> Result<Read, RingError> {
    let failed = |source| RingError::Read { path: path.into(), source };
    let mut content = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LONGEST).read_to_end(&mut content).map_err(failed)?;
    parse(&content)
}

pub(crate) fn parse(content: &[u8]) -> Result<Read, RingError> {
    let damaged = |what| RingError::Damaged { what };
    let VersionOnly { version } =
        serde_json::from_slice(content).map_err(|_| damaged("it is no key ring"))?;
    if version != VERSION {
        return Err(RingError::FromNewer { found: version, known: VERSION });
    }
    let written: Written =
        serde_json::from_slice(content).map_err(|_| damaged("it is not a whole key ring"))?;
    if checksum(written.ring.get(), &written.seals) != written.checksum {
        return Err(damaged("its checksum is not that of what it says"));
    }
    let body: Body = serde_json::from_str(written.ring.get())
        .map_err(|_| damaged("what it says is no key ring"))?;
    if body.slots.is_empty() || body.slots.len() > MOST_SLOTS {
        return Err(damaged("it has no key, or too many"));
    }
    Ok(Read { body, text: written.ring.get().to_owned(), seals: written.seals })
}

/// The bytes of a file for this ring.
pub(crate) fn compose(body: &Body, keys: &[DataKey]) -> Vec<u8> {
    let ring = to_raw_value(body).expect("texts and numbers are JSON");
    let seals: Vec<String> = keys.iter().map(|key| key.seal(ring.get())).collect();
    let checksum = checksum(ring.get(), &seals);
    let written = Written { version: VERSION, checksum, seals, ring };
    let mut content = serde_json::to_vec(&written).expect("texts and numbers are JSON");
    content.push(b'\n');
    content
}

fn checksum(text: &str, seals: &[String]) -> String {
    hexadecimal(digest(&SHA256, [text, &seals.join(",")].concat().as_bytes()).as_ref())
}

/// Durable when it returns. A power cut leaves the whole new file or what was there before.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), RingError> {
    let failed = |source| RingError::Write { path: path.into(), source };
    let aside = write_aside(path, content).map_err(failed)?;
    fs::rename(aside, path).map_err(failed)?;
    sync_folder(path).map_err(failed)
}

/// The same for a file that is not there yet.
pub(crate) fn create(path: &Path, content: &[u8]) -> Result<(), RingError> {
    let failed = |source| RingError::Write { path: path.into(), source };
    let aside = write_aside(path, content).map_err(failed)?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside).map_err(failed)?;
    linked.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => RingError::Exists { path: path.into() },
        _ => failed(source),
    })?;
    sync_folder(path).map_err(failed)
}

fn write_aside(path: &Path, content: &[u8]) -> io::Result<std::path::PathBuf> {
    let aside = path.with_added_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(aside)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
