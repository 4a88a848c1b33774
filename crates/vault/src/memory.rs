//! The memory of a program that has a record open: its key is there, and patients in plain words.

use std::io;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// From now on the kernel writes no core file of this program, whatever its limits say, and lets no other
/// program of the same user read its memory (`PR_SET_DUMPABLE`, prctl(2)).
///
/// # Errors
/// The kernel does not know it.
pub fn keep_memory_private() -> io::Result<()> {
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}
