//! The long form of the simulation that the tests of `outbox` play shortly.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::shell;

/// # Errors
/// Something was lost, doubled or sent out of order; the seed is named.
pub fn run(root: &Path, seeds: u64) -> Result<()> {
    let mut cargo = simulation(root);
    cargo.env("BEDSIDE_SEEDS", seeds.to_string()).env_remove("BEDSIDE_SEED");
    shell::step(&format!("{seeds} days of an outbox"), &mut cargo)
}

/// # Errors
/// As [`run`], of this one day.
pub fn repeat(root: &Path, seed: u64) -> Result<()> {
    let mut cargo = simulation(root);
    cargo.env("BEDSIDE_SEED", seed.to_string());
    shell::step("one day of an outbox", &mut cargo)
}

fn simulation(root: &Path) -> Command {
    let mut cargo = shell::cargo(root);
    cargo.args(["test", "--locked", "--package", "outbox", "--test", "simulation"]);
    cargo
}
