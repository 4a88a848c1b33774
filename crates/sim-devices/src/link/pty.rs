//! A serial port that is a pseudo-terminal with a fixed name.
//!
//! The device holds the master side only. As long as nobody has the port open, what it would say
//! is lost, as on a real cable: a host that opens late must not read minutes of old frames.

use super::{Line, Overrun, Speaker, converse};
use crate::Clock;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How often a closed or unplugged port is looked at: unnoticed by people, nothing for a CPU.
const REST: Duration = Duration::from_millis(20);

/// Creates the port `name` and serves it for the life of the process: each opening by a host is
/// one conversation with a new speaker.
pub fn serve(
    name: PathBuf,
    line: Arc<Line>,
    clock: Clock,
    mut speaker: impl FnMut() -> Box<dyn Speaker> + Send + 'static,
) -> io::Result<()> {
    let mut port = Some(Port::create(&name)?);
    thread::Builder::new().name(format!("pty {}", name.display())).spawn(move || {
        loop {
            match (&port, line.is_plugged()) {
                (Some(open), true) if open.has_host() => {
                    let mut device = speaker();
                    if let Err(error) =
                        converse(&open.master, Overrun::LoseBytes, &mut *device, &line, clock)
                    {
                        eprintln!("{}: {error}", name.display());
                        thread::sleep(REST);
                    }
                }
                (None, true) => port = replug(&name),
                (Some(_), false) => port = None,
                (Some(_), true) | (None, false) => thread::sleep(REST),
            }
        }
    })?;
    Ok(())
}

fn replug(name: &Path) -> Option<Port> {
    match Port::create(name) {
        Ok(port) => Some(port),
        Err(error) => {
            eprintln!("{}: could not be plugged in again: {error}", name.display());
            thread::sleep(Duration::from_secs(1));
            None
        }
    }
}

struct Port {
    master: OwnedFd,
    name: PathBuf,
}

impl Port {
    fn create(name: &Path) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&master, true)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let slave = ptsname(&master, Vec::new())?;
        make_raw(&slave)?;
        point(name, Path::new(OsStr::from_bytes(slave.as_bytes())))?;
        Ok(Self { master, name: name.to_owned() })
    }

    /// Nobody has the other side open while the master reports a hang-up.
    fn has_host(&self) -> bool {
        let mut polled = [PollFd::new(&self.master, PollFlags::IN)];
        match poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
            Ok(_) => !polled[0].revents().contains(PollFlags::HUP),
            Err(_) => false,
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.name) {
            eprintln!("{}: could not be removed: {error}", self.name.display());
        }
    }
}

/// Without it the terminal layer would echo, and eat bytes such as 03 and 13. Opening and closing
/// once also makes the master report "nobody is there" until a host comes.
fn make_raw(slave: &std::ffi::CStr) -> io::Result<()> {
    let terminal = rustix::fs::open(slave, OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
    let mut settings = tcgetattr(&terminal)?;
    settings.make_raw();
    tcsetattr(&terminal, OptionalActions::Now, &settings)?;
    Ok(())
}

/// Points `name` at the terminal in one step: a host never sees a half-made name.
fn point(name: &Path, terminal: &Path) -> io::Result<()> {
    let fresh = name.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    std::os::unix::fs::symlink(terminal, &fresh)?;
    std::fs::rename(&fresh, name)
}
