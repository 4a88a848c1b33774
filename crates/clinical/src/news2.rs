//! The National Early Warning Score: seven vital signs, points for each, and how urgent their sum is.
//!
//! Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, charts 1 and 2. The bands
//! are inclusive. A parameter that is missing leaves the score without total and risk: points that
//! nobody counted would look like points that are not there.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Decimal;

/// What is scored. `None`: not observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observations {
    /// Breaths per minute.
    pub respiratory_rate: Option<Decimal>,
    /// Per cent.
    pub spo2: Option<Decimal>,
    pub scale: Spo2Scale,
    pub breathing: Option<Breathing>,
    /// Millimetres of mercury.
    pub systolic: Option<Decimal>,
    /// Per minute.
    pub pulse: Option<Decimal>,
    pub consciousness: Option<Consciousness>,
    /// Degrees Celsius.
    pub temperature: Option<Decimal>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Spo2Scale {
    /// For everybody else.
    #[default]
    One,
    /// For hypercapnic respiratory failure with a prescribed target of 88–92 %. A physician decides it.
    Two,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Breathing {
    Air,
    Oxygen,
}

/// ACVPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Consciousness {
    Alert,
    /// Newly confused, disoriented or delirious.
    Confusion,
    /// Answers to a voice.
    Voice,
    /// Answers to pain only.
    Pain,
    Unresponsive,
}

impl Consciousness {
    /// One of A, C, V, P and U, in either case.
    pub fn from_letter(letter: &str) -> Option<Self> {
        match letter {
            "A" | "a" => Some(Self::Alert),
            "C" | "c" => Some(Self::Confusion),
            "V" | "v" => Some(Self::Voice),
            "P" | "p" => Some(Self::Pain),
            "U" | "u" => Some(Self::Unresponsive),
            _ => None,
        }
    }
}

/// The score is made for the person it is asked for. There is no score without one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applies(());

impl Applies {
    /// `age_years` is `None` where whoever asks answers for the patient being grown up.
    ///
    /// # Errors
    /// The bands are not those of this patient's body.
    pub fn to(age_years: Option<u16>, pregnant: bool) -> Result<Self, NotFor> {
        match age_years {
            Some(0..16) => Err(NotFor::Under16),
            _ if pregnant => Err(NotFor::Pregnant),
            _ => Ok(Self(())),
        }
    }
}

/// Whom the score is not for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotFor {
    #[error("NEWS2 is not for patients under 16 years")]
    Under16,
    #[error("NEWS2 is not for pregnant patients")]
    Pregnant,
    /// Without a birth date that can be read, nobody says that this is no child.
    #[error("NEWS2 needs the patient's birth date")]
    AgeUnknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct News2 {
    pub parts: Parts,
    /// Of all seven parts, or none.
    pub total: Option<u8>,
    /// Only with a total.
    pub risk: Option<Risk>,
    pub missing: Vec<Parameter>,
}

/// Points of each parameter; `None` where they cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Parts {
    pub rr: Option<u8>,
    pub spo2: Option<u8>,
    pub o2: Option<u8>,
    pub sbp: Option<u8>,
    pub pulse: Option<u8>,
    pub consciousness: Option<u8>,
    pub temp: Option<u8>,
}

/// In the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    Low,
    /// At most four points, three of them for one parameter.
    LowMedium,
    Medium,
    High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    RespiratoryRate,
    Spo2,
    Breathing,
    Systolic,
    Pulse,
    Consciousness,
    Temperature,
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RespiratoryRate => "RR",
            Self::Spo2 => "SpO2",
            Self::Breathing => "air or oxygen",
            Self::Systolic => "systolic pressure",
            Self::Pulse => "pulse",
            Self::Consciousness => "consciousness",
            Self::Temperature => "temperature",
        })
    }
}

/// Upper bound of each band, inclusive, and its points; in the unit that the value is counted in.
type Bands = &'static [(i64, u8)];

