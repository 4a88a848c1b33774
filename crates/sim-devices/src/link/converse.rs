//! Carries the bytes of one open connection until it ends.
//!
//! The same loop serves pseudo-terminals and sockets: both are descriptors to poll.

use super::fault::{Fault, PAUSE_BETWEEN_PIECES};
use super::{Line, Message, Speaker};
use crate::Clock;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

/// What happens to bytes that the host does not fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrun {
    /// A serial line loses them.
    LoseBytes,
    /// A stream with a hole would be a lie: the connection ends.
    Close,
}

/// How often a device looks for something to say: often enough for 75 frames a second.
const TURN: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// Serves one connection (a non-blocking descriptor) until the host is gone or the line unplugged.
pub fn converse(
    wire: impl AsFd,
    overrun: Overrun,
    speaker: &mut dyn Speaker,
    line: &Line,
    clock: Clock,
) -> io::Result<()> {
    let mut mouth = Mouth { wire: &wire, overrun, line, fault: Fault::new() };
    let mut spoken = line.spoken_so_far();
    let mut buffer = [0_u8; 1024];
    while line.is_plugged() {
        let now = clock.now();
        let unasked = speaker.due(now).into_iter().chain(line.spoken_since(&mut spoken));
        mouth.say(unasked, clock)?;
        if speaker.hangs_up(clock.now()) {
            break;
        }
        match listen(&wire, &mut buffer)? {
            Heard::Nothing => {}
            Heard::Gone => break,
            Heard::Bytes(count) => {
                let answers = speaker.hear(&buffer[..count], clock.now());
                mouth.say(answers.into_iter(), clock)?;
            }
        }
    }
    Ok(())
}

enum Heard {
    Nothing,
    Bytes(usize),
    Gone,
}

fn listen(wire: &impl AsFd, buffer: &mut [u8]) -> io::Result<Heard> {
    let mut polled = [PollFd::new(wire, PollFlags::IN)];
    match poll(&mut polled, Some(&TURN)) {
        Ok(0) | Err(Errno::INTR) => return Ok(Heard::Nothing),
        Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    match rustix::io::read(wire, buffer) {
        // A pseudo-terminal whose other side is closed answers EIO, a socket ends with 0 bytes.
        Ok(0) | Err(Errno::IO | Errno::CONNRESET) => Ok(Heard::Gone),
        Ok(count) => Ok(Heard::Bytes(count)),
        Err(Errno::AGAIN | Errno::INTR) => Ok(Heard::Nothing),
        Err(error) => Err(error.into()),
    }
}

struct Mouth<'a, W> {
    wire: &'a W,
    overrun: Overrun,
    line: &'a Line,
    fault: Fault,
}

impl<W: AsFd> Mouth<'_, W> {
    /// Takes up the line's present fault, and writes what the fault held back for long enough.
    fn release(&mut self, now: Duration) -> io::Result<()> {
        let freed = self.fault.follow(self.line.fault());
        match freed.or_else(|| self.fault.due(now)) {
            Some(held) => self.write(&held),
            None => Ok(()),
        }
    }

    fn say(&mut self, messages: impl Iterator<Item = Message>, clock: Clock) -> io::Result<()> {
        self.release(clock.now())?;
        for message in messages {
            for (index, piece) in self.fault.pass(message, clock.now()).iter().enumerate() {
                if index > 0 {
                    thread::sleep(PAUSE_BETWEEN_PIECES);
                }
                self.write(piece)?;
            }
        }
        Ok(())
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written = match rustix::io::write(self.wire, bytes) {
            Ok(written) => written,
            Err(Errno::AGAIN | Errno::INTR) => 0,
            // The host closed its side just now; the next read says so.
            Err(Errno::IO) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if written < bytes.len() && self.overrun == Overrun::Close {
            return Err(io::Error::new(io::ErrorKind::WriteZero, "the host does not read"));
        }
        Ok(())
    }
}
