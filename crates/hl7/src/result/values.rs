//! What was measured or found, as the code, the value and the unit of an OBX.

use clinical::{Decimal, Finding, Measurement};
use terminology::{self as codes, Coding, Unit};

use crate::write::{coded, components};

/// What a value is of: codes, the most wanted first, or words where no code means exactly this.
pub enum What {
    Codes(Vec<Coding>),
    Words(&'static str),
}

impl What {
    pub fn of(coding: Coding) -> Self {
        Self::Codes(vec![coding])
    }

    /// As OBX-3 and OBR-4 have it.
    pub fn write(&self) -> String {
        match self {
            Self::Codes(codings) => coded(codings),
            Self::Words(words) => components(["", words]),
        }
    }
}

pub struct Value {
    /// OBX-2, HL7 table 0125.
    pub kind: &'static str,
    pub what: What,
    /// OBX-5.
    pub written: String,
    pub unit: Option<Unit>,
}

/// The digits of the device.
fn number(what: What, value: Decimal, unit: Unit) -> Value {
    Value { kind: "NM", what, written: value.to_string(), unit: Some(unit) }
}

fn code(what: What, coding: Coding) -> Value {
    Value { kind: "CE", what, written: coded(&[coding]), unit: None }
}

/// What the whole reading is called, and its values. `None`: it has none that an OBX of numbers holds.
pub fn measured(measurement: &Measurement) -> Option<(What, Vec<Value>)> {
    let both = |one: Coding, other: Coding| What::Codes(vec![one, other]);
    let pulse = |rate: Option<Decimal>, counted: Coding| {
        rate.map(|rate| number(both(codes::HEART_RATE, counted), rate, codes::PER_MINUTE))
    };
    let (panel, values) = match measurement {
        Measurement::BloodPressure(of) => {
            let part = |loinc, mdc, value: Option<Decimal>| {
                value.map(|value| number(both(loinc, mdc), value, codes::MILLIMETRES_OF_MERCURY))
            };
            let values = vec![
                part(codes::SYSTOLIC, codes::MDC_CUFF_SYSTOLIC, Some(of.systolic)),
                part(codes::DIASTOLIC, codes::MDC_CUFF_DIASTOLIC, Some(of.diastolic)),
                part(codes::MEAN, codes::MDC_CUFF_MEAN, of.mean),
                pulse(of.pulse, codes::MDC_CUFF_PULSE),
            ];
            (both(codes::BLOOD_PRESSURE, codes::MDC_CUFF), values)
        }
        Measurement::Oximetry(of) => {
            let what = || both(codes::SPO2_BY_OXIMETER, codes::MDC_OXIMETER);
            let spo2 = number(what(), of.spo2, codes::PER_CENT);
            (what(), vec![Some(spo2), pulse(of.pulse, codes::MDC_OXIMETER_PULSE)])
        }
        Measurement::Temperature(of) => {
            let what = || both(codes::BODY_TEMPERATURE, codes::MDC_TEMPERATURE);
            (what(), vec![Some(number(what(), of.celsius, codes::CELSIUS))])
        }
        Measurement::HeartRate(of) => {
            let what = both(codes::HEART_RATE, codes::MDC_ECG_RATE);
            (what, vec![pulse(Some(of.rate), codes::MDC_ECG_RATE)])
        }
        Measurement::Glucose(of) => {
            let what = || {
                let mdc = of.sample.map(codes::mdc_glucose);
                let loinc = codes::glucose(of.sample, of.unit);
                What::Codes([Some(loinc), mdc].into_iter().flatten().collect())
            };
            let unit = codes::glucose_unit(of.unit);
            (what(), vec![Some(number(what(), of.concentration, unit))])
        }
        Measurement::Weight(of) => {
            let what = || both(codes::BODY_WEIGHT, codes::MDC_WEIGHT);
            let height = of.height_m.map(|metres| {
                let what = both(codes::BODY_HEIGHT, codes::MDC_HEIGHT);
                number(what, codes::centimetres(metres), codes::CENTIMETRE)
            });
            let index = |bmi| number(What::of(codes::BMI), bmi, codes::KILOGRAM_PER_SQUARE_METRE);
            let mass = number(what(), of.kilograms, codes::KILOGRAM);
            (what(), vec![Some(mass), height, of.bmi.map(index)])
        }
        Measurement::BodyComposition(of) => {
            let words = |words, value: Option<Decimal>, unit| {
                value.map(|value| number(What::Words(words), value, unit))
            };
            let what = || What::of(codes::BODY_FAT);
            let values = vec![
                Some(number(what(), of.fat_percent, codes::PER_CENT)),
                words(codes::MUSCLE, of.muscle_percent, codes::PER_CENT),
                words(codes::BODY_WATER, of.water_kg, codes::KILOGRAM),
                words(codes::IMPEDANCE, of.impedance_ohm, codes::OHM),
            ];
            (what(), values)
        }
        Measurement::Ecg(_) => return None,
    };
    Some((panel, values.into_iter().flatten().collect()))
}

/// What of a measurement has no field in version 2.5.1.
pub fn remark(measurement: &Measurement) -> Option<String> {
    match measurement {
        Measurement::Temperature(of) => {
            let site = codes::body_site(of.site?);
            Some(format!("Measured at: {} (SNOMED CT {}).", site.display, site.code))
        }
        Measurement::Glucose(of) => Some(codes::meal(of.meal?).to_owned()),
        Measurement::BloodPressure(_)
        | Measurement::Oximetry(_)
        | Measurement::HeartRate(_)
        | Measurement::Weight(_)
        | Measurement::BodyComposition(_)
        | Measurement::Ecg(_) => None,
    }
}

pub fn found(finding: &Finding) -> Value {
    match *finding {
        Finding::RespiratoryRate { per_minute } => {
            number(What::of(codes::RESPIRATORY_RATE), per_minute.into(), codes::PER_MINUTE)
        }
        Finding::Consciousness { level } => {
            code(What::of(codes::RESPONSIVENESS), codes::consciousness(level))
        }
        Finding::Breathing { of } => code(What::Words(codes::AIR_OR_OXYGEN), codes::breathing(of)),
        Finding::Pregnancy { pregnant } => {
            code(What::of(codes::PREGNANCY_STATUS), codes::pregnancy(pregnant))
        }
        Finding::OxygenScale { scale } => {
            let written = components(["", codes::oxygen_scale(scale)]);
            Value { kind: "CE", what: What::Words(codes::OXYGEN_SCALE), written, unit: None }
        }
    }
}
