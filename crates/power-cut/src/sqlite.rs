//! Stands between SQLite and its files: tells a [`Disk`] of each change, and fails when the disk says so.
//!
//! The only file with `unsafe`. It wraps SQLite's own VFS (<https://sqlite.org/vfs.html>) and takes no
//! decision. Locks, shared memory and reading are passed on; a file that no disk watches is SQLite's alone.
#![allow(unsafe_code, reason = "SQLite calls its files by tables of C functions")]

use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    fs,
    os::unix::ffi::OsStrExt as _,
    path::Path,
    ptr, slice,
    sync::Once,
};

use rusqlite::ffi::{
    self, SQLITE_CANTOPEN, SQLITE_IOERR_FSYNC, SQLITE_OK, sqlite3_file, sqlite3_filename,
    sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

use crate::disk::{self, WatchedFile};

/// What SQLite holds for a watched file. The wrapped VFS keeps its own part directly behind it.
#[repr(C)]
struct Traced {
    base: sqlite3_file,
    watched: *mut WatchedFile,
}

const OWN_SIZE: usize = size_of::<Traced>();

/// From now on every SQLite connection of this process goes through here.
pub(crate) fn stand_in() {
    static ONCE: Once = Once::new();
    // SAFETY: the default VFS exists from SQLite's initialisation, which the call makes, to the end of
    // the process. The copy is never freed, and its functions are those below or the default's own, of
    // which the unix VFS reads nothing from the VFS but its longest path.
    ONCE.call_once(|| unsafe {
        let real = ffi::sqlite3_vfs_find(ptr::null());
        let own = c_int::try_from(OWN_SIZE).expect("two pointers");
        let ours = Box::leak(Box::new(sqlite3_vfs {
            szOsFile: (*real).szOsFile + own,
            pNext: ptr::null_mut(),
            zName: c"power-cut".as_ptr(),
            pAppData: real.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..*real
        }));
        let code = ffi::sqlite3_vfs_register(ours, 1);
        assert_eq!(code, SQLITE_OK, "SQLite takes a VFS that has a name");
    });
}

/// Stands in for libc's in the whole program, so that the sync of a folder is seen whoever asks for it: the
/// vault by `File::sync_all`, SQLite by itself. It only tells: of these files none has to survive a real power
/// cut, and ten thousand images would wait for the disk for nothing.
// SAFETY: same name, same arguments, and no promise that memory depends on.
#[unsafe(no_mangle)]
extern "C" fn fsync(descriptor: c_int) -> c_int {
    if let Ok(path) = fs::read_link(format!("/proc/self/fd/{descriptor}")) {
        disk::folder_synced(&path);
    }
    0
}

/// # Safety
/// `name` is null or a C string.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    let name = unsafe { CStr::from_ptr(name) };
    Some(Path::new(OsStr::from_bytes(name.to_bytes())))
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives our VFS, and `szOsFile` bytes at `file`: room for `Traced` and what the real
    // VFS needs behind it, aligned because `Traced` is two pointers long.
    unsafe {
        let real = (*vfs).pAppData.cast::<sqlite3_vfs>();
        let real_open = (*real).xOpen.expect("every VFS opens");
        let Some(disk) = path(name).and_then(disk::watching) else {
            return real_open(real, name, file, flags, flags_out);
        };
        // Without methods, SQLite does not close what did not open.
        (*file).pMethods = ptr::null();
        if path(name).is_some_and(|path| !path.exists()) && disk.refuses_new_file() {
            return SQLITE_CANTOPEN;
        }
        let code = real_open(real, name, inner(file), flags, flags_out);
        if code == SQLITE_OK {
            (*file).pMethods = if disk.refuses_log() { &WITHOUT_LOG } else { &METHODS };
            let watched = disk.opened(path(name).expect("it was watched by its name"));
            let traced = file.cast::<Traced>();
            (*traced).watched = Box::into_raw(Box::new(watched));
        }
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite gives our VFS and the name of a file.
    unsafe {
        let real = (*vfs).pAppData.cast::<sqlite3_vfs>();
        let watching = path(name).and_then(|path| Some((disk::watching(path)?, path)));
        // The folder is synced, if it shall be, after the name is gone: `fsync` then tells.
        if let Some((disk, path)) = watching.filter(|(_, path)| path.exists()) {
            disk.removed(path);
        }
        (*real).xDelete.expect("every VFS deletes")(real, name, sync)
    }
}

/// The part of the wrapped VFS.
///
/// # Safety
/// `file` was given to [`open`].
unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: `szOsFile` has room for both.
    unsafe { file.byte_add(OWN_SIZE) }
}

/// # Safety
/// `file` was opened by [`open`] as a watched one and is not closed.
unsafe fn watched<'a>(file: *mut sqlite3_file) -> &'a WatchedFile {
    // SAFETY: `open` put it there, `close` takes it away.
    unsafe { &*(*file.cast::<Traced>()).watched }
}

/// Calls a method of the wrapped VFS.
macro_rules! real {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let inner = inner($file);
        let method = (*(*inner).pMethods).$method;
        method.expect("the unix VFS has every method of version 2")(inner $(, $argument)*)
    }};
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes once what `open` opened.
    unsafe {
        drop(Box::from_raw((*file.cast::<Traced>()).watched));
        real!(file, xClose)
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite lends `amount` bytes of an open file's write.
    unsafe {
        let bytes = slice::from_raw_parts(data.cast::<u8>(), usize::try_from(amount).unwrap_or(0));
        let refusal = watched(file).refuses_write(bytes.len());
        let taken = refusal.map_or(bytes.len(), |refusal| refusal.taken);
        let amount = c_int::try_from(taken).expect("no more than was asked");
        let code = match amount {
            0 => SQLITE_OK,
            _ => real!(file, xWrite, data, amount, offset),
        };
        if code == SQLITE_OK && taken > 0 {
            watched(file).wrote(usize::try_from(offset).unwrap_or(0), &bytes[..taken]);
        }
        refusal.map_or(code, |refusal| refusal.code)
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe {
        let code = real!(file, xTruncate, size);
        if code == SQLITE_OK {
            watched(file).truncated(usize::try_from(size).unwrap_or(0));
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe {
        if watched(file).refuses_sync() {
            return SQLITE_IOERR_FSYNC;
        }
        let code = real!(file, xSync, flags);
        if code == SQLITE_OK {
            watched(file).synced();
        }
        code
    }
}

macro_rules! passed_on {
    ($($name:ident = $method:ident($($argument:ident: $kind:ty),*) -> $out:ty;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> $out {
            // SAFETY: SQLite's own arguments for an open file.
            unsafe { real!(file, $method $(, $argument)*) }
        }
    )*};
}

passed_on! {
    read = xRead(data: *mut c_void, amount: c_int, offset: sqlite3_int64) -> c_int;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int;
    lock = xLock(level: c_int) -> c_int;
    unlock = xUnlock(level: c_int) -> c_int;
    check_reserved_lock = xCheckReservedLock(held: *mut c_int) -> c_int;
    file_control = xFileControl(what: c_int, argument: *mut c_void) -> c_int;
    sector_size = xSectorSize() -> c_int;
    characteristics = xDeviceCharacteristics() -> c_int;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int;
    shm_barrier = xShmBarrier() -> ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int;
}

/// Version 2: shared memory for the log's index, but no mapping of the file, which writes unseen.
const EVERY: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

static METHODS: sqlite3_io_methods = EVERY;
/// Version 1 ends before shared memory.
static WITHOUT_LOG: sqlite3_io_methods = sqlite3_io_methods { iVersion: 1, ..EVERY };
