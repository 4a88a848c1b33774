//! Scanners, badge wedges, pedals and camera buttons: `/dev/input`, taken for the cart alone.
//!
//! A device is opened by the name that udev gives it for good, and only when its vendor and product
//! are allowed: a grabbed keyboard would be dead for the nurse. It is looked for again after a loss.

mod find;
mod read;

use std::{io, os::fd::OwnedFd, path::PathBuf, time::Duration};

use devices::{Affixes, Buttons, Press, Scanned, Wedge, catalogue::UsbId};
use evdev::raw_stream::RawDevice;
use rustix::{
    fs::{Mode, OFlags, open},
    io::Errno,
};
use tokio::{sync::mpsc, time::sleep};

pub use find::find;

/// One device, and what its keys are.
#[derive(Clone, Debug)]
pub struct KeysConfig {
    /// Below `/dev/input/by-id` or `/dev/input/by-path`.
    pub path: PathBuf,
    pub allowed: Vec<UsbId>,
    pub role: Role,
}

#[derive(Clone, Debug)]
pub enum Role {
    /// Types texts, with this around each.
    Wedge(Affixes),
    Buttons,
}

#[derive(Debug)]
pub enum KeysEvent {
    /// The device is the cart's.
    Up,
    /// It is gone, and is looked for.
    Down,
    /// It is there and cannot be used; told once until that changes.
    Unusable(OpenKeysError),
    Scanned(Scanned),
    Press(Press),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenKeysError {
    #[error("no such input device is plugged in")]
    Away,
    #[error("the USB device {0:04x}:{1:04x} is not allowed here: it may be somebody's keyboard")]
    NotAllowed(u16, u16),
    #[error("another program has taken the input device")]
    InUse,
    #[error("could not open the input device")]
    Open(#[source] io::Error),
}

/// A plug that goes in works within this time.
const LOOK: Duration = Duration::from_millis(500);

/// Until nobody listens any more.
///
/// A listener that is slow holds this back, and then the kernel: its buffer runs over, it says so,
/// and the text with the hole is discarded. So nothing here grows.
pub async fn watch(config: KeysConfig, events: mpsc::Sender<KeysEvent>) {
    let mut told = None;
    while !events.is_closed() {
        match take(&config) {
            Ok(device) => {
                told = None;
                if events.send(KeysEvent::Up).await.is_err() {
                    return;
                }
                let ended = read::until_gone(device, Keys::new(&config.role), &events).await;
                tracing::info!(path = %config.path.display(), %ended, "An input device is gone");
                if events.send(KeysEvent::Down).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                let words = error.to_string();
                let is_news = !matches!(error, OpenKeysError::Away) && told != Some(words.clone());
                told = Some(words);
                if is_news && events.send(KeysEvent::Unusable(error)).await.is_err() {
                    return;
                }
            }
        }
        sleep(LOOK).await;
    }
}

fn take(config: &KeysConfig) -> Result<RawDevice, OpenKeysError> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file: OwnedFd = open(&config.path, flags, Mode::empty()).map_err(|error| match error {
        Errno::NOENT | Errno::NODEV | Errno::NXIO => OpenKeysError::Away,
        other => OpenKeysError::Open(other.into()),
    })?;
    let mut device = RawDevice::from_fd(file).map_err(OpenKeysError::Open)?;
    let (vendor, product) = (device.input_id().vendor(), device.input_id().product());
    if !config.allowed.contains(&UsbId(vendor, product)) {
        return Err(OpenKeysError::NotAllowed(vendor, product));
    }
    // EVIOCGRAB: without it every wristband would also be typed into the touchscreen.
    device.grab().map_err(|error| match error.raw_os_error() {
        Some(code) if code == Errno::BUSY.raw_os_error() => OpenKeysError::InUse,
        _ => OpenKeysError::Open(error),
    })?;
    Ok(device)
}

/// What becomes of the keys.
enum Keys {
    Wedge(Wedge),
    Buttons(Buttons),
}

impl Keys {
    fn new(role: &Role) -> Self {
        match role {
            Role::Wedge(affixes) => Self::Wedge(Wedge::new(affixes.clone())),
            Role::Buttons => Self::Buttons(Buttons::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a device at this path, before the first second is over.
    async fn first(path: &str) -> Option<KeysEvent> {
        let (events, mut told) = mpsc::channel(16);
        let config = KeysConfig { path: path.into(), allowed: Vec::new(), role: Role::Buttons };
        tokio::spawn(watch(config, events));
        let first = tokio::time::timeout(2 * LOOK, told.recv()).await.ok().flatten();
        assert!(told.try_recv().is_err(), "it is told once");
        first
    }

    #[tokio::test]
    async fn what_is_no_input_device_is_told_once() {
        let said = first("/dev/null").await;
        assert!(matches!(said, Some(KeysEvent::Unusable(OpenKeysError::Open(_)))), "{said:?}");
    }

    #[tokio::test]
    async fn a_device_that_is_not_plugged_in_is_waited_for_without_a_word() {
        assert!(first("/dev/input/by-id/usb-Nobody-event-kbd").await.is_none());
    }
}
