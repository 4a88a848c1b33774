//! The Bluetooth thread's end of the pair of sockets that stands for a link.

use std::{
    io,
    os::{fd::OwnedFd, unix::net::UnixDatagram as StdUnixDatagram},
    time::Duration,
};

use devices::Channel;
use rustix::{
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, socketpair},
};
use tokio::{net::UnixDatagram, time::timeout};

use super::message::{LONGEST, Told, asked};
use crate::att::Want;

/// A device's thread that takes nothing for so long hangs, and its link ends. Until then its values
/// wait: some two hundred in the kernel, and what comes in two seconds at the bus.
const PATIENCE: Duration = Duration::from_secs(2);

/// The other side is gone: nobody needs the link any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone;

/// Its packets are kept apart like datagrams, and its end is told like that of a stream.
pub(super) struct Wire(UnixDatagram);

/// The end for the device's thread, and the one for the Bluetooth thread.
pub(super) fn pair() -> Result<[OwnedFd; 2], Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let (theirs, ours) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
    Ok([theirs, ours])
}

impl Wire {
    /// In a runtime of tokio.
    pub(super) fn new(end: OwnedFd) -> io::Result<Self> {
        Ok(Self(UnixDatagram::from_std(StdUnixDatagram::from(end))?))
    }

    /// Safe to give up half-way: a message is taken whole or not at all.
    pub(super) async fn next(&self) -> Result<(Channel, Want), Gone> {
        let mut buffer = [0; LONGEST];
        match self.0.recv(&mut buffer).await {
            Ok(count) => asked(&buffer[..count]).ok_or(Gone),
            Err(_) => Err(Gone),
        }
    }

    pub(super) async fn tell(&self, told: &Told) -> Result<(), Gone> {
        match timeout(PATIENCE, self.0.send(&told.to_bytes())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}
