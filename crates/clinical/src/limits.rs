//! Within which bounds a patient's vital signs are expected to stay, and what is beyond them.
//!
//! A value beyond a limit is true and recorded like any other; somebody is told of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    BodySite, Decimal, DeviceId, Measurement, Reading, Timestamp,
    news2::{Applies, Spo2Scale},
};

/// What a limit can be set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VitalSign {
    /// Per cent.
    Spo2,
    /// Per minute, counted in a finger, an arm or the heart's own signal.
    PulseRate,
    /// Millimetres of mercury.
    Systolic,
    /// Degrees Celsius.
    Temperature,
    /// Breaths per minute.
    RespiratoryRate,
}

/// The lowest and the highest value that are still within. `None`: no limit on this side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limit {
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
}

/// The limits of one patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limits {
    pub spo2: Limit,
    pub pulse_rate: Limit,
    pub systolic: Limit,
    pub temperature: Limit,
    pub respiratory_rate: Limit,
}

/// On which side of its limit a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Low,
    High,
}

/// What is told of a patient who is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Monitoring {
    pub limits: Limits,
    /// Who set them; `None`: they are the usual ones.
    pub set_by: Option<String>,
    pub watched: Vec<Watched>,
}

/// A vital sign that is measured all the time, or that is beyond its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Watched {
    pub sign: VitalSign,
    /// `None`: a person counted it.
    pub device: Option<DeviceId>,
    /// The newest value.
    pub value: Decimal,
    pub at: Timestamp,
    /// Comes about every second. Otherwise it was measured once, or the sensor is no longer on the
    /// patient.
    pub live: bool,
    pub beyond: Option<Side>,
}

impl Limit {
    pub fn side(&self, value: Decimal) -> Option<Side> {
        if self.low.is_some_and(|low| value < low) {
            return Some(Side::Low);
        }
        self.high.is_some_and(|high| value > high).then_some(Side::High)
    }

    /// The bound on that side.
    pub fn bound(&self, side: Side) -> Option<Decimal> {
        match side {
            Side::Low => self.low,
            Side::High => self.high,
        }
    }
}

impl VitalSign {
    pub const ALL: [Self; 5] =
        [Self::Spo2, Self::PulseRate, Self::Systolic, Self::Temperature, Self::RespiratoryRate];

    /// Between these a limit can be set; a limit that no living patient reaches tells of nothing.
    const fn settable(self) -> (Decimal, Decimal) {
        let (low, high) = match self {
            Self::Spo2 => (50, 100),
            Self::PulseRate => (20, 250),
            Self::Systolic => (40, 280),
            Self::Temperature => (30, 43),
            Self::RespiratoryRate => (3, 80),
        };
        (Decimal::new(low, 0), Decimal::new(high, 0))
    }
}

impl Limits {
    /// A value is within where NEWS2 gives it fewer than 3 points: 3 for a single vital sign ask for an
    /// urgent look by themselves (Royal College of Physicians, NEWS 2, 2017, charts 1 and 2). For whom
    /// NEWS2 is not made there are no usual limits.
    pub fn usual(_: Applies, scale: Spo2Scale) -> Self {
        let whole = |low, high: Option<i64>| Limit {
            low: Some(Decimal::new(low, 0)),
            high: high.map(|high| Decimal::new(high, 0)),
        };
        let lowest_spo2 = match scale {
            Spo2Scale::One => 92,
            Spo2Scale::Two => 84,
        };
        Self {
            spo2: whole(lowest_spo2, None),
            pulse_rate: whole(41, Some(130)),
            systolic: whole(91, Some(219)),
            temperature: Limit { low: Some(Decimal::new(351, -1)), high: None },
            respiratory_rate: whole(9, Some(24)),
        }
    }

    pub fn of(&self, sign: VitalSign) -> Limit {
        match sign {
            VitalSign::Spo2 => self.spo2,
            VitalSign::PulseRate => self.pulse_rate,
            VitalSign::Systolic => self.systolic,
            VitalSign::Temperature => self.temperature,
            VitalSign::RespiratoryRate => self.respiratory_rate,
        }
    }

    /// Whether a person can have meant them.
    pub fn are_possible(&self) -> bool {
        VitalSign::ALL.iter().all(|sign| {
            let (least, most) = sign.settable();
            let Limit { low, high } = self.of(*sign);
            let settable = |bound: Decimal| least <= bound && bound <= most;
            let ordered = low.zip(high).is_none_or(|(low, high)| low < high);
            low.is_none_or(settable) && high.is_none_or(settable) && ordered
        })
    }
}

