//! What room the disk has, and what is done when it has none: the ballast goes first, then it is tried again.

use cart_api::DiskRoom;
use rusqlite::{Connection, ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};
use rustix::fs::statvfs;

use crate::{
    ClaimError, CommitError, Vault, VaultError,
    ballast::wanted,
    error::{failed, failed_on_disk},
};

/// Whether it failed for want of room on the disk.
pub(crate) trait NoRoom {
    fn is_no_room(&self) -> bool;
}

impl NoRoom for rusqlite::Error {
    fn is_no_room(&self) -> bool {
        let Some(error) = self.sqlite_error() else { return false };
        // The index of the log is a file too; SQLite has a word of its own for it.
        error.code == ErrorCode::DiskFull || error.extended_code == SQLITE_IOERR_SHMSIZE
    }
}

impl NoRoom for VaultError {
    fn is_no_room(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } => source.is_no_room(),
            Self::Disk { .. }
            | Self::Damaged { .. }
            | Self::NoSuchItem(_)
            | Self::TakenOver
            | Self::NoRandomness => false,
        }
    }
}

impl NoRoom for CommitError {
    fn is_no_room(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.is_no_room(),
            Self::Conflict { .. }
            | Self::NotOpened { .. }
            | Self::OpenedTwice { .. }
            | Self::BlobMissing { .. } => false,
        }
    }
}

impl NoRoom for ClaimError {
    fn is_no_room(&self) -> bool {
        match self {
            Self::Commit(error) => error.is_no_room(),
            Self::NotInTray { .. } => false,
        }
    }
}

impl CommitError {
    /// Nothing was saved because the disk is full.
    pub fn is_no_room(&self) -> bool {
        NoRoom::is_no_room(self)
    }
}

impl Vault {
    /// For what must always be saved: on a full disk the ballast is given up and the work done once more,
    /// before anybody is told that it failed.
    pub(crate) fn with_ballast<T, E: NoRoom>(
        &self,
        mut work: impl FnMut(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        match self.with(&mut work) {
            Err(error) if error.is_no_room() && self.ballast().free() => self.with(work),
            done => done,
        }
    }

    /// For pictures: the ballast is not for them.
    pub(crate) fn without_ballast<T, E: NoRoom>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.with(work);
        if done.as_ref().is_err_and(NoRoom::is_no_room) {
            self.ballast().tell_full();
        }
        done
    }

    /// Holds back `asked` bytes of the disk, or 2 per cent of a small one, for what must always be saved.
    /// Made anew, as far as there is room, after it was given up.
    ///
    /// # Errors
    /// The file system cannot set room aside; everything else goes on.
    pub fn keep_ballast(&self, asked: u64) -> Result<(), VaultError> {
        let room = self.room(asked)?;
        let filled = self.ballast().fill(room.ballast_wanted, room.available);
        filled.map_err(failed_on_disk("hold back a ballast"))
    }

    /// What room there is, where a ballast of `asked` bytes should be.
    ///
    /// # Errors
    /// The file system does not say, or the vault cannot be read.
    pub fn room(&self, asked: u64) -> Result<DiskRoom, VaultError> {
        let failed_on_disk = failed_on_disk("look for room");
        let disk =
            statvfs(self.ballast().folder()).map_err(|error| failed_on_disk(error.into()))?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        // Without what the file system keeps back for root: `df` leaves it out as well.
        let total = bytes((disk.f_blocks - disk.f_bfree).saturating_add(disk.f_bavail));
        let ballast = self.ballast().bytes().map_err(failed_on_disk)?;
        Ok(DiskRoom {
            total,
            available: bytes(disk.f_bavail),
            reusable: self.reusable()?,
            ballast,
            ballast_wanted: wanted(asked, total),
        })
    }

    /// Whether anything was refused for want of room since this was asked last.
    pub fn was_full(&self) -> bool {
        self.ballast().was_full()
    }

    /// Pages of the file that hold nothing any more.
    fn reusable(&self) -> Result<u64, VaultError> {
        // SQLCipher answers with text.
        let sql = "SELECT CAST(freelist_count AS INTEGER), CAST(page_size AS INTEGER)
            FROM pragma_freelist_count, pragma_page_size";
        let (pages, bytes): (u32, u32) = self
            .with(|connection| connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))
            .map_err(failed("count free pages"))?;
        Ok(u64::from(pages) * u64::from(bytes))
    }
}
