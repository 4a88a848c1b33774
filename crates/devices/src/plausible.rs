//! Judges whether a measured value can be true.
//!
//! These are engineering gates against broken devices and garbled bytes, not clinical norms and not
//! alarm limits. Outside the hard range no patient lives: the value is refused. Outside the soft
//! range a person looks before it is used.

use clinical::{
    BloodPressure, BodyComposition, Decimal, Glucose, GlucoseUnit, Measurement, Oximetry,
    Temperature, Weight,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plausibility {
    Usual,
    /// Possible, but seldom: a person confirms it.
    Unusual,
    /// Not recorded to anybody.
    Impossible,
}

/// Both pairs are inclusive.
struct Range {
    hard: (Decimal, Decimal),
    soft: (Decimal, Decimal),
}

const fn range(hard: (i64, i64), soft: (i64, i64)) -> Range {
    tenths((hard.0 * 10, hard.1 * 10), (soft.0 * 10, soft.1 * 10))
}

const fn tenths(hard: (i64, i64), soft: (i64, i64)) -> Range {
    Range {
        hard: (Decimal::new(hard.0, -1), Decimal::new(hard.1, -1)),
        soft: (Decimal::new(soft.0, -1), Decimal::new(soft.1, -1)),
    }
}

/// mmHg.
const SYSTOLIC: Range = range((30, 300), (60, 260));
/// mmHg.
const DIASTOLIC: Range = range((10, 200), (30, 150));
/// Per minute.
const PULSE: Range = range((20, 300), (30, 220));
/// Per minute.
const RESPIRATORY_RATE: Range = range((1, 120), (5, 60));
/// Per cent.
const SPO2: Range = range((1, 100), (70, 100));
/// Degrees Celsius.
const TEMPERATURE: Range = range((25, 45), (32, 43));
/// Milligrams per decilitre.
const GLUCOSE_MG: Range = range((10, 1000), (20, 600));
/// Millimoles per litre: the same, divided by 18.0156.
const GLUCOSE_MMOL: Range = tenths((6, 555), (11, 333));
/// Kilograms, from a premature child to the heaviest person known; what a bedside scale bears.
const WEIGHT: Range = tenths((2, 6350), (20, 3000));
/// Per cent.
const FAT: Range = range((1, 80), (3, 65));
/// Per cent of the body's mass.
const SHARE: Range = range((0, 100), (0, 100));

pub fn judge(measurement: &Measurement) -> Plausibility {
    match measurement {
        Measurement::BloodPressure(pressure) => blood_pressure(pressure),
        Measurement::Oximetry(Oximetry { spo2, pulse }) => {
            within(*spo2, &SPO2).max(optional(*pulse, &PULSE))
        }
        Measurement::Temperature(Temperature { celsius, .. }) => within(*celsius, &TEMPERATURE),
        Measurement::HeartRate(heart) => within(heart.rate, &PULSE),
        Measurement::Glucose(Glucose { concentration, unit, .. }) => match unit {
            GlucoseUnit::MgPerDl => within(*concentration, &GLUCOSE_MG),
            GlucoseUnit::MmolPerL => within(*concentration, &GLUCOSE_MMOL),
        },
        Measurement::Weight(Weight { kilograms, .. }) => within(*kilograms, &WEIGHT),
        Measurement::BodyComposition(body) => composition(body),
        // A trace has no value that could be judged; a physician reads it.
        Measurement::Ecg(_) => Plausibility::Usual,
    }
}

/// One number that a person types, without the rest of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Per minute.
    RespiratoryRate,
    /// Per cent.
    Spo2,
    /// Millimetres of mercury.
    Systolic,
    /// Per minute.
    Pulse,
    /// Degrees Celsius.
    Temperature,
}

impl Quantity {
    /// The lowest and the highest that a living patient has; both are still possible.
    pub fn possible(self) -> (Decimal, Decimal) {
        match self {
            Self::RespiratoryRate => RESPIRATORY_RATE.hard,
            Self::Spo2 => SPO2.hard,
            Self::Systolic => SYSTOLIC.hard,
            Self::Pulse => PULSE.hard,
            Self::Temperature => TEMPERATURE.hard,
        }
    }
}

