//! Decoders that somebody else wrote, from PyPI, which the benchmarks run beside ours.

use std::{
    env,
    fs::{self, File},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use rustix::fs::{FlockOperation, flock};

use crate::place;

/// A decoder of one oximeter's frames.
#[derive(Clone, Copy)]
pub struct Peer {
    /// As `tests/peers/oximeter_decoders.py` calls it.
    name: &'static str,
    /// As pip wants it.
    package: &'static str,
}

pub const BERRY: Peer = Peer { name: "berry", package: "berry-oximeter==0.0.3" };
pub const EMAY: Peer = Peer { name: "emay", package: "emay-sleepo2==1.0.6" };

impl Peer {
    /// How many of these frames it decodes in a second, measured for `time`.
    ///
    /// # Errors
    /// It cannot be installed, or does not decode one of the frames. A benchmark without its peer is none.
    pub fn frames_per_second(self, frames: &[&[u8]], time: Duration) -> Result<f64> {
        let packages = fetch(self.package)?;
        let mut program = Command::new("python3");
        program.arg(place::file("tests/peers/oximeter_decoders.py")?);
        program.args([self.name, &time.as_secs_f64().to_string()]).env("PYTHONPATH", packages);
        let hex = |frame: &[u8]| frame.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let lines: String = frames.iter().map(|frame| hex(frame) + "\n").collect();
        let said = place::tell(&mut program, &lines)?;
        said.trim().parse().with_context(|| format!("{} said {said:?}", self.package))
    }
}

/// Installs it once, beside the programs that cargo built; two benchmarks at once do not meet in it.
fn fetch(package: &str) -> Result<PathBuf> {
    let own = env::current_exe()?;
    let folder = own.parent().context("a program is in a folder")?.join("peers").join(package);
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    flock(&lock, FlockOperation::LockExclusive)?;
    let complete = folder.join("complete");
    if !complete.exists() {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]);
        pip.arg("--target").arg(&folder).arg(package).stdout(Stdio::null());
        let status = pip.status().context("could not start python3")?;
        ensure!(
            status.success(),
            "{package} cannot be installed from PyPI: pip ended with {status}"
        );
        fs::write(&complete, "")?;
    }
    Ok(folder)
}
