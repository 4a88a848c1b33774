//! Bluetooth by the cart's own adapter: GATT through btleplug, pairing and the care of the adapter
//! through BlueZ's D-Bus interface.
//!
//! One thread speaks Bluetooth for all links ([`radio`]). A link is a pair of sockets between it
//! and the device's thread; one packet is one message.

mod adapter;
mod agent;
mod bluez;
mod central;
mod error;
#[cfg(test)]
mod fake;
mod link;
mod message;
mod pair;
mod plug;
mod radio;
mod wire;

use std::os::fd::{AsFd as _, OwnedFd};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::{Errno, read},
};

pub use agent::Technician;
pub(crate) use message::{Told, ask};
pub use pair::{BluetoothError, Nearby, pair, scan};

use crate::{address::BleAddress, mailbox::Mailbox};

#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenBleError {
    #[error("{0}")]
    Radio(String),
    /// It was looked for, for half a minute.
    #[error("out of range, or switched off")]
    NotInRange,
    #[error("the Bluetooth thread has ended")]
    NoRadio,
    #[error("could not wait for the Bluetooth thread")]
    Wait(#[source] Errno),
}

/// The wire of a device that is connected. A quick end when the mailbox closes.
pub(crate) fn open(address: &BleAddress, mailbox: &Mailbox) -> Result<OwnedFd, OpenBleError> {
    let [wire, end] = wire::pair().map_err(OpenBleError::Wait)?;
    radio::want(address.clone(), end);
    loop {
        let mut waiting = [
            PollFd::new(&wire, PollFlags::IN),
            PollFd::from_borrowed_fd(mailbox.as_fd(), PollFlags::IN),
        ];
        match poll(&mut waiting, None) {
            Ok(_) if waiting[0].revents().is_empty() => {
                return Err(OpenBleError::Wait(Errno::CANCELED));
            }
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(OpenBleError::Wait(error)),
        }
        let mut buffer = [0; 1024];
        let count = read(&wire, &mut buffer).map_err(OpenBleError::Wait)?;
        return match Told::from_bytes(&buffer[..count]) {
            Some(Told::Up) => Ok(wire),
            Some(Told::NotInRange) => Err(OpenBleError::NotInRange),
            Some(Told::Over(why)) => Err(OpenBleError::Radio(why)),
            Some(Told::Value(..) | Told::Refused(_)) | None => Err(OpenBleError::NoRadio),
        };
    }
}
