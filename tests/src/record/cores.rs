//! The core files that programs leave when they die, where the system writes such files.

use std::{fs, path::Path, process::Command};

use anyhow::Result;

use crate::{figures::Figure, process::Process};

/// A program that may write a core file of any length into its folder.
pub struct Dumping(Process);

impl Dumping {
    pub fn start(name: &str, command: Command, folder: &Path, logs: &Path) -> Result<Self> {
        let place = folder.join(name);
        fs::create_dir_all(&place)?;
        let mut dumping = Command::new("prlimit");
        dumping.args(["--core=unlimited", "--"]).arg(command.get_program());
        dumping.args(command.get_args()).current_dir(place);
        Ok(Self(Process::start(name, &mut dumping, logs)?))
    }

    /// As a program ends that finds itself broken.
    pub fn abort(&mut self) -> Result<()> {
        self.0.abort()
    }
}

/// Its length. 0: this system writes core files somewhere else, and nothing is known.
pub fn of_another_program(folder: &Path, logs: &Path) -> Result<usize> {
    let mut sleep = Command::new("sleep");
    sleep.arg("60");
    let mut other = Dumping::start("sleep", sleep, folder, logs)?;
    // Until the program stands in the place of the one that started it.
    std::thread::sleep(std::time::Duration::from_millis(500));
    other.abort()?;
    Ok(left_by("sleep", folder)?.len())
}

pub fn left_by(name: &str, folder: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for file in fs::read_dir(folder.join(name))? {
        bytes.extend(fs::read(file?.path())?);
    }
    Ok(bytes)
}

/// Holds only where another program left one.
pub fn figure(bytes: usize, of_another: usize) -> Figure {
    let figure = Figure::exactly("core_file", bytes as f64, "bytes", 0.).beside(of_another as f64);
    let holds = figure.holds && of_another > 0;
    Figure { holds, ..figure }
}
