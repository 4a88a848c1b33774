//! The contract between a device's driver and the link that carries its bytes.
//!
//! A driver takes one event and the time, and returns what should happen. It never waits: it names
//! a deadline, and the link wakes it then.

use clinical::{Measurement, Quality, Timestamp};

use crate::{
    Malformation, Wrong,
    plausible::{Plausibility, judge},
};

/// Milliseconds of a clock that only goes forward. Its zero means nothing.
pub type Millis = u64;

/// One kind of device, spoken with in its own bytes.
pub trait Driver: Send {
    /// The caller carries out the actions in order.
    #[must_use]
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action>;

    /// When to send [`Event::Timer`] unless something else happens first.
    fn deadline(&self) -> Option<Millis>;
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    /// The link is open; whatever was known of the device before is void.
    Up,
    /// On a stream in any chunks; on a GATT channel always one whole attribute value.
    Bytes {
        channel: Channel,
        bytes: &'a [u8],
    },
    /// The link is lost: unplugged, out of reach or switched off.
    Down,
    /// The deadline has come.
    Timer,
    Command(Command),
}

/// Where bytes come from and go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The one byte stream of a serial line or a TCP connection.
    Stream,
    /// A Bluetooth characteristic, by the 16-bit UUIDs that the Bluetooth SIG assigned.
    Gatt { service: u16, characteristic: u16 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Inflate the cuff; an oximeter gives its next steady value at once.
    Measure,
    /// Let the air out at once.
    StopMeasuring,
    Ptz(Ptz),
}

/// A movement of a camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ptz {
    /// Speeds −1…1: positive is right, up and nearer. It goes on until the next `Ptz`.
    Move {
        pan: f32,
        tilt: f32,
        zoom: f32,
    },
    Stop,
    Home,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Write {
        channel: Channel,
        bytes: Vec<u8>,
    },
    /// Ask for indications or notifications. The device has to have the characteristic.
    Subscribe(Channel),
    /// Ask for the value once. A device without the characteristic is as good.
    Read(Channel),
    Report(Report),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    Measured(Measured),
    /// What was going on has ended without a value. A link that is lost says so by itself.
    Failed(Failure),
    Malformed(Malformation),
    Status(Status),
}

impl Report {
    /// The only way a driver reports a value, so that no value escapes the limits: one that cannot
    /// be true becomes a malformation, one that seldom is carries [`Quality::Unusual`].
    pub(crate) fn value(mut measured: Measured) -> Self {
        match judge(&measured.measurement) {
            Plausibility::Usual => Self::Measured(measured),
            Plausibility::Unusual => {
                measured.quality.push(Quality::Unusual);
                Self::Measured(measured)
            }
            Plausibility::Impossible => {
                Self::Malformed(Malformation::new(Wrong::Implausible, &measured.raw))
            }
        }
    }
}

/// A value, and what the device says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub measurement: Measurement,
    /// What the device's clock showed. It knows no time zone, so it is written as if it were UTC.
    pub device_time: Option<Timestamp>,
    pub quality: Vec<Quality>,
    /// The device's own bytes that hold the value.
    pub raw: Vec<u8>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The cuff does not hold pressure.
    LooseCuff,
    Motion,
    NoPulse,
    TimedOut,
    /// A person stopped it.
    Stopped,
    /// The device says that it failed, or no longer answers.
    Device,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It answers. Also what it is after a value or a failure, without saying so again.
    Ready,
    /// `cuff_mmhg`: the pressure in the cuff now, for a cuff that tells.
    Measuring { cuff_mmhg: Option<u16> },
    /// The oximeter's sensor is not on a finger.
    NotOnPatient,
}