const END: i64 = i64::MAX;
const RESPIRATORY_RATE: Bands = &[(8, 3), (11, 1), (20, 0), (24, 2), (END, 3)];
const SPO2_SCALE_1: Bands = &[(91, 3), (93, 2), (95, 1), (END, 0)];
/// On air a high saturation is nobody's fault: points are for too much oxygen given.
const SPO2_SCALE_2_AIR: Bands = &[(83, 3), (85, 2), (87, 1), (END, 0)];
const SPO2_SCALE_2_OXYGEN: Bands =
    &[(83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (END, 3)];
const SYSTOLIC: Bands = &[(90, 3), (100, 2), (110, 1), (219, 0), (END, 3)];
const PULSE: Bands = &[(40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (END, 3)];
/// Tenths of a degree.
const TEMPERATURE: Bands = &[(350, 3), (360, 1), (380, 0), (390, 1), (END, 2)];

impl News2 {
    /// Values are first rounded to what a device shows: the temperature to a tenth, the others to whole
    /// numbers, because the bands leave gaps between 38.0 and 38.1.
    #[must_use]
    pub fn of(observed: &Observations, _: Applies) -> Self {
        let parts = Parts {
            rr: whole(observed.respiratory_rate, RESPIRATORY_RATE),
            spo2: spo2(observed),
            o2: observed.breathing.map(|breathing| match breathing {
                Breathing::Air => 0,
                Breathing::Oxygen => 2,
            }),
            sbp: whole(observed.systolic, SYSTOLIC),
            pulse: whole(observed.pulse, PULSE),
            consciousness: observed.consciousness.map(|level| match level {
                Consciousness::Alert => 0,
                Consciousness::Confusion
                | Consciousness::Voice
                | Consciousness::Pain
                | Consciousness::Unresponsive => 3,
            }),
            temp: observed.temperature.map(|celsius| points(celsius.in_units(1), TEMPERATURE)),
        };
        let counted: Option<Vec<u8>> = parts.all().into_iter().collect();
        let total = counted.as_ref().map(|counted| counted.iter().sum());
        let risk = counted.as_deref().map(risk);
        Self { parts, total, risk, missing: missing(observed) }
    }

    /// `partial: RR missing`, for a score without total.
    pub fn partial(&self) -> Option<String> {
        let names: Vec<String> = self.missing.iter().map(Parameter::to_string).collect();
        (!names.is_empty()).then(|| format!("partial: {} missing", names.join(", ")))
    }
}

impl Parts {
    fn all(&self) -> [Option<u8>; 7] {
        let Self { rr, spo2, o2, sbp, pulse, consciousness, temp } = *self;
        [rr, spo2, o2, sbp, pulse, consciousness, temp]
    }
}

/// On scale 2 a saturation above the target says nothing before it is known what is breathed.
fn spo2(observed: &Observations) -> Option<u8> {
    let (air, oxygen) = match observed.scale {
        Spo2Scale::One => (SPO2_SCALE_1, SPO2_SCALE_1),
        Spo2Scale::Two => (SPO2_SCALE_2_AIR, SPO2_SCALE_2_OXYGEN),
    };
    let (air, oxygen) = (whole(observed.spo2, air)?, whole(observed.spo2, oxygen)?);
    match observed.breathing {
        Some(Breathing::Air) => Some(air),
        Some(Breathing::Oxygen) => Some(oxygen),
        None => (air == oxygen).then_some(air),
    }
}

fn whole(value: Option<Decimal>, bands: Bands) -> Option<u8> {
    value.map(|value| points(value.in_units(0), bands))
}

fn points(value: i64, bands: Bands) -> u8 {
    let band = bands.iter().find(|(up_to, _)| value <= *up_to);
    band.expect("the last band has no end").1
}

fn risk(parts: &[u8]) -> Risk {
    match parts.iter().sum::<u8>() {
        7.. => Risk::High,
        5..=6 => Risk::Medium,
        0..=4 if parts.contains(&3) => Risk::LowMedium,
        0..=4 => Risk::Low,
    }
}

fn missing(observed: &Observations) -> Vec<Parameter> {
    [
        (observed.respiratory_rate.is_none(), Parameter::RespiratoryRate),
        (observed.spo2.is_none(), Parameter::Spo2),
        (observed.breathing.is_none(), Parameter::Breathing),
        (observed.systolic.is_none(), Parameter::Systolic),
        (observed.pulse.is_none(), Parameter::Pulse),
        (observed.consciousness.is_none(), Parameter::Consciousness),
        (observed.temperature.is_none(), Parameter::Temperature),
    ]
    .into_iter()
    .filter_map(|(is_missing, parameter)| is_missing.then_some(parameter))
    .collect()
}

#[cfg(test)]
mod tests;
