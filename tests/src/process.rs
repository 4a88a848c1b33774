//! Programs that this stage started: it ends these, and only these.

use std::{
    fs::File,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// The same program, told to end when this one is killed and can end nothing any more.
fn bound_to_us(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "TERM", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        bound.current_dir(folder);
    }
    bound
}

/// A running program; dropping it ends it.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it in a process group of its own, so that Ctrl-C reaches only the stage; what it
    /// prints goes into `logs/NAME.log`, appended when it is started again.
    pub fn start(name: &str, command: &mut Command, logs: &Path) -> Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let output = File::options().create(true).append(true).open(&log)?;
        let errors = output.try_clone()?;
        let mut bound = bound_to_us(command);
        bound.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        let program = command.get_program().to_string_lossy().into_owned();
        let child = bound.spawn().with_context(|| format!("could not start {program}"))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_else(|error| format!("(no log: {error})"))
    }

    /// The words in which it ended, when it has.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        let log = self.log();
        let tail: Vec<&str> = log.lines().rev().take(20).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        Some(format!("{} ended with {status}; its last words:\n{}", self.name, tail.join("\n")))
    }

    /// As a crash does: no warning, no clean-up.
    ///
    /// # Errors
    /// It had ended by itself; in which words.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(words) = self.ended() {
            bail!("{words}");
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// As a program ends that finds itself broken: with a core file, where one may be written.
    ///
    /// # Errors
    /// It had ended by itself; in which words.
    pub fn abort(&mut self) -> Result<()> {
        if let Some(words) = self.ended() {
            bail!("{words}");
        }
        kill_process(Pid::from_child(&self.child), Signal::ABORT)?;
        self.child.wait()?;
        Ok(())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As systemd does: asks, and after 5 s insists.
    pub fn stop(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM)?;
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                return self.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("could not end {}: {error}", self.name);
        }
    }
}
