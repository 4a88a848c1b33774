//! Independent peers from PyPI, run beside a test.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use rustix::fs::{FlockOperation, flock};

/// What to do when a peer cannot be had; a test is never skipped for it.
const NEEDED: &str = "needs python3 with pip, and PyPI (`cargo xtask test` installs python3-pip)";

/// A program of `tests/peers`, ready to run. `packages`: as pip wants them, with their versions.
pub fn program(script: &str, packages: &[&str]) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(script);
    let mut program = Command::new("python3");
    program.arg(script).env("PYTHONPATH", fetch(packages));
    program
}

/// Installs once, into a folder of the build; tests of other processes wait for it.
fn fetch(packages: &[&str]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("peers").join(packages.join("+"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    flock(&lock, FlockOperation::LockExclusive).unwrap();
    let done = folder.join("complete");
    if !done.exists() {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]);
        let result = pip.arg("--target").arg(&folder).args(packages).status();
        assert!(
            matches!(&result, Ok(status) if status.success()),
            "{packages:?}: {result:?}; it {NEEDED}"
        );
        fs::write(&done, "").unwrap();
    }
    folder
}
