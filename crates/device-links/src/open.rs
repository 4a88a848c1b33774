//! Opens ports, reports and connections as non-blocking descriptors.
//!
//! Without the `serialport` crate: its port gives no safe way to wait for bytes, for commands and
//! for a deadline at once, and it keeps a port locked (TIOCEXCL) after a process was killed.

use std::{
    fmt::Write as _,
    io,
    net::{SocketAddr, ToSocketAddrs as _},
    os::fd::{AsFd as _, OwnedFd},
    path::Path,
    time::Duration,
};

use devices::{
    Channel,
    catalogue::{Line, Parity},
};
use rustix::{
    event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll},
    fs::{FlockOperation, Mode, OFlags, flock, open},
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, connect, ipproto, socket_with, sockopt},
    termios::{
        ControlModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
    },
};

use crate::{
    address::{HidAddress, Host, LinkAddress},
    ble::{self, OpenBleError},
    camera::Camera,
    carrier::Carrier,
    hid::{self, FindHidError},
    mailbox::Mailbox,
    reports::Reports,
    web::Web,
};

#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenLinkError {
    #[error("could not open the port")]
    Port(#[source] Errno),
    #[error("another program uses the port")]
    InUse,
    #[error("could not open the camera")]
    Camera(#[source] io::Error),
    #[error(transparent)]
    Hid(#[from] FindHidError),
    #[error(transparent)]
    Ble(#[from] OpenBleError),
    #[error("could not set up the serial port: is it one?")]
    Settings(#[source] Errno),
    #[error("could not find out the address of the host")]
    Resolve(#[source] io::Error),
    #[error("the host has no address")]
    NoAddress,
    #[error("could not connect")]
    Connect(#[source] Errno),
    #[error("could not start a thread for requests")]
    Thread(#[source] io::Error),
}

/// Cameras and gateways stand in the same building.
const CONNECT_PATIENCE: Timespec = Timespec { tv_sec: 3, tv_nsec: 0 };
/// A name with more addresses than this is not that of a device.
const ADDRESSES: usize = 4;
/// Bytes that a device has not acknowledged for so long will not be: it is gone.
const UNACKNOWLEDGED_MS: u32 = 5_000;

impl OpenLinkError {
    /// The device was waited for already, and may be there the next moment: a cuff that has
    /// measured advertises itself for some seconds.
    pub(crate) fn has_waited(&self) -> bool {
        matches!(self, Self::Ble(OpenBleError::NotInRange))
    }
}

/// A quick end when the mailbox closes: then the error is of no interest to anybody.
///
/// `usual`: the settings of a serial line that the address does not name.
pub(crate) fn open_link(
    address: &LinkAddress,
    usual: Line,
    mailbox: &Mailbox,
) -> Result<(OwnedFd, Carrier), OpenLinkError> {
    match address {
        LinkAddress::Serial { path, line } => {
            let port = serial(path, line.unwrap_or(usual))?;
            Ok((port, Carrier::plain(Channel::Stream)))
        }
        LinkAddress::Hid(device) => reports(device),
        LinkAddress::V4l(path) => {
            let camera = Camera::open(path).map_err(OpenLinkError::Camera)?;
            // Nothing is ever heard on it: a camera has no wire of its own to wait for.
            let quiet = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
            Ok((quiet.map_err(OpenLinkError::Port)?, Carrier::Camera(camera)))
        }
        LinkAddress::Ble(device) => Ok((ble::open(device, mailbox)?, Carrier::Ble(None))),
        LinkAddress::Tcp(host) => {
            let socket = connect_any(host, |address| connected(address, mailbox))?;
            Ok((socket, Carrier::plain(Channel::Stream)))
        }
        LinkAddress::Udp(host) => {
            let socket = connect_any(host, datagrams)?;
            Ok((socket, Carrier::plain(Channel::Datagram)))
        }
        LinkAddress::Http { host, login } => {
            // Each request has a connection of its own; this one only shows that somebody is there.
            connect_any(host, |address| connected(address, mailbox))?;
            let (web, heard) = Web::open(host, login.as_ref()).map_err(OpenLinkError::Thread)?;
            Ok((heard, Carrier::Web(web)))
        }
        LinkAddress::AttTcp(host) => {
            let socket = connect_any(host, |address| connected(address, mailbox))?;
            Ok((socket, Carrier::Att(Box::default())))
        }
    }
}

fn serial(path: &Path, line: Line) -> Result<OwnedFd, OpenLinkError> {
    let port = node(path)?;
    set_up(&port, line).map_err(OpenLinkError::Settings)?;
    Ok(port)
}

fn reports(device: &HidAddress) -> Result<(OwnedFd, Carrier), OpenLinkError> {
    let path = hid::find(device)?;
    let reports = node(&path)?;
    let numbered = hid::is_numbered(&path);
    Ok((reports, Carrier::Hid(Reports::new(path, numbered))))
}

/// A node of a device, for this process alone.
fn node(path: &Path) -> Result<OwnedFd, OpenLinkError> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let port = open(path, flags, Mode::empty()).map_err(OpenLinkError::Port)?;
    // The kernel drops this lock with the process, however it ends.
    match flock(&port, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => return Err(OpenLinkError::InUse),
        other => other.map_err(OpenLinkError::Port)?,
    }
    Ok(port)
}

/// Raw, 8 data bits, 1 stop bit, no flow control.
fn set_up(port: &OwnedFd, line: Line) -> Result<(), Errno> {
    let mut settings = tcgetattr(port)?;
    shape(&mut settings, line)?;
    tcsetattr(port, OptionalActions::Now, &settings)?;
    // What arrived before, at another speed perhaps, is not for us.
    tcflush(port, QueueSelector::IFlush)
}

fn shape(settings: &mut Termios, line: Line) -> Result<(), Errno> {
    settings.make_raw();
    settings.control_modes |= ControlModes::CREAD | ControlModes::CLOCAL;
    settings.control_modes -= ControlModes::CSTOPB | ControlModes::CRTSCTS;
    match line.parity {
        Parity::None => settings.control_modes -= ControlModes::PARENB,
        Parity::Odd => settings.control_modes |= ControlModes::PARENB | ControlModes::PARODD,
    }
    settings.set_speed(line.baud)
}

/// The first of the host's addresses to which `connect` succeeds.
fn connect_any(
    host: &Host,
    connect: impl Fn(SocketAddr) -> Result<OwnedFd, Errno>,
) -> Result<OwnedFd, OpenLinkError> {
    let addresses = (host.name.as_str(), host.port).to_socket_addrs();
    let mut result = Err(OpenLinkError::NoAddress);
    for address in addresses.map_err(OpenLinkError::Resolve)?.take(ADDRESSES) {
        result = connect(address).map_err(OpenLinkError::Connect);
        if result.is_ok() {
            break;
        }
    }
    result
}

/// A socket for datagrams of this address only: what others send is not taken.
fn datagrams(address: SocketAddr) -> Result<OwnedFd, Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(family(address), SocketType::DGRAM, flags, Some(ipproto::UDP))?;
    connect(&socket, &address)?;
    Ok(socket)
}

fn family(address: SocketAddr) -> AddressFamily {
    if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 }
}

fn connected(address: SocketAddr, mailbox: &Mailbox) -> Result<OwnedFd, Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(family(address), SocketType::STREAM, flags, Some(ipproto::TCP))?;
    match connect(&socket, &address) {
        Ok(()) => {}
        Err(Errno::INPROGRESS) => wait_until_connected(&socket, mailbox)?,
        Err(error) => return Err(error),
    }
    // A stop must not wait for more bytes to fill a packet.
    sockopt::set_tcp_nodelay(&socket, true)?;
    sockopt::set_tcp_user_timeout(&socket, UNACKNOWLEDGED_MS)?;
    sockopt::set_socket_keepalive(&socket, true)?;
    sockopt::set_tcp_keepidle(&socket, Duration::from_secs(10))?;
    sockopt::set_tcp_keepintvl(&socket, Duration::from_secs(5))?;
    Ok(socket)
}

fn wait_until_connected(socket: &OwnedFd, mailbox: &Mailbox) -> Result<(), Errno> {
    let mut waiting = [
        PollFd::from_borrowed_fd(socket.as_fd(), PollFlags::OUT),
        PollFd::from_borrowed_fd(mailbox.as_fd(), PollFlags::IN),
    ];
    match poll(&mut waiting, Some(&CONNECT_PATIENCE)) {
        Ok(0) => Err(Errno::TIMEDOUT),
        Ok(_) if waiting[0].revents().is_empty() => Err(Errno::CANCELED),
        Ok(_) => sockopt::socket_error(socket)?,
        Err(error) => Err(error),
    }
}

/// The error with all its causes, on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(text, ": {error}").expect("a string takes every text");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use rustix::pty::{OpenptFlags, openpt};

    use super::*;

    #[test]
    fn a_line_with_odd_parity_is_set_so() {
        // Only its settings are looked at: a pseudo-terminal itself has no parity.
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let mut settings = tcgetattr(&terminal).unwrap();
        let odd = ControlModes::PARENB | ControlModes::PARODD;
        shape(&mut settings, Line { baud: 19_200, parity: Parity::Odd }).unwrap();
        assert!(settings.control_modes.contains(odd | ControlModes::CS8));
        shape(&mut settings, Line::plain(9600)).unwrap();
        assert!(!settings.control_modes.contains(ControlModes::PARENB));
        assert_eq!(settings.output_speed(), 9600);
    }
}
