//! The contract between a device's driver and the link that carries its bytes.
//!
//! A driver takes one event and the time, and returns what should happen. It never waits: it names
//! a deadline, and the link wakes it then.

use clinical::{Measurement, Quality, Timestamp};
use serde::Serialize;

use crate::{
    Malformation, Position, Ptz, Uuid, Wrong,
    clock::Clock,
    malformation::as_hex,
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
    /// The link is open; whatever was known of the device before is void. The time is that of the
    /// cart's clock now, for devices that have a clock of their own.
    Up(Clock),
    /// On a stream in any chunks; on every other channel always one whole value.
    Bytes {
        channel: Channel,
        bytes: &'a [u8],
    },
    /// The link is lost: unplugged, out of reach or switched off.
    Down,
    /// The device did not take what was written, or has nothing to read or to subscribe to there.
    Refused(Channel),
    /// The deadline has come.
    Timer,
    Command(Command),
    /// To [`Action::ReadControls`]: the controls that the camera has, in any order.
    Controls(&'a [Control]),
}

/// One adjustable thing of a camera of the operating system (V4L2), such as its zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// As V4L2 numbers it, `V4L2_CID_…`.
    pub id: u32,
    /// In the control's own unit: arc seconds for angles, often nothing but steps.
    pub lowest: i32,
    pub highest: i32,
    /// Only multiples of this above `lowest` are taken. At least 1.
    pub step: i32,
    /// What it is now. `None`: it can be set and not read.
    pub value: Option<i32>,
}

/// Where bytes come from and go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The one byte stream of a serial line or a TCP connection.
    Stream,
    /// Datagrams of UDP.
    Datagram,
    /// The reports of a USB HID device, without the report number where the device has only one.
    Hid,
    /// The feature reports of a USB HID device, which are only written.
    HidFeature,
    /// A Bluetooth characteristic.
    Gatt { service: Uuid, characteristic: Uuid },
    /// The answers to [`Action::Post`]: always the whole body. [`Event::Refused`] when there was
    /// no answer, or one that had no body. An answer with an HTTP error keeps its body: it says
    /// what is wrong. The link proves who the cart is (HTTP Digest, RFC 7616); drivers know no
    /// password.
    Http,
    /// The controls of a V4L2 camera; only in [`Event::Refused`], for a control that was not taken.
    Control,
}

impl Channel {
    /// By the 16-bit UUIDs that the Bluetooth SIG assigned.
    pub const fn sig(service: u16, characteristic: u16) -> Self {
        Self::Gatt { service: Uuid::sig(service), characteristic: Uuid::sig(characteristic) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Inflate the cuff; an oximeter gives its next steady value at once.
    Measure,
    /// Let the air out at once.
    StopMeasuring,
    Ptz(Ptz),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Write {
        channel: Channel,
        bytes: Vec<u8>,
    },
    /// Ask for indications or notifications. The device has to have the characteristic.
    Subscribe(Channel),
    /// Ask for indications or notifications, where the device has the characteristic; otherwise
    /// [`Event::Refused`] comes.
    SubscribeIfThere(Channel),
    /// Ask for the value once. A device without the characteristic answers [`Event::Refused`].
    Read(Channel),
    /// Send this body to this path of the device's web service, as `application/soap+xml`. One at
    /// a time: the next one follows its answer, [`Event::Bytes`] or [`Event::Refused`] of
    /// [`Channel::Http`].
    Post {
        path: String,
        body: String,
    },
    /// Set a control of a V4L2 camera; nothing comes back unless it is refused.
    SetControl {
        id: u32,
        value: i32,
    },
    /// Ask for [`Event::Controls`].
    ReadControls,
    Report(Report),
}

/// Serialises for the technician who watches a device.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Measured(Measured),
    /// What a sensor on the patient says now, at most once a second: for who watches, not for the
    /// chart. None comes while the sensor itself doubts its signal.
    Live(Measurement),
    /// What was going on has ended without a value. A link that is lost says so by itself.
    Failed(Failure),
    Malformed(Malformation),
    Status(Status),
    /// Charge of the device's own battery, per cent.
    Battery(u8),
    /// To [`Ptz::Locate`].
    Position(Position),
}

impl Report {
    /// The only way a driver reports a reading, so that no value escapes the limits: one that cannot
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

    /// Of a value that cannot be true nothing is said: the next one follows within a second.
    pub(crate) fn live(measurement: Measurement) -> Option<Self> {
        (judge(&measurement) != Plausibility::Impossible).then_some(Self::Live(measurement))
    }
}

/// A value, and what the device says about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    pub measurement: Measurement,
    /// What the device's clock showed. It knows no time zone, so it is written as if it were UTC.
    pub device_time: Option<Timestamp>,
    /// When it was measured, by the cart's clock: the device's time, put right by how far its clock
    /// was found to be off. `None`: just now, or nothing is known of the device's clock.
    pub corrected_time: Option<Timestamp>,
    /// It may be of any day, and nothing tells of which: out of a memory that keeps no times, or dated
    /// by a clock that was never set.
    pub undated: bool,
    /// The number that the device gave its record.
    pub sequence: Option<u32>,
    pub quality: Vec<Quality>,
    /// The device's own bytes that hold the value.
    #[serde(serialize_with = "as_hex")]
    pub raw: Vec<u8>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
}

impl Measured {
    /// Just measured, by a device that says no more than the value.
    pub fn new(measurement: Measurement, raw: &[u8]) -> Self {
        Self {
            measurement,
            device_time: None,
            corrected_time: None,
            undated: false,
            sequence: None,
            quality: Vec::new(),
            raw: raw.to_vec(),
            serial: None,
            firmware: None,
        }
    }

    /// Nobody knows when it was measured: a person looks, and no score counts it as of now.
    pub(crate) fn undated(mut self) -> Self {
        self.undated = true;
        if !self.quality.contains(&Quality::Questionable) {
            self.quality.push(Quality::Questionable);
        }
        self
    }
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It answers. Also what it is after a value or a failure, without saying so again.
    Ready,
    /// `cuff_mmhg`: the pressure in the cuff now, for a cuff that tells.
    Measuring { cuff_mmhg: Option<u16> },
    /// The oximeter's sensor is not on a finger.
    NotOnPatient,
}
