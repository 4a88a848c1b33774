//! Long runs of what the tests do shortly.

use std::path::Path;

use anyhow::{Result, bail};

use crate::shell;

/// What one seed plays.
const HOURS_PER_DAY: u32 = 24;

/// # Errors
/// There is no soak of this name, or something was lost, doubled or kept growing; the seed is named.
pub fn run(root: &Path, name: &str, hours: u32) -> Result<()> {
    match name {
        "devices" => devices(root, hours),
        _ => bail!("There is no soak `{name}`. There is: devices"),
    }
}

/// Days of drivers, links that come and go, and the encounter's rules, in simulated time. `cargo xtask
/// test` plays a hundred.
fn devices(root: &Path, hours: u32) -> Result<()> {
    let days = hours.div_ceil(HOURS_PER_DAY).max(1);
    let mut cargo = shell::cargo(root);
    cargo.args(["test", "--locked", "--package", "encounter", "--test", "flapping"]);
    cargo.env("BEDSIDE_SEEDS", days.to_string()).env_remove("BEDSIDE_SEED");
    shell::step(&format!("{days} days of flapping links"), &mut cargo)
}
