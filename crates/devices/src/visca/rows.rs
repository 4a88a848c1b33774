//! The rows of the catalogue: one language, three ways to carry it.

use super::{Visca, wire::Wire};
use crate::{
    Channel,
    catalogue::{CP210X, Device, FT232, Line, PL2303, Purpose, Transport},
};

pub(crate) const DEVICE: Device = Device {
    id: "visca",
    title: "VISCA camera",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232, PL2303, CP210X],
    bluetooth: &[],
    driver: || Box::new(Visca::new(Wire::Plain(Channel::Stream))),
};

pub(crate) const OVER_IP: Device = Device {
    id: "visca-udp",
    title: "VISCA over IP camera",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Udp],
    usb: &[],
    bluetooth: &[],
    driver: || Box::new(Visca::new(Wire::Numbered { last: 0 })),
};

pub(crate) const RAW_UDP: Device = Device {
    id: "visca-raw-udp",
    title: "VISCA camera, raw UDP",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Udp],
    usb: &[],
    bluetooth: &[],
    driver: || Box::new(Visca::new(Wire::Plain(Channel::Datagram))),
};
