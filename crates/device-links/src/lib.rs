//! Carries bytes between a device and its driver: serial lines, TCP, UDP, HID reports, the controls
//! of cameras, requests to web services, Bluetooth, and GATT over a byte stream.
//!
//! One thread per device opens the link, drives, and opens it again after a loss. Knows no
//! protocol of any device; `devices` does.

mod address;
mod att;
mod backoff;
mod ble;
mod camera;
mod carrier;
mod hid;
mod identity;
mod mailbox;
mod open;
mod outgoing;
mod recording;
mod reports;
mod session;
mod supervise;
mod web;

pub use address::{BleAddress, HidAddress, Host, LinkAddress, ParseLinkAddressError};
pub use ble::{BluetoothError, Nearby, Technician, pair, scan};
pub use mailbox::DeviceAway;
pub use recording::{Entry, ParseRecordingError, Recording, What, replay};
pub use supervise::{DeviceEvent, DeviceHandle, supervise};
pub use web::{Login, LoginError};