fn composition(body: &BodyComposition) -> Plausibility {
    within(body.fat_percent, &FAT).max(optional(body.muscle_percent, &SHARE))
}

fn blood_pressure(pressure: &BloodPressure) -> Plausibility {
    let BloodPressure { systolic, diastolic, mean, pulse } = pressure;
    let ordered = match mean {
        Some(mean) => diastolic < mean && mean < systolic,
        None => diastolic < systolic,
    };
    if !ordered {
        return Plausibility::Impossible;
    }
    within(*systolic, &SYSTOLIC).max(within(*diastolic, &DIASTOLIC)).max(optional(*pulse, &PULSE))
}

fn optional(value: Option<Decimal>, range: &Range) -> Plausibility {
    value.map_or(Plausibility::Usual, |value| within(value, range))
}

fn within(value: Decimal, range: &Range) -> Plausibility {
    let lies_in = |(low, high): (Decimal, Decimal)| value >= low && value <= high;
    match (lies_in(range.hard), lies_in(range.soft)) {
        (false, _) => Plausibility::Impossible,
        (true, false) => Plausibility::Unusual,
        (true, true) => Plausibility::Usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressure(systolic: u16, diastolic: u16, mean: Option<u16>, pulse: u16) -> Plausibility {
        judge(&Measurement::BloodPressure(BloodPressure {
            systolic: systolic.into(),
            diastolic: diastolic.into(),
            mean: mean.map(Decimal::from),
            pulse: Some(pulse.into()),
        }))
    }

    fn temperature(tenths: i64) -> Plausibility {
        let celsius = Decimal::new(tenths, -1);
        judge(&Measurement::Temperature(Temperature { celsius, site: None }))
    }

    fn oximetry(spo2: u16, pulse: u16) -> Plausibility {
        judge(&Measurement::Oximetry(Oximetry { spo2: spo2.into(), pulse: Some(pulse.into()) }))
    }

    #[test]
    fn a_pressure_of_every_day_is_usual() {
        assert_eq!(pressure(128, 82, Some(97), 72), Plausibility::Usual);
        assert_eq!(pressure(128, 82, None, 72), Plausibility::Usual);
        assert_eq!(pressure(260, 150, Some(180), 220), Plausibility::Usual);
    }

    #[test]
    fn a_pressure_of_a_crisis_is_asked_about() {
        assert_eq!(pressure(261, 140, Some(180), 72), Plausibility::Unusual);
        assert_eq!(pressure(59, 35, Some(42), 72), Plausibility::Unusual);
        assert_eq!(pressure(128, 82, Some(97), 29), Plausibility::Unusual);
    }

    #[test]
    fn pressures_out_of_order_are_refused() {
        assert_eq!(pressure(82, 128, None, 72), Plausibility::Impossible);
        assert_eq!(pressure(128, 82, Some(82), 72), Plausibility::Impossible);
        assert_eq!(pressure(128, 82, Some(130), 72), Plausibility::Impossible);
    }

    #[test]
    fn nothing_outside_of_the_hard_range_passes() {
        assert_eq!(pressure(301, 82, Some(97), 72), Plausibility::Impossible);
        assert_eq!(pressure(128, 9, Some(97), 72), Plausibility::Impossible);
        assert_eq!(pressure(128, 82, Some(97), 19), Plausibility::Impossible);
        assert_eq!(oximetry(0, 72), Plausibility::Impossible);
        assert_eq!(oximetry(101, 72), Plausibility::Impossible);
        assert_eq!(temperature(249), Plausibility::Impossible);
        assert_eq!(temperature(451), Plausibility::Impossible);
    }

    #[test]
    fn the_soft_bounds_themselves_are_usual() {
        assert_eq!(oximetry(70, 72), Plausibility::Usual);
        assert_eq!(oximetry(69, 72), Plausibility::Unusual);
        assert_eq!(temperature(320), Plausibility::Usual);
        assert_eq!(temperature(319), Plausibility::Unusual);
        assert_eq!(temperature(431), Plausibility::Unusual);
    }
}
