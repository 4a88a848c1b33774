//! Keeps one device open: a thread that opens its link, drives it, and opens it again after a loss.

use std::{
    hash::{BuildHasher as _, RandomState},
    os::fd::OwnedFd,
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use clinical::DeviceId;
use devices::{
    Clock, Command, Driver, Event, Report,
    catalogue::{Device, Line},
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use crate::{
    address::LinkAddress,
    backoff::Backoff,
    carrier::Carrier,
    hid,
    identity::identity,
    mailbox::{DeviceAway, Mailbox},
    open::{open_link, with_causes},
    outgoing::Outgoing,
    recording::{Recorder, Recording},
    session::{Ended, Session, millis_since},
};

/// What a device's link and its driver say, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "each is moved once; nobody keeps many")]
pub enum DeviceEvent {
    /// The link is open; the device may still be silent.
    Up,
    /// The link is lost, and is being opened again.
    Down,
    Report(Report),
}

/// How often a port that is gone is looked for. A plug that goes in works within this time, however
/// long it was out.
const LOOK: Duration = Duration::from_millis(250);

/// A device that is kept open for as long as this exists. Dropping it ends the thread: the cuff's
/// air goes out, the camera stands still, the port is closed.
pub struct DeviceHandle {
    device: &'static str,
    mailbox: Arc<Mailbox>,
    recorder: Arc<Recorder>,
    thread: Option<JoinHandle<()>>,
}

impl DeviceHandle {
    /// Never waits. Of commands that the device has not taken yet, the newest counts: a stop
    /// overtakes every movement.
    pub fn command(&self, command: Command) -> Result<(), DeviceAway> {
        self.mailbox.put(command)
    }

    /// What went over the link of late, without who the device or the patient is.
    pub fn recording(&self) -> Recording {
        Recording { device: self.device.to_owned(), entries: self.recorder.entries() }
    }
}

impl Drop for DeviceHandle {
    fn drop(&mut self) {
        self.mailbox.close();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("The thread of a device has panicked");
        }
    }
}

/// Starts to keep the device open. A serial line runs as the catalogue has it for this kind, unless
/// the address says otherwise.
///
/// `clock` is asked when the link opens, for devices that have a clock of their own. `events` runs
/// on the device's thread, so it must neither wait nor drop the handle.
///
/// # Panics
///
/// When the system has no thread or descriptor left, as [`std::thread::spawn`] does.
pub fn supervise(
    name: DeviceId,
    address: LinkAddress,
    kind: &Device,
    clock: fn() -> Clock,
    events: impl Fn(DeviceEvent) + Send + 'static,
) -> DeviceHandle {
    let mailbox = Arc::new(Mailbox::new().expect("a starting program has a descriptor left"));
    let recorder = Arc::<Recorder>::default();
    let supervisor = Supervisor {
        address,
        line: kind.line(),
        driver: (kind.driver)(),
        clock,
        events: Box::new(events),
        mailbox: Arc::clone(&mailbox),
        recorder: Arc::clone(&recorder),
        epoch: Instant::now(),
        random: RandomState::new(),
        name,
    };
    let thread = std::thread::Builder::new()
        .name(supervisor.name.to_string())
        .spawn(move || supervisor.run())
        .expect("a starting program has a thread left");
    DeviceHandle { device: kind.id, mailbox, recorder, thread: Some(thread) }
}

struct Supervisor {
    name: DeviceId,
    address: LinkAddress,
    line: Line,
    driver: Box<dyn Driver>,
    clock: fn() -> Clock,
    events: Box<dyn Fn(DeviceEvent) + Send>,
    mailbox: Arc<Mailbox>,
    recorder: Arc<Recorder>,
    epoch: Instant,
    random: RandomState,
}

impl Supervisor {
    fn run(mut self) {
        let mut backoff = Backoff::default();
        // The first failure of a row is told, the others would fill the journal of an empty cart.
        let mut told = false;
        while !self.mailbox.take().closing {
            match open_link(&self.address, self.line, &self.mailbox) {
                Ok((wire, carrier)) => {
                    told = false;
                    let opened = Instant::now();
                    if let Ended::Closed = self.drive(wire, carrier) {
                        return;
                    }
                    backoff.was_up(opened.elapsed());
                }
                Err(error) if told && error.has_waited() => continue,
                Err(error) if told => {
                    let error = with_causes(&error);
                    tracing::debug!(device = %self.name, address = %self.address, error, "Still away");
                }
                Err(error) => {
                    told = true;
                    let error = with_causes(&error);
                    tracing::info!(device = %self.name, address = %self.address, error, "Away");
                }
            }
            if self.rest(backoff.next(self.random.hash_one(self.epoch.elapsed()))) {
                return;
            }
        }
    }

    fn drive(&mut self, wire: OwnedFd, carrier: Carrier) -> Ended {
        tracing::info!(device = %self.name, address = %self.address, "Link is open");
        self.mailbox.set_up(true);
        (self.events)(DeviceEvent::Up);
        let report = |report| (self.events)(DeviceEvent::Report(report));
        let ended = Session {
            wire,
            carrier,
            driver: &mut *self.driver,
            mailbox: &self.mailbox,
            report: &report,
            recorder: &self.recorder,
            epoch: self.epoch,
            outgoing: Outgoing::default(),
            clock: self.clock,
        }
        .run();
        self.mailbox.set_up(false);
        // There is no link that could carry anything but a report.
        let now = millis_since(self.epoch);
        self.recorder.told(now, &Event::Down);
        for action in self.driver.handle(now, Event::Down) {
            if let devices::Action::Report(report) = action {
                (self.events)(DeviceEvent::Report(report));
            }
        }
        (self.events)(DeviceEvent::Down);
        let why = with_causes(&ended);
        tracing::info!(device = %self.name, address = %self.address, why, "Link is over");
        ended
    }

    /// Waits, unless the port appears. Whether the handle was dropped.
    fn rest(&self, duration: Duration) -> bool {
        let end = Instant::now() + duration;
        let mut port = self.port();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.doze(left.min(LOOK));
            if self.mailbox.take().closing {
                return true;
            }
            let now = self.port();
            if now.is_some() && now != port {
                return false;
            }
            port = now;
        }
    }

    /// Until somebody rings, or the time is over.
    fn doze(&self, duration: Duration) {
        let timeout = Timespec::try_from(duration).expect("a few seconds fit");
        match poll(&mut [PollFd::new(&*self.mailbox, PollFlags::IN)], Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => unreachable!("an eventfd that is open can be waited for: {error}"),
        }
    }

    /// What tells one plugging-in of a port from the next.
    fn port(&self) -> Option<[u64; 3]> {
        match &self.address {
            LinkAddress::Serial { path, .. } => identity(path),
            LinkAddress::V4l(path) => identity(path),
            LinkAddress::Hid(device) => identity(&hid::find(device).ok()?),
            LinkAddress::Ble(_)
            | LinkAddress::Tcp(_)
            | LinkAddress::Udp(_)
            | LinkAddress::Http { .. }
            | LinkAddress::AttTcp(_) => None,
        }
    }
}