impl Measurement {
    /// The vital signs in it that a limit can be set for.
    pub fn vital_signs(&self) -> Vec<(VitalSign, Decimal)> {
        let pulse = |rate: Option<Decimal>| rate.map(|rate| (VitalSign::PulseRate, rate));
        match self {
            Self::BloodPressure(pressure) => {
                let systolic = Some((VitalSign::Systolic, pressure.systolic));
                systolic.into_iter().chain(pulse(pressure.pulse)).collect()
            }
            Self::Oximetry(oximetry) => {
                let spo2 = Some((VitalSign::Spo2, oximetry.spo2));
                spo2.into_iter().chain(pulse(oximetry.pulse)).collect()
            }
            Self::HeartRate(heart) => vec![(VitalSign::PulseRate, heart.rate)],
            // The skin of a finger says nothing of the body's temperature.
            Self::Temperature(temperature)
                if matches!(temperature.site, Some(BodySite::Finger | BodySite::Toe)) =>
            {
                Vec::new()
            }
            Self::Temperature(temperature) => vec![(VitalSign::Temperature, temperature.celsius)],
            Self::Glucose(_) | Self::Weight(_) | Self::BodyComposition(_) | Self::Ecg(_) => {
                Vec::new()
            }
        }
    }
}

impl Reading {
    /// What of it counts against the limits: nothing that its own device doubts.
    pub fn vital_signs(&self) -> Vec<(VitalSign, Decimal)> {
        if self.stands() { self.measurement.vital_signs() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news2::{Breathing, News2, Observations};

    fn usual(scale: Spo2Scale) -> Limits {
        Limits::usual(Applies::to(Some(40), false).unwrap(), scale)
    }

    /// The points that NEWS2 gives to this one value.
    fn points(sign: VitalSign, value: Decimal, scale: Spo2Scale) -> u8 {
        let breathing = Some(Breathing::Air);
        let mut observed = Observations { scale, breathing, ..Observations::default() };
        let of = match sign {
            VitalSign::Spo2 => &mut observed.spo2,
            VitalSign::PulseRate => &mut observed.pulse,
            VitalSign::Systolic => &mut observed.systolic,
            VitalSign::Temperature => &mut observed.temperature,
            VitalSign::RespiratoryRate => &mut observed.respiratory_rate,
        };
        *of = Some(value);
        let parts = News2::of(&observed, Applies::to(Some(40), false).unwrap()).parts;
        let own = match sign {
            VitalSign::Spo2 => parts.spo2,
            VitalSign::PulseRate => parts.pulse,
            VitalSign::Systolic => parts.sbp,
            VitalSign::Temperature => parts.temp,
            VitalSign::RespiratoryRate => parts.rr,
        };
        own.unwrap()
    }

    #[test]
    fn the_usual_limits_are_where_news2_gives_three_points() {
        for scale in [Spo2Scale::One, Spo2Scale::Two] {
            for sign in VitalSign::ALL {
                for tenths in 200..3000 {
                    let value = Decimal::new(tenths, -1);
                    let is_whole = tenths % 10 == 0;
                    let is_percent = sign == VitalSign::Spo2 && tenths > 1000;
                    if (sign != VitalSign::Temperature && !is_whole) || is_percent {
                        continue;
                    }
                    let beyond = usual(scale).of(sign).side(value).is_some();
                    let three = points(sign, value, scale) == 3;
                    assert_eq!(beyond, three, "{sign:?} {value} on {scale:?}");
                }
            }
        }
    }

    #[test]
    fn the_usual_limits_are_possible() {
        assert!(usual(Spo2Scale::One).are_possible());
        assert!(usual(Spo2Scale::Two).are_possible());
        assert!(Limits::default().are_possible(), "none at all is a choice too");
    }

    #[test]
    fn a_limit_that_nobody_means_is_not_possible() {
        let with = |low: i64, high: i64| {
            let pulse_rate =
                Limit { low: Some(Decimal::new(low, 0)), high: Some(Decimal::new(high, 0)) };
            Limits { pulse_rate, ..Limits::default() }.are_possible()
        };
        assert!(with(50, 120));
        assert!(!with(120, 50));
        assert!(!with(60, 60), "nothing would be within for long");
        assert!(!with(0, 120));
        assert!(!with(50, 999));
    }
}
