//! A serial port that can be plugged in and pulled out: a pseudo-terminal with a name.

use std::{
    ffi::OsStr,
    fs::File,
    io::{Read, Write},
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

use crate::support::PATIENCE;

/// A serial port with a device behind it. Dropped, it is unplugged.
pub struct Port {
    master: File,
    link: PathBuf,
}

impl Port {
    pub fn plug_in(link: &Path) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        std::os::unix::fs::symlink(OsStr::from_bytes(name.as_bytes()), link).unwrap();
        Self { master: File::from(master), link: link.to_owned() }
    }

    /// Waits for exactly these bytes.
    #[track_caller]
    pub fn hears(&mut self, expected: &[u8]) {
        let mut heard = vec![0; expected.len()];
        self.wait_for_bytes();
        self.master.read_exact(&mut heard).unwrap();
        assert_eq!(heard, expected);
    }

    #[track_caller]
    fn wait_for_bytes(&self) {
        let timeout = Timespec::try_from(PATIENCE).unwrap();
        loop {
            let mut waiting = [PollFd::new(&self.master, PollFlags::IN)];
            assert_ne!(poll(&mut waiting, Some(&timeout)).unwrap(), 0, "nothing was heard");
            if waiting[0].revents().contains(PollFlags::IN) {
                return;
            }
            // Nobody has opened the other side yet: only a hang-up is to be seen until then.
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn wire(&self) -> &File {
        &self.master
    }

    pub fn says(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).unwrap();
    }
}

impl Write for Port {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.master.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.master.flush()
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        std::fs::remove_file(&self.link).unwrap();
    }
}

pub fn open_as_another_program(port: &Path) -> OwnedFd {
    rustix::fs::open(port, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap()
}

/// A pseudo-terminal carries every byte once it leaves them alone.
pub fn make_raw(port: &Port) {
    let mut settings = tcgetattr(&port.master).unwrap();
    settings.make_raw();
    tcsetattr(&port.master, OptionalActions::Now, &settings).unwrap();
}
