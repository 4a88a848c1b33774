//! What a device measured. Absent is `None`, never 0 and never a special number.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Decimal, DeviceId, ReadingId, Timestamp};

/// One measurement, with everything needed to trust or distrust it later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Reading {
    pub id: ReadingId,
    pub measurement: Measurement,
    pub device: DeviceIdentity,
    /// What the device's own clock said, where it has one. Never corrected in place.
    pub device_time: Option<Timestamp>,
    /// When the last byte of it reached the cart.
    pub received: Timestamp,
    /// What the device says about the measurement; empty means nothing to remark.
    pub quality: Vec<Quality>,
    /// SHA-256 of the device's own bytes, in hexadecimal.
    pub raw_sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measurement {
    BloodPressure(BloodPressure),
    Oximetry(Oximetry),
    Temperature(Temperature),
}

/// Millimetres of mercury; the pulse is that of the cuff, per minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BloodPressure {
    pub systolic: Decimal,
    pub diastolic: Decimal,
    /// Not every cuff reports the mean.
    pub mean: Option<Decimal>,
    pub pulse: Option<Decimal>,
}

/// Functional arterial oxygen saturation in per cent, and the pulse of the oximeter per minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Oximetry {
    pub spo2: Decimal,
    pub pulse: Option<Decimal>,
}

/// Degrees Celsius. A thermometer that speaks Fahrenheit is converted by its driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Temperature {
    pub celsius: Decimal,
    pub site: Option<BodySite>,
}

/// Where a temperature was taken (Bluetooth "Temperature Type", 0x2A1D).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BodySite {
    Armpit,
    Body,
    Ear,
    Finger,
    GastroIntestinal,
    Mouth,
    Rectum,
    Toe,
    Tympanum,
}

/// A remark of the device on its own measurement. It stays visible up to the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    Motion,
    LooseCuff,
    IrregularPulse,
    LowPerfusion,
    Artifact,
    /// The value lies where a patient's seldom does: a person looks before it is used.
    Unusual,
}

/// Which device it was, as far as the device says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeviceIdentity {
    pub id: DeviceId,
    pub model: String,
    pub serial: Option<String>,
    pub firmware: Option<String>,
}
