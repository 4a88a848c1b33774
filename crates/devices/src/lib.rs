//! Speaks with the devices of a cart: bytes and events in; readings and actions out.
//!
//! Knows no port, thread or clock: `device-links` carries the bytes and says the time, so a recorded
//! log of bytes plays back exactly. What the numbers mean for a patient is decided elsewhere.

mod badge;
mod bci;
mod blood_pressure;
mod buttons;
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
pub mod heart_sound;
mod hold;
mod ieee11073;
mod input_event;
mod malformation;
mod microlife;
mod nonin;
pub mod nut;
mod omron_eeprom;
mod omron_hid;
mod one_of;
mod onvif;
mod oximeter;
mod pelco_d;
mod peripheral;
pub mod plausible;
mod polar;
pub mod power;
mod ptz;
mod racp;
#[cfg(test)]
mod said;
mod scale;
pub mod sound;
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
mod wedge;
mod yonker;

pub use badge::{GET_UID, LONGEST_ANSWER, NoUid, Uid};
pub use buttons::{Buttons, KEY_CAMERA, Press};
pub use clock::Clock;
pub use decode::{Undecoded, decode, protocols};
pub use driver::{
    Action, Channel, Command, Control, Driver, Event, Failure, Measured, Millis, Report, Status,
};
pub use fields::{Field, Fields};
pub use hold::CameraHold;
pub use ieee11073::{Number, Special, float, sfloat};
pub use input_event::{INPUT_EVENT, KeyEvent};
pub use malformation::{Malformation, Wrong};
pub use ptz::{Focus, Position, Ptz};
pub use supported::supported_devices;
pub use udev::udev_rules;
pub use uuid::Uuid;
pub use wedge::{Affixes, Discarded, Scan, Scanned, Wedge};
