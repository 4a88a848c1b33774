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
    /// When it was measured by the cart's clock: the device's time, put right by how far its clock was
    /// found to be off. `None`: when it was received.
    pub corrected_time: Option<Timestamp>,
    /// The number that the device gave its record.
    pub sequence: Option<u32>,
    /// When the last byte of it reached the cart.
    pub received: Timestamp,
    /// What the device says about the measurement; empty means nothing to remark.
    pub quality: Vec<Quality>,
    /// SHA-256 of the device's own bytes, in hexadecimal.
    pub raw_sha256: String,
}

impl Reading {
    /// When it was measured, as well as the cart knows.
    pub fn measured_at(&self) -> Timestamp {
        self.corrected_time.unwrap_or(self.received)
    }

    /// By what its device knows it for good, so that it is recognised when the device sends its memory
    /// again. `None`: the device counts no records and has no clock.
    ///
    /// The number alone is not enough: a meter whose memory was cleared counts from the beginning.
    pub fn record_name(&self) -> Option<String> {
        let serial = self.device.serial.as_deref().unwrap_or_default();
        match (self.sequence, self.device_time) {
            (Some(number), Some(time)) => Some(format!("{serial}/{number}/{time}")),
            (Some(number), None) => Some(format!("{serial}/{number}/{}", self.raw_sha256)),
            (None, Some(time)) => Some(format!("{serial}//{time}/{}", self.raw_sha256)),
            (None, None) => None,
        }
    }

    /// A meter's control solution and a device's demonstration are no patient's, whoever says so.
    pub fn is_of_a_patient(&self) -> bool {
        !self
            .quality
            .iter()
            .any(|quality| matches!(quality, Quality::ControlSolution | Quality::Demonstration))
    }

    /// Whether a score or a limit may judge it: its own device does not doubt it. An unusual value
    /// stands, because the sickest have them.
    pub fn stands(&self) -> bool {
        let doubted =
            |quality: &Quality| matches!(quality, Quality::Questionable | Quality::DeviceFault);
        self.is_of_a_patient() && !self.quality.iter().any(doubted)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measurement {
    BloodPressure(BloodPressure),
    Oximetry(Oximetry),
    Temperature(Temperature),
    HeartRate(HeartRate),
    Glucose(Glucose),
    Weight(Weight),
    BodyComposition(BodyComposition),
    Ecg(Ecg),
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

/// Beats per minute of the heart itself, counted in its electrical signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HeartRate {
    pub rate: Decimal,
}

/// Glucose in blood or tissue, in the unit of the meter: a conversion would change the number that
/// the patient saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Glucose {
    pub concentration: Decimal,
    pub unit: GlucoseUnit,
    pub sample: Option<GlucoseSample>,
    pub meal: Option<Meal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GlucoseUnit {
    /// Milligrams per decilitre.
    MgPerDl,
    /// Millimoles per litre.
    MmolPerL,
}

/// What was measured (Bluetooth Glucose Service, "Type"). Control solution is not a patient's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GlucoseSample {
    CapillaryWholeBlood,
    CapillaryPlasma,
    VenousWholeBlood,
    VenousPlasma,
    ArterialWholeBlood,
    ArterialPlasma,
    UndeterminedWholeBlood,
    UndeterminedPlasma,
    InterstitialFluid,
}

/// When the sample was taken (Bluetooth Glucose Service, "Meal").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Meal {
    BeforeMeal,
    AfterMeal,
    Fasting,
    /// Snacks, drinks and the like.
    Casual,
    Bedtime,
}

/// Kilograms; the height in metres and the body mass index are those that the scale knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Weight {
    pub kilograms: Decimal,
    pub height_m: Option<Decimal>,
    pub bmi: Option<Decimal>,
}

/// What a scale infers from the body's impedance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BodyComposition {
    pub fat_percent: Decimal,
    pub muscle_percent: Option<Decimal>,
    pub water_kg: Option<Decimal>,
    pub impedance_ohm: Option<Decimal>,
}

/// One lead of an electrocardiogram, in microvolts, evenly sampled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Ecg {
    pub microvolts: Vec<i32>,
    /// Samples per second.
    pub hertz: u16,
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
    /// The body or the cuff was not in the position that the device needs.
    WrongPosition,
    /// The pulse lay outside what the device can measure well.
    PulseOutOfRange,
    /// The device itself doubts the value.
    Questionable,
    /// Something is wrong with the device, its sensor, its strip or its sample.
    DeviceFault,
    /// Not of a patient: a meter's control solution.
    ControlSolution,
    /// Not of a patient: the device was demonstrating, testing or calibrating itself.
    Demonstration,
    /// The device's clock was found to be more than a minute off; the time is put right.
    ClockOff,
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
