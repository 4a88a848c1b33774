//! What was measured and observed, in words with units.

use clinical::{
    BloodPressure, BodyComposition, Decimal, Ecg, Finding, Glucose, Measurement, Oximetry, Reading,
    Weight,
    news2::{Breathing, Consciousness},
};
use terminology::{
    CELSIUS, CENTIMETRE, KILOGRAM, KILOGRAM_PER_SQUARE_METRE, MILLIMETRES_OF_MERCURY, OHM,
    PER_CENT, PER_MINUTE, Unit, centimetres, glucose_unit, oxygen_scale, remark,
};

/// With the device.
pub fn reading(reading: &Reading) -> String {
    format!("{} ({})", measurement(&reading.measurement), reading.device.model)
}

/// What the device itself says about a reading.
pub fn remarks(reading: &Reading) -> Vec<&'static str> {
    reading.quality.iter().map(|quality| remark(*quality)).collect()
}

fn measurement(measurement: &Measurement) -> String {
    match measurement {
        Measurement::BloodPressure(BloodPressure { systolic, diastolic, mean, pulse }) => {
            let unit = MILLIMETRES_OF_MERCURY.written;
            let both = format!("Blood pressure {systolic}/{diastolic} {unit}");
            with(both, [("mean", *mean, MILLIMETRES_OF_MERCURY), ("pulse", *pulse, PER_MINUTE)])
        }
        Measurement::Oximetry(Oximetry { spo2, pulse }) => {
            with(value("Oxygen saturation", *spo2, PER_CENT), [("pulse", *pulse, PER_MINUTE)])
        }
        Measurement::Temperature(found) => value("Temperature", found.celsius, CELSIUS),
        Measurement::HeartRate(found) => value("Heart rate", found.rate, PER_MINUTE),
        Measurement::Glucose(Glucose { concentration, unit, .. }) => {
            value("Glucose", *concentration, glucose_unit(*unit))
        }
        Measurement::Weight(Weight { kilograms, height_m, bmi }) => with(
            value("Weight", *kilograms, KILOGRAM),
            [
                ("height", height_m.map(centimetres), CENTIMETRE),
                ("body mass index", *bmi, KILOGRAM_PER_SQUARE_METRE),
            ],
        ),
        Measurement::BodyComposition(BodyComposition {
            fat_percent,
            muscle_percent,
            water_kg,
            impedance_ohm,
        }) => with(
            value("Body fat", *fat_percent, PER_CENT),
            [
                ("muscle", *muscle_percent, PER_CENT),
                ("water", *water_kg, KILOGRAM),
                ("impedance", *impedance_ohm, OHM),
            ],
        ),
        Measurement::Ecg(ecg) => strip(ecg),
    }
}

fn strip(ecg: &Ecg) -> String {
    match ecg.microvolts.len().checked_div(usize::from(ecg.hertz)) {
        None | Some(0) if ecg.microvolts.is_empty() || ecg.hertz == 0 => {
            "ECG strip that cannot be drawn".to_owned()
        }
        None | Some(0) => "ECG strip of less than a second".to_owned(),
        Some(seconds) => format!("ECG strip of {seconds} s"),
    }
}

pub fn finding(what: Finding) -> String {
    match what {
        Finding::RespiratoryRate { per_minute } => {
            format!("Respiratory rate {per_minute} {}", PER_MINUTE.written)
        }
        Finding::Consciousness { level } => format!("Consciousness: {}", consciousness(level)),
        Finding::Breathing { of: Breathing::Air } => "Breathing air".to_owned(),
        Finding::Breathing { of: Breathing::Oxygen } => "Breathing oxygen".to_owned(),
        Finding::Pregnancy { pregnant: true } => "Pregnant".to_owned(),
        Finding::Pregnancy { pregnant: false } => "Not pregnant".to_owned(),
        Finding::OxygenScale { scale } => format!("NEWS2 oxygen scale: {}", oxygen_scale(scale)),
    }
}

fn consciousness(level: Consciousness) -> &'static str {
    match level {
        Consciousness::Alert => "alert",
        Consciousness::Confusion => "newly confused",
        Consciousness::Voice => "responds to voice",
        Consciousness::Pain => "responds to pain",
        Consciousness::Unresponsive => "unresponsive",
    }
}

fn value(name: &str, value: Decimal, unit: Unit) -> String {
    format!("{name} {value} {}", unit.written)
}

/// What the device did not tell is left out.
fn with<const N: usize>(first: String, more: [(&str, Option<Decimal>, Unit); N]) -> String {
    let more = more.into_iter().filter_map(|(name, found, unit)| Some(value(name, found?, unit)));
    [first].into_iter().chain(more).collect::<Vec<_>>().join(", ")
}
