//! Building: the portal first, because `hubd` embeds it, then the workspace.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{install, shell};

const PORTAL: &str = "crates/hubd/portal";
const EHR: &str = "tests/ehr";
const OIDC: &str = "tests/oidc";

/// Everything that runs, and the tests where `tests` says so. One profile for all.
///
/// # Errors
/// A step fails; its own output says why.
pub fn all(root: &Path, tests: bool) -> Result<()> {
    portal(root)?;
    ehr(root)?;
    let mut cargo = shell::cargo(root);
    cargo.args(["build", "--workspace", "--locked"]);
    if tests {
        cargo.arg("--all-targets");
    }
    shell::step("build (the first time takes some minutes)", &mut cargo)
}

/// The FHIR server that the tests start.
///
/// # Errors
/// npm fails.
pub fn ehr(root: &Path) -> Result<()> {
    install::npm(&root.join(EHR))
}

/// The physicians' page into `crates/hubd/portal/dist`.
///
/// # Errors
/// npm is missing or its build fails.
pub fn portal(root: &Path) -> Result<()> {
    let folder = root.join(PORTAL);
    install::npm(&folder)?;
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "build"]).current_dir(folder);
    shell::step("build the portal", &mut npm)
}

/// What tests of single packages start, and what npm brings.
///
/// # Errors
/// npm is missing or fails.
pub fn peers(root: &Path) -> Result<()> {
    install::npm(&root.join(OIDC))
}

/// The portal's own tests.
///
/// # Errors
/// One fails.
pub fn test_portal(root: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "test"]).current_dir(root.join(PORTAL));
    shell::step("test the portal", &mut npm)
}
