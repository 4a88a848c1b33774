//! One open link: waits for bytes, commands and deadlines, and carries between driver and device.

use std::{os::fd::OwnedFd, time::Instant};

use devices::{Action, Clock, Command, Driver, Event, Malformation, Millis, Ptz, Report, Wrong};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
};

use crate::{
    att::AttError,
    carrier::{Arrived, Carrier, CarryError},
    mailbox::Mailbox,
    outgoing::{Outgoing, SendError},
    recording::Recorder,
};

/// More than a serial line brings between two looks at it.
const READ: usize = 4096;
/// For the last words to a device when the link is closed.
const PARTING: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Why a link is over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    /// Nobody needs the device any more.
    #[error("closed")]
    Closed,
    #[error("unplugged or switched off")]
    Unplugged,
    #[error("could not read")]
    Read(#[source] Errno),
    #[error("could not wait for the device")]
    Poll(#[source] Errno),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Carry(#[from] CarryError),
}

pub(crate) struct Session<'a> {
    pub(crate) wire: OwnedFd,
    pub(crate) carrier: Carrier,
    pub(crate) driver: &'a mut dyn Driver,
    pub(crate) mailbox: &'a Mailbox,
    pub(crate) report: &'a dyn Fn(Report),
    pub(crate) recorder: &'a Recorder,
    /// Zero of the driver's clock.
    pub(crate) epoch: Instant,
    pub(crate) outgoing: Outgoing,
    /// What the cart's clock shows.
    pub(crate) clock: fn() -> Clock,
}

impl Session<'_> {
    /// Until the link is over.
    pub(crate) fn run(&mut self) -> Ended {
        let ended = match self.drive() {
            Ok(never) => match never {},
            Err(ended) => ended,
        };
        if let Ended::Carry(CarryError::Att(
            AttError::Garbled { pdu } | AttError::Unasked { pdu },
        )) = &ended
        {
            let bytes = pdu[..pdu.len().min(Malformation::LIMIT)].to_vec();
            let what = Wrong::Unexpected;
            (self.report)(Report::Malformed(Malformation { what, bytes }));
        }
        ended
    }

    fn drive(&mut self) -> Result<std::convert::Infallible, Ended> {
        self.tell(Event::Up((self.clock)()))?;
        loop {
            self.deliver()?;
            let ready = self.wait()?;
            self.obey()?;
            if ready.contains(PollFlags::OUT) {
                self.outgoing.flush(self.now(), &self.wire)?;
            }
            if ready.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
                self.listen()?;
            }
            self.keep_deadlines()?;
        }
    }

    /// What the link is ready for.
    fn wait(&self) -> Result<PollFlags, Ended> {
        let wants = match self.outgoing.is_empty() {
            true => PollFlags::IN,
            false => PollFlags::IN | PollFlags::OUT,
        };
        let mut waiting =
            [PollFd::new(&self.wire, wants), PollFd::new(self.mailbox, PollFlags::IN)];
        match poll(&mut waiting, self.timeout().as_ref()) {
            Ok(_) => Ok(waiting[0].revents()),
            Err(Errno::INTR) => Ok(PollFlags::empty()),
            Err(error) => Err(Ended::Poll(error)),
        }
    }

    fn timeout(&self) -> Option<Timespec> {
        let deadlines = [self.driver.deadline(), self.carrier.deadline(), self.outgoing.deadline()];
        let wait = deadlines.into_iter().flatten().min()?.saturating_sub(self.now());
        // Of a very far deadline the first day is enough; then it is looked at again.
        let wait = wait.min(86_400_000);
        Some(Timespec {
            tv_sec: i64::try_from(wait / 1000).expect("a day fits"),
            tv_nsec: i64::try_from(wait % 1000 * 1_000_000).expect("a second fits"),
        })
    }

    fn obey(&mut self) -> Result<(), Ended> {
        let post = self.mailbox.take();
        for command in post.commands {
            self.tell(Event::Command(command))?;
        }
        if !post.closing {
            return Ok(());
        }
        // Nobody will watch the cuff or the picture: the air goes out, the camera stands still.
        self.tell(Event::Command(Command::StopMeasuring))?;
        self.tell(Event::Command(Command::Ptz(Ptz::Stop)))?;
        if !self.outgoing.is_empty() {
            poll(&mut [PollFd::new(&self.wire, PollFlags::OUT)], Some(&PARTING))
                .map_err(Ended::Poll)?;
            self.outgoing.flush(self.now(), &self.wire)?;
        }
        Err(Ended::Closed)
    }

    fn listen(&mut self) -> Result<(), Ended> {
        let mut buffer = [0; READ];
        let count = match read(&self.wire, &mut buffer) {
            Ok(0) if self.carrier.takes_nothing() => return Ok(()),
            // A line that was unplugged ends or fails, and would do so without end.
            // A datagram is refused by a host on which nothing listens.
            Ok(0)
            | Err(Errno::IO | Errno::NXIO | Errno::NODEV | Errno::CONNRESET | Errno::CONNREFUSED) =>
            {
                return Err(Ended::Unplugged);
            }
            Ok(count) => count,
            Err(Errno::AGAIN | Errno::INTR) => return Ok(()),
            Err(error) => return Err(Ended::Read(error)),
        };
        self.carrier.feed(&buffer[..count]);
        Ok(())
    }

    /// Tells the driver what the carrier has for it. An indication is confirmed only then, because
    /// the device may forget a value that is confirmed.
    fn deliver(&mut self) -> Result<(), Ended> {
        loop {
            let (arrived, bytes) = self.carrier.arrived(self.now())?;
            self.send(&bytes)?;
            match arrived {
                None => return Ok(()),
                Some(Arrived::Refused(channel)) => self.tell(Event::Refused(channel))?,
                Some(Arrived::Controls(controls)) => self.tell(Event::Controls(&controls))?,
                Some(Arrived::Value { channel, value, confirm }) => {
                    if let Some(channel) = channel {
                        self.tell(Event::Bytes { channel, bytes: &value })?;
                    }
                    if confirm {
                        let confirmation = self.carrier.confirm();
                        self.send(&confirmation)?;
                    }
                }
            }
        }
    }

    fn keep_deadlines(&mut self) -> Result<(), Ended> {
        let now = self.now();
        self.carrier.timer(now)?;
        if self.outgoing.deadline().is_some_and(|deadline| now >= deadline) {
            self.outgoing.flush(now, &self.wire)?;
        }
        if self.driver.deadline().is_some_and(|deadline| now >= deadline) {
            self.tell(Event::Timer)?;
        }
        Ok(())
    }

    fn tell(&mut self, event: Event<'_>) -> Result<(), Ended> {
        self.recorder.told(self.now(), &event);
        for action in self.driver.handle(self.now(), event) {
            self.recorder.asked(self.now(), &action);
            match action {
                Action::Report(report) => (self.report)(report),
                other => {
                    let bytes = self.carrier.send(self.now(), other)?;
                    self.send(&bytes)?;
                }
            }
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.outgoing.push(self.now(), &self.wire, bytes)?;
        Ok(())
    }

    fn now(&self) -> Millis {
        millis_since(self.epoch)
    }
}

pub(crate) fn millis_since(epoch: Instant) -> Millis {
    Millis::try_from(epoch.elapsed().as_millis()).expect("no process runs for that long")
}
