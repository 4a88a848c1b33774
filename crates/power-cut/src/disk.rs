//! A disk under a vault: the log of what it was told, and the faults it is asked to have.

use std::{
    collections::BTreeMap,
    io, mem,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use rusqlite::ffi::{SQLITE_FULL, SQLITE_IOERR_WRITE};

use crate::sqlite;

/// Something that the disk was told, in order. A file is a number: one that is made anew under a name is
/// another file.
#[derive(Clone, Debug)]
pub enum Op {
    Made {
        name: String,
        file: usize,
    },
    Wrote {
        file: usize,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncated {
        file: usize,
        length: usize,
    },
    Removed {
        name: String,
    },
    /// What was told of the file so far is durable.
    Synced {
        file: usize,
    },
    /// A sync of it failed. Linux then forgets what it had not written: the next sync succeeds without it.
    SyncFailed {
        file: usize,
    },
    /// The names in the folder are durable.
    FolderSynced,
    /// The name of the folder is durable.
    ParentSynced,
    /// Step `0…` of the work began.
    Began(usize),
    /// It returned: its caller may show it as saved.
    Acked(usize),
}

/// What a disk does wrong, counted in writes or syncs from when it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Of write number `from` only half has room, and nothing of those after it (ENOSPC). A new file counts
    /// as a write.
    FullFrom(usize),
    /// As [`Fault::FullFrom`], until the ballast beside the vault is given up.
    FullUntilFreed(usize),
    /// Write number `0…` fails, nothing of it is taken (EIO).
    WriteFails(usize),
    /// Sync number `0…` fails (EIO).
    SyncFails(usize),
}

/// Watches one folder as long as it lives.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    log: Vec<Op>,
    names: BTreeMap<String, usize>,
    files: usize,
    fault: Option<Fault>,
    refuses_log: bool,
    /// Since the fault was told.
    writes: usize,
    syncs: usize,
}

static DISKS: Mutex<Vec<Weak<Disk>>> = Mutex::new(Vec::new());

impl Disk {
    /// `folder` may be missing yet, its parent not. Files that SQLite opens in it are watched from now on;
    /// what is in it already counts as empty.
    ///
    /// # Errors
    /// There is no such parent.
    pub fn watch(folder: &Path) -> io::Result<Arc<Self>> {
        sqlite::stand_in();
        // SQLite names files by their true path.
        let parent = folder.parent().unwrap_or(Path::new("/")).canonicalize()?;
        let folder = parent.join(folder.file_name().unwrap_or_default());
        let disk = Arc::new(Self { folder, state: Mutex::default() });
        let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
        disks.retain(|disk| disk.strong_count() > 0);
        disks.push(Arc::downgrade(&disk));
        Ok(disk)
    }

    pub fn note(&self, op: Op) {
        self.state().log.push(op);
    }

    pub fn take_log(&self) -> Vec<Op> {
        mem::take(&mut self.state().log)
    }

    /// Begins a fault, and the counting of writes and syncs.
    pub fn begin(&self, fault: Option<Fault>) {
        let mut state = self.state();
        (state.fault, state.writes, state.syncs) = (fault, 0, 0);
    }

    /// Ends the fault. How many writes and syncs were asked since it began.
    pub fn repair(&self) -> (usize, usize) {
        let mut state = self.state();
        state.fault = None;
        (state.writes, state.syncs)
    }

    /// From the next file on there is no memory to share, as on some file systems of a network: a write-ahead
    /// log cannot be. SQLite then keeps its old journal, and says so only to who asks.
    pub fn refuse_log(&self) {
        self.state().refuses_log = true;
    }

    pub(crate) fn refuses_log(&self) -> bool {
        self.state().refuses_log
    }

    pub(crate) fn refuses_new_file(&self) -> bool {
        let (number, fault) = self.next_write();
        match fault {
            Some(Fault::FullFrom(first) | Fault::FullUntilFreed(first)) => number >= first,
            Some(Fault::WriteFails(at)) => number == at,
            Some(Fault::SyncFails(_)) | None => false,
        }
    }

    /// Its number, and what is wrong with the disk at it.
    fn next_write(&self) -> (usize, Option<Fault>) {
        let mut state = self.state();
        let number = state.writes;
        state.writes += 1;
        let has_room = matches!(state.fault, Some(Fault::FullUntilFreed(_)))
            && !self.folder.join("ballast").exists();
        (number, state.fault.filter(|_| !has_room))
    }

    pub(crate) fn opened(self: Arc<Self>, path: &Path) -> WatchedFile {
        let name = name(path);
        let mut state = self.state();
        let file = state.names.get(&name).copied().unwrap_or_else(|| {
            let file = state.files;
            state.files += 1;
            state.names.insert(name.clone(), file);
            state.log.push(Op::Made { name, file });
            file
        });
        drop(state);
        WatchedFile { disk: self, file }
    }

    pub(crate) fn removed(&self, path: &Path) {
        let name = name(path);
        let mut state = self.state();
        if state.names.remove(&name).is_some() {
            state.log.push(Op::Removed { name });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The disk that watches the folder of this file.
pub(crate) fn watching(file: &Path) -> Option<Arc<Disk>> {
    let folder = file.parent()?;
    disks().into_iter().find(|disk| disk.folder == folder)
}

pub(crate) fn folder_synced(path: &Path) {
    for disk in disks() {
        if disk.folder == path {
            disk.note(Op::FolderSynced);
        } else if disk.folder.parent() == Some(path) {
            disk.note(Op::ParentSynced);
        }
    }
}

fn disks() -> Vec<Arc<Disk>> {
    let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.iter().filter_map(Weak::upgrade).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// An open file of SQLite.
#[derive(Debug)]
pub(crate) struct WatchedFile {
    disk: Arc<Disk>,
    file: usize,
}

/// Of a write that fails.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    /// What SQLite is told.
    pub code: i32,
    /// Bytes that reached the file all the same.
    pub taken: usize,
}

impl WatchedFile {
    pub fn refuses_write(&self, length: usize) -> Option<Refusal> {
        let (number, fault) = self.disk.next_write();
        match fault? {
            Fault::FullFrom(first) | Fault::FullUntilFreed(first) if number == first => {
                Some(Refusal { code: SQLITE_FULL, taken: length / 2 })
            }
            Fault::FullFrom(first) | Fault::FullUntilFreed(first) if number > first => {
                Some(Refusal { code: SQLITE_FULL, taken: 0 })
            }
            Fault::WriteFails(at) if number == at => {
                Some(Refusal { code: SQLITE_IOERR_WRITE, taken: 0 })
            }
            Fault::FullFrom(_)
            | Fault::FullUntilFreed(_)
            | Fault::WriteFails(_)
            | Fault::SyncFails(_) => None,
        }
    }

    pub fn refuses_sync(&self) -> bool {
        let mut state = self.disk.state();
        let number = state.syncs;
        state.syncs += 1;
        let refuses = state.fault == Some(Fault::SyncFails(number));
        if refuses {
            state.log.push(Op::SyncFailed { file: self.file });
        }
        refuses
    }

    pub fn wrote(&self, offset: usize, bytes: &[u8]) {
        self.disk.note(Op::Wrote { file: self.file, offset, bytes: bytes.to_vec() });
    }

    pub fn truncated(&self, length: usize) {
        self.disk.note(Op::Truncated { file: self.file, length });
    }

    pub fn synced(&self) {
        self.disk.note(Op::Synced { file: self.file });
    }
}
