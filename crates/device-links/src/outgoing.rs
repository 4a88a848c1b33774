//! Bytes on their way to a device that may take them slowly, or not at all.

use std::{collections::VecDeque, os::fd::AsFd};

use devices::Millis;
use rustix::io::{Errno, write};

/// Four seconds of a serial line at 9600 baud; every driver waits for answers long before.
const LIMIT: usize = 4096;
/// A device that takes nothing for so long is stuck.
const PATIENCE: Millis = 2_000;

#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the device takes no bytes")]
    Stuck,
    #[error("could not write")]
    Write(#[source] Errno),
}

#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// As the driver wrote them: each is one datagram or one report where there are such.
    messages: VecDeque<Vec<u8>>,
    /// When the device took bytes last, while some are left.
    since: Option<Millis>,
}

impl Outgoing {
    /// Sends what the device takes now, and keeps the rest.
    pub(crate) fn push(
        &mut self,
        now: Millis,
        wire: &impl AsFd,
        bytes: &[u8],
    ) -> Result<(), SendError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let waiting: usize = self.messages.iter().map(Vec::len).sum();
        if waiting + bytes.len() > LIMIT {
            return Err(SendError::Stuck);
        }
        self.messages.push_back(bytes.to_vec());
        self.flush(now, wire)
    }

    pub(crate) fn flush(&mut self, now: Millis, wire: &impl AsFd) -> Result<(), SendError> {
        while let Some(message) = self.messages.front_mut() {
            match write(wire, message) {
                Ok(0) | Err(Errno::AGAIN) => {
                    let since = *self.since.get_or_insert(now);
                    return if now >= since + PATIENCE { Err(SendError::Stuck) } else { Ok(()) };
                }
                Ok(count) => {
                    message.drain(..count);
                    if message.is_empty() {
                        self.messages.pop_front();
                    }
                    self.since = None;
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(SendError::Write(error)),
            }
        }
        self.since = None;
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.since.map(|since| since + PATIENCE)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    /// A pair whose first end takes no more bytes.
    fn full() -> (UnixStream, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        while write(&ours, &[0; 4096]).is_ok() {}
        (ours, theirs)
    }

    #[test]
    fn a_device_that_takes_nothing_is_stuck_after_two_seconds() {
        let (wire, _theirs) = full();
        let mut outgoing = Outgoing::default();
        outgoing.push(1_000, &wire, &[1, 2, 3]).unwrap();
        assert_eq!(outgoing.deadline(), Some(3_000));
        outgoing.flush(2_999, &wire).unwrap();
        assert!(matches!(outgoing.flush(3_000, &wire), Err(SendError::Stuck)));
    }

    #[test]
    fn what_waits_is_bounded() {
        let (wire, _theirs) = full();
        let mut outgoing = Outgoing::default();
        outgoing.push(0, &wire, &[0; LIMIT]).unwrap();
        assert!(matches!(outgoing.push(0, &wire, &[0]), Err(SendError::Stuck)));
    }

    #[test]
    fn what_is_taken_leaves_no_deadline() {
        let (wire, _theirs) = UnixStream::pair().unwrap();
        let mut outgoing = Outgoing::default();
        outgoing.push(0, &wire, &[1]).unwrap();
        assert!(outgoing.is_empty());
        assert_eq!(outgoing.deadline(), None);
    }
}
