//! Who runs a command of this program, for the audit.

use std::{fs, os::unix::fs::MetadataExt as _};

use anyhow::{Context as _, Result};
use clinical::{Act, Actor, AuditEvent};

use crate::clock;

/// The kernel says who it is, and no variable of the environment.
///
/// # Errors
/// `/proc` is not there.
pub fn does(what: Act) -> Result<AuditEvent> {
    let user = fs::metadata("/proc/self").context("could not see who runs this")?.uid();
    Ok(AuditEvent::new(clock::now(), Actor::administrator(&format!("uid {user}")), what))
}
