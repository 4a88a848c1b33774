//! Speaks with the devices of a cart: bytes and events in; readings and actions out.
//!
//! Knows no port, thread or clock: `device-links` carries the bytes and says the time, so a recorded
//! log of bytes plays back exactly. What the numbers mean for a patient is decided elsewhere.

mod bci;
mod blood_pressure;
pub mod catalogue;
mod cgm;
#[cfg(test)]
mod chunks;
mod clock;
mod contec;
mod date_time;
mod decode;
mod driver;
mod emay;
mod fields;
mod finger_clip;
mod framer;
mod gatt;
mod glucose;
mod heart_rate;
mod hold;
mod ieee11073;
mod malformation;
mod microlife;
mod nonin;
mod omron_eeprom;
mod omron_hid;
mod one_of;
mod oximeter;
mod pelco_d;
pub mod plausible;
mod polar;
mod ptz;
mod racp;
mod scale;
mod suntech;
mod supported;
#[cfg(test)]
mod testdata;
mod thermometer;
mod udev;
mod uuid;
mod uvc_ptz;
mod uvc_status;
mod visca;
mod yonker;

pub use clock::Clock;
pub use decode::{Undecoded, decode, protocols};
pub use driver::{
    Action, Channel, Command, Control, Driver, Event, Failure, Measured, Millis, Report, Status,
};
pub use fields::{Field, Fields};
pub use hold::CameraHold;
pub use ieee11073::{Number, Special, float, sfloat};
pub use malformation::{Malformation, Wrong};
pub use ptz::{Focus, Position, Ptz};
pub use supported::supported_devices;
pub use udev::udev_rules;
pub use uuid::Uuid;
