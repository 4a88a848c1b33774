//! A device under supervision, and what is said of it, awaited.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use clinical::{DeviceId, Timestamp};
use device_links::{DeviceEvent, DeviceHandle, LinkAddress, supervise};
use devices::{
    Clock, Report, Status,
    catalogue::{Device, find},
};

/// Longer than anything here takes on a busy machine; a test that waits for it has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const READY: DeviceEvent = DeviceEvent::Report(Report::Status(Status::Ready));

/// What the cart's clock shows.
const NOW: Clock = Clock { utc: Timestamp::from_millis(1_795_333_320_000), ahead_minutes: 60 };

/// A device under supervision, and what was said of it.
pub struct Watched {
    pub handle: DeviceHandle,
    events: Receiver<DeviceEvent>,
}

pub fn watch(driver: &str, address: &str) -> Watched {
    watch_as(find(driver).unwrap(), address)
}

pub fn watch_as(kind: &Device, address: &str) -> Watched {
    watch_kind(kind, address.parse().unwrap())
}

pub fn watch_at(driver: &str, address: LinkAddress) -> Watched {
    watch_kind(find(driver).unwrap(), address)
}

fn watch_kind(kind: &Device, address: LinkAddress) -> Watched {
    let (sender, events) = channel();
    let handle = supervise(
        DeviceId("device".into()),
        address,
        kind,
        || NOW,
        move |event| {
            // A test that has seen enough no longer listens.
            drop(sender.send(event));
        },
    );
    Watched { handle, events }
}

impl Watched {
    #[track_caller]
    pub fn expect(&self, event: DeviceEvent) {
        assert_eq!(self.next(), event);
    }

    #[track_caller]
    pub fn next(&self) -> DeviceEvent {
        self.events.recv_timeout(PATIENCE).expect("something is said in time")
    }

    /// Until this is said; what else is said before does not matter.
    #[track_caller]
    pub fn until(&self, event: &DeviceEvent) {
        while self.next() != *event {}
    }

    #[track_caller]
    pub fn expect_silence(&self, time: Duration) {
        assert_eq!(self.events.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    }
}
