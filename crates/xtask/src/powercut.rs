//! The long form of what the tests of `power-cut` do shortly.

use std::{
    path::{self, Path},
    process::Command,
};

use anyhow::Result;

use crate::shell;

/// # Errors
/// A power cut loses something; the seed of each such image is named.
pub fn run(root: &Path, images: u32, json: Option<&Path>) -> Result<()> {
    let mut program = program(root);
    program.arg("--images").arg(images.to_string());
    if let Some(json) = json {
        // The program is started in the folder of the repository.
        program.arg("--json").arg(path::absolute(json)?);
    }
    shell::step("power cuts", &mut program)
}

/// # Errors
/// The power cut of this seed loses something.
pub fn repeat(root: &Path, seed: u64, full_log: bool) -> Result<()> {
    let mut program = program(root);
    program.arg("--seed").arg(seed.to_string());
    if full_log {
        program.arg("--full-log");
    }
    shell::step("one power cut", &mut program)
}

fn program(root: &Path) -> Command {
    let mut cargo = shell::cargo(root);
    cargo.args(["run", "--quiet", "--locked", "--package", "power-cut", "--"]);
    cargo
}
