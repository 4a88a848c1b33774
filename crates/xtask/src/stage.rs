//! Hands over to the program that puts a whole consult on stage: `bedside-stage` of the package in tests/.

use std::{os::unix::process::CommandExt as _, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{build, install, shell};

/// Until Ctrl-C.
///
/// # Errors
/// Something cannot be installed, built or started.
pub fn demo(root: &Path) -> Result<()> {
    install::for_demo()?;
    build::all(root, false)?;
    become_stage(stage(root, "demo"))
}

/// # Errors
/// Something cannot be installed, built or started; a figure that falls short is no error.
pub fn rehearse(root: &Path, json: Option<&Path>, pictures: Option<&Path>) -> Result<()> {
    install::for_tests()?;
    build::all(root, false)?;
    let mut stage = stage(root, "rehearse");
    for (flag, path) in [("--json", json), ("--pictures", pictures)] {
        if let Some(path) = path {
            stage.arg(flag).arg(std::path::absolute(path)?);
        }
    }
    become_stage(stage)
}

/// # Errors
/// No benchmark has this name, or as [`rehearse`].
pub fn bench(root: &Path, name: &str, gib: u32, json: &Path) -> Result<()> {
    match name {
        "consult" => rehearse(root, Some(json), None),
        "devices" => devices(root, json),
        "media" => media(root, json),
        "record" => record(root, gib, json),
        _ => bail!("There is no benchmark `{name}`. There are: consult, devices, media, record"),
    }
}

fn devices(root: &Path, json: &Path) -> Result<()> {
    install::for_bench()?;
    let mut cargo = shell::cargo(root);
    cargo.args(["build", "--locked", "--package", "bedside-tests", "--package", "cartd", "--bins"]);
    shell::step("build the benchmark", &mut cargo)?;
    let mut stage = stage(root, "devices");
    stage.arg("--json").arg(std::path::absolute(json)?);
    become_stage(stage)
}

fn media(root: &Path, json: &Path) -> Result<()> {
    install::for_tests()?;
    build::all(root, false)?;
    let mut stage = stage(root, "media");
    stage.arg("--json").arg(std::path::absolute(json)?);
    become_stage(stage)
}

fn record(root: &Path, gib: u32, json: &Path) -> Result<()> {
    cart_and_hub(root)?;
    build::ehr(root)?;
    let mut stage = stage(root, "record");
    stage.args(["--gib", &gib.to_string(), "--json"]).arg(std::path::absolute(json)?);
    become_stage(stage)
}

fn cart_and_hub(root: &Path) -> Result<()> {
    install::for_bench()?;
    build::portal(root)?;
    let mut cargo = shell::cargo(root);
    cargo.args(["build", "--locked", "--bins", "--package", "bedside-tests"]);
    cargo.args(["--package", "cartd", "--package", "hubd"]);
    shell::step("build cart and hub", &mut cargo)
}

/// # Errors
/// Something cannot be built or started, or a kill loses, doubles or alters something.
pub fn crash(root: &Path, kills: u32, seed: u64, json: Option<&Path>) -> Result<()> {
    cart_and_hub(root)?;
    let mut stage = stage(root, "crash");
    stage.args(["--kills", &kills.to_string(), "--seed", &seed.to_string()]);
    become_stage(with_json(stage, json)?)
}

/// # Errors
/// Something cannot be built or started, or a death at a step loses, doubles or alters something.
pub fn fail_points(root: &Path, every: u32, json: Option<&Path>) -> Result<()> {
    cart_and_hub(root)?;
    let mut stage = stage(root, "fail-points");
    stage.args(["--every", &every.to_string()]);
    become_stage(with_json(stage, json)?)
}

fn with_json(mut stage: Command, json: Option<&Path>) -> Result<Command> {
    if let Some(json) = json {
        stage.arg("--json").arg(std::path::absolute(json)?);
    }
    Ok(stage)
}

fn stage(root: &Path, task: &str) -> Command {
    let mut command = Command::new(shell::target(root).join("debug/bedside-stage"));
    command.arg(task).current_dir(root);
    command
}

/// In place of this process, so that Ctrl-C reaches the stage alone and the shell waits for its clean end.
fn become_stage(mut stage: Command) -> Result<()> {
    Err(stage.exec()).context("could not start the stage")
}
