//! Files that follow from Rust: the portal's message types, the udev rules and the page of supported devices.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// Writes the files, or with `check` only compares them.
///
/// # Errors
/// With `check`: a file is not as it would be written.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let files = [
        ("crates/hubd/portal/src/hub-api.ts", hub_api::typescript()),
        ("udev/70-cart-devices.rules", devices::udev_rules()),
        ("docs/field/supported-devices.md", devices::supported_devices()),
    ];
    for (name, wanted) in files {
        let path = root.join(name);
        if !check {
            fs::write(&path, wanted).with_context(|| format!("could not write {name}"))?;
            continue;
        }
        let found = fs::read_to_string(&path).with_context(|| format!("could not read {name}"))?;
        if found != wanted {
            bail!("{name} is out of date: run `cargo xtask codegen` and commit what changes");
        }
    }
    println!("── generated files: {}", if check { "up to date" } else { "written" });
    Ok(())
}
