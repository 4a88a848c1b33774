//! Independent peers from PyPI, run beside a test.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::fs::{FlockOperation, flock};

/// What to do when a peer cannot be had; a test is never skipped for it.
const NEEDED: &str = "needs python3 with pip, and PyPI (`cargo xtask test` installs python3-pip)";

/// A Python program that prints the port on which it listens. Dropped, it ends.
pub struct Peer {
    child: Child,
    pub port: u16,
}

impl Peer {
    /// `script`: of `tests/peers`. `packages`: as pip wants them, with their versions.
    pub fn start(script: &str, packages: &[&str]) -> Self {
        let folder = fetch(packages);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(script);
        let mut child = Command::new("python3")
            .arg(&script)
            .env("PYTHONPATH", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; it {NEEDED}", script.display()));
        let mut line = String::new();
        let said = child.stdout.take().expect("it is piped");
        BufReader::new(said).read_line(&mut line).unwrap();
        let port = line.trim().parse();
        let port =
            port.unwrap_or_else(|_| panic!("{} listens nowhere: `{line}`", script.display()));
        Self { child, port }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
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
