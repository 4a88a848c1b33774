//! Tells one plugging-in of a device from the next.

use std::{os::unix::fs::MetadataExt as _, path::Path};

/// Of the node behind a name, which is made anew with each plugging-in. `None`: it is not there, or
/// cannot be looked at; opening it says why.
pub(crate) fn identity(path: &Path) -> Option<[u64; 3]> {
    let node = std::fs::metadata(path).ok()?;
    Some([node.dev(), node.ino(), node.rdev()])
}
