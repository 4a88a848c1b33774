//! The systemd units, judged by systemd itself in a root of their own, in which only our programs are installed.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::shell;

/// # Errors
/// systemd-analyze is missing, or a unit has an error, an unknown setting or a program that is not ours.
pub fn verify(root: &Path) -> Result<()> {
    let scratch = shell::target(root).join("tmp/units");
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let units = install_units(root, &scratch.join("etc/systemd/system"))?;
    install_programs(&scratch.join("usr/bin"))?;
    let mut verify = Command::new("systemd-analyze");
    // The units that ours order themselves against are the distribution's affair.
    verify.args(["verify", "--recursive-errors=no"]).arg(format!("--root={}", scratch.display()));
    shell::step("systemd units", verify.args(units))
}

fn install_units(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut units = Vec::new();
    for unit in fs::read_dir(root.join("systemd"))? {
        let unit = unit?;
        if unit.file_type()?.is_file() {
            fs::copy(unit.path(), folder.join(unit.file_name()))?;
            units.push(PathBuf::from(unit.file_name()));
        }
    }
    units.sort();
    Ok(units)
}

/// Only their names and rights matter to the check.
fn install_programs(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for program in ["cartd", "cart-kiosk", "hubd"] {
        let path = folder.join(program);
        fs::write(&path, "")?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
