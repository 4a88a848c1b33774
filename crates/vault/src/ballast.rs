//! A file that only takes room, so that what must always be saved finds some on a full disk.
//!
//! A full disk refuses deletes and checkpoints too, so there has to be something to give up that needs
//! neither. Blocks are really taken (`fallocate`): a file with holes would free nothing.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use rustix::fs::{FallocateFlags, fallocate};

/// On a small disk the ballast is this part of it: 2 per cent.
const SHARE_OF_DISK: u64 = 50;
/// `st_blocks` counts in these, whatever the file system's own blocks are (POSIX `<sys/stat.h>`, Linux).
const BYTES_OF_ST_BLOCKS: u64 = 512;

/// How large the ballast should be where so much was asked for.
pub(crate) fn wanted(asked: u64, disk: u64) -> u64 {
    asked.min(disk / SHARE_OF_DISK)
}

pub(crate) struct Ballast {
    folder: PathBuf,
    path: PathBuf,
    was_full: AtomicBool,
}

impl Ballast {
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            path: folder.join("ballast"),
            was_full: AtomicBool::new(false),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it takes now, in bytes.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn bytes(&self) -> io::Result<u64> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(metadata.blocks() * BYTES_OF_ST_BLOCKS),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Makes it larger up to `wanted` bytes, and never of more than half of what would be free without it:
    /// the other half is for what must be saved now. Durable when this returns.
    ///
    /// # Errors
    /// The file system has no room, or cannot set blocks aside; the ballast is what it was.
    pub fn fill(&self, wanted: u64, available: u64) -> io::Result<()> {
        let there = self.bytes()?;
        let target = wanted.min(available.saturating_add(there) / 2);
        if target <= there {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        if let Err(error) = fallocate(&file, FallocateFlags::empty(), 0, target) {
            // What it got before it failed is taken from whoever needs it.
            file.set_len(there)?;
            return Err(error.into());
        }
        file.sync_all()?;
        self.sync_folder()
    }

    /// The disk was full. `true`: the ballast was there and is given up; what failed may succeed now.
    pub fn free(&self) -> bool {
        self.tell_full();
        // Synced, because a file system with a journal gives out freed blocks only after its commit.
        self.bytes().is_ok_and(|bytes| bytes > 0)
            && fs::remove_file(&self.path).is_ok()
            && self.sync_folder().is_ok()
    }

    pub fn tell_full(&self) {
        self.was_full.store(true, Ordering::Relaxed);
    }

    /// Whether the disk was full since this was asked last.
    pub fn was_full(&self) -> bool {
        self.was_full.swap(false, Ordering::Relaxed)
    }

    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn a_small_disk_gives_up_two_per_cent() {
        for (asked, disk, expected) in [
            (512 * MIB, 32_000 * MIB, 512 * MIB),
            (512 * MIB, 10_000 * MIB, 200 * MIB),
            (0, 32_000 * MIB, 0),
            (512 * MIB, 0, 0),
        ] {
            assert_eq!(wanted(asked, disk), expected, "{asked} of {disk}");
        }
    }

    #[test]
    fn the_ballast_takes_blocks_until_it_is_freed_and_then_none() {
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::in_folder(folder.path());
        assert!(!ballast.free(), "there is nothing to give up");
        ballast.fill(2 * MIB, 100 * MIB).unwrap();
        assert!((2 * MIB..3 * MIB).contains(&ballast.bytes().unwrap()));
        ballast.fill(4 * MIB, 100 * MIB).unwrap();
        ballast.fill(2 * MIB, 100 * MIB).unwrap();
        assert!(ballast.bytes().unwrap() >= 4 * MIB, "what is there is not made anew");
        assert!(ballast.free());
        assert_eq!(ballast.bytes().unwrap(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn half_of_what_is_left_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::in_folder(folder.path());
        ballast.fill(64 * MIB, 4 * MIB).unwrap();
        assert!((2 * MIB..3 * MIB).contains(&ballast.bytes().unwrap()));
        ballast.fill(64 * MIB, 2 * MIB).unwrap();
        assert!(ballast.bytes().unwrap() < 3 * MIB, "it has its half");
    }

    #[test]
    fn a_full_disk_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::in_folder(folder.path());
        assert!(!ballast.was_full());
        ballast.free();
        assert!(ballast.was_full());
        assert!(!ballast.was_full());
    }
}
