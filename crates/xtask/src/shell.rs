//! Running other programs, and saying so.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// The folder of the workspace's Cargo.toml.
pub fn root() -> Result<PathBuf> {
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = here.map_or_else(env::current_dir, Ok)?;
    let root = start.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.map(Path::to_owned).context("no Cargo.lock above this folder: run this in the repository")
}

/// Where cargo puts what it builds.
pub fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs one step with its output shown, and how long it took.
///
/// # Errors
/// The program is missing or ended with anything but success.
pub fn step(what: &str, command: &mut Command) -> Result<()> {
    println!("── {what}");
    let begin = Instant::now();
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("could not start `{name}`"))?;
    if !status.success() {
        bail!("{what}: `{name}` ended with {status}");
    }
    println!("   {what}: {} s", begin.elapsed().as_secs());
    Ok(())
}

/// What a program prints.
///
/// # Errors
/// The program is missing, fails, or prints no UTF-8.
pub fn read(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("could not start `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Is there a program of this name?
pub fn finds(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
