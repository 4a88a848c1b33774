//! The early warning score of an open encounter: which of its values NEWS2 is made of now.
//!
//! One rule for the cart and the hub, so that nurse and physician are never told two scores of the same
//! entries. Says what is missing, and never fills a gap.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Decimal, Entry, EntryBody, Finding, Limits, Observed, Patient, Reading, Timestamp, VitalSign,
    news2::{Applies, Breathing, Consciousness, News2, NotFor, Observations, Spo2Scale},
};

/// What is observed an hour apart is not of one state of the patient: from 5 points on NEWS2 is
/// observed every hour at least (Royal College of Physicians, 2017, chart 4).
const OLDEST_MS: i64 = 60 * 60_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum EarlyWarning {
    Score {
        news2: News2,
        /// By which the oxygen saturation was judged.
        scale: Spo2Scale,
        /// From then on one of its values is too old, and it is no longer this patient's score.
        until: Option<Timestamp>,
    },
    /// The bands are not those of this patient's body.
    NotFor { why: NotFor },
}

/// What a score can be made of.
#[derive(Clone, Copy, Debug)]
pub enum Vital<'a> {
    Measured(&'a Reading),
    /// With the time of its entry.
    Observed(&'a Observed, Timestamp),
}

impl<'a> Vital<'a> {
    pub fn of(entry: &'a Entry) -> Option<Self> {
        match &entry.body {
            EntryBody::Reading(reading) => Some(Self::Measured(reading)),
            EntryBody::Observed(observed) => Some(Self::Observed(observed, entry.recorded)),
            EntryBody::Opened(_)
            | EntryBody::Still(_)
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => None,
        }
    }
}

impl EarlyWarning {
    /// Of the vital signs of one encounter, in any order.
    ///
    /// SpO2 is scored on scale 1 unless scale 2 was prescribed in this encounter.
    #[must_use]
    pub fn of<'a>(
        patient: &Patient,
        vitals: impl IntoIterator<Item = Vital<'a>>,
        now: Timestamp,
    ) -> Self {
        let newest = Newest::of(vitals);
        match newest.applies(patient, now) {
            Ok(applies) => newest.score(applies, now),
            Err(why) => Self::NotFor { why },
        }
    }
}

impl Limits {
    /// What is expected of this patient where nobody has set other limits, from the vital signs of one
    /// encounter. None for whom the score is not made.
    #[must_use]
    pub fn expected<'a>(
        patient: &Patient,
        vitals: impl IntoIterator<Item = Vital<'a>>,
        now: Timestamp,
    ) -> Self {
        let newest = Newest::of(vitals);
        let applies = newest.applies(patient, now);
        applies.map_or_else(|_| Self::default(), |applies| Self::usual(applies, newest.scale()))
    }
}

/// The newest of each kind, however old.
#[derive(Default)]
struct Newest {
    respiratory_rate: Latest<Decimal>,
    spo2: Latest<Decimal>,
    breathing: Latest<Breathing>,
    systolic: Latest<Decimal>,
    pulse: Latest<Decimal>,
    consciousness: Latest<Consciousness>,
    temperature: Latest<Decimal>,
    pregnant: Latest<bool>,
    scale: Latest<Spo2Scale>,
}

impl Newest {
    fn of<'a>(vitals: impl IntoIterator<Item = Vital<'a>>) -> Self {
        let mut newest = Self::default();
        for vital in vitals {
            newest.take(vital);
        }
        newest
    }

    fn take(&mut self, vital: Vital<'_>) {
        match vital {
            Vital::Measured(reading) => self.take_reading(reading),
            Vital::Observed(observed, at) => match observed.what {
                Finding::RespiratoryRate { per_minute } => {
                    self.respiratory_rate.take(at, Some(per_minute.into()));
                }
                Finding::Consciousness { level } => self.consciousness.take(at, Some(level)),
                Finding::Breathing { of } => self.breathing.take(at, Some(of)),
                Finding::Pregnancy { pregnant } => self.pregnant.take(at, Some(pregnant)),
                Finding::OxygenScale { scale } => self.scale.take(at, Some(scale)),
            },
        }
    }

    fn take_reading(&mut self, reading: &Reading) {
        let at = reading.measured_at();
        for (sign, value) in reading.measurement.vital_signs() {
            let latest = match sign {
                VitalSign::Spo2 => &mut self.spo2,
                VitalSign::PulseRate => &mut self.pulse,
                VitalSign::Systolic => &mut self.systolic,
                VitalSign::Temperature => &mut self.temperature,
                VitalSign::RespiratoryRate => &mut self.respiratory_rate,
            };
            // What is doubted is missing until it is measured again; an older value does not take its place.
            latest.take(at, reading.stands().then_some(value));
        }
    }

    /// A prescription holds for all of the encounter.
    fn scale(&self) -> Spo2Scale {
        self.scale.value().unwrap_or_default()
    }

    /// A pregnancy that was noted in this encounter holds for all of it.
    fn applies(&self, patient: &Patient, now: Timestamp) -> Result<Applies, NotFor> {
        let age = patient.age_years(now).ok_or(NotFor::AgeUnknown)?;
        Applies::to(Some(age), self.pregnant.value() == Some(true))
    }

    fn score(&self, applies: Applies, now: Timestamp) -> EarlyWarning {
        let observed = Observations {
            respiratory_rate: self.respiratory_rate.fresh(now),
            spo2: self.spo2.fresh(now),
            scale: self.scale(),
            breathing: self.breathing.fresh(now),
            systolic: self.systolic.fresh(now),
            pulse: self.pulse.fresh(now),
            consciousness: self.consciousness.fresh(now),
            temperature: self.temperature.fresh(now),
        };
        let ends = [
            self.respiratory_rate.end(now),
            self.spo2.end(now),
            self.breathing.end(now),
            self.systolic.end(now),
            self.pulse.end(now),
            self.consciousness.end(now),
            self.temperature.end(now),
        ];
        let until = ends.into_iter().flatten().min();
        EarlyWarning::Score { news2: News2::of(&observed, applies), scale: observed.scale, until }
    }
}

/// When it was observed, and what; `None` inside: measured, and not to be used.
struct Latest<T>(Option<(Timestamp, Option<T>)>);

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Copy> Latest<T> {
    /// Of two at the same time, the one that comes last.
    fn take(&mut self, at: Timestamp, value: Option<T>) {
        if self.0.is_none_or(|(known, _)| at >= known) {
            self.0 = Some((at, value));
        }
    }

    fn value(&self) -> Option<T> {
        self.0.and_then(|(_, value)| value)
    }

    fn fresh(&self, now: Timestamp) -> Option<T> {
        self.end(now).and_then(|_| self.value())
    }

    /// Until when it may be used, if it may be used now.
    fn end(&self, now: Timestamp) -> Option<Timestamp> {
        let (at, value) = self.0?;
        value?;
        (now.millis_since(at) < OLDEST_MS).then(|| at.plus_millis(OLDEST_MS))
    }
}

#[cfg(test)]
mod tests;
