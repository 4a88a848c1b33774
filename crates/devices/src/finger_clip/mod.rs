//! What every oximeter that streams live values has in common.
//!
//! Knows no bytes: a driver gives it one [`Sample`] after the other, and is told which of them is a
//! reading and what has changed on the finger.

mod policy;
mod unchecked;

use clinical::{Decimal, Measurement, Oximetry, Quality};
use policy::{Policy, Verdict};
pub(crate) use unchecked::Unchecked;

use crate::{Action, Measured, Millis, Report, Status};

/// Without a frame for this long nothing is known of the patient any more.
const SILENCE: Millis = 3_000;

/// The live values of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Per cent.
    pub(crate) spo2: Option<u16>,
    /// Per minute.
    pub(crate) pulse: Option<u16>,
    /// No sensor, or no finger in it.
    pub(crate) off: bool,
    /// On a finger, but without a pulse that it trusts.
    pub(crate) searching: bool,
    pub(crate) artifact: bool,
    /// A pulse so weak that the value is marginal.
    pub(crate) low_perfusion: bool,
}

impl Sample {
    fn measurement(&self) -> Option<Measurement> {
        let (spo2, pulse) = (self.spo2?.into(), self.pulse.map(Decimal::from));
        Some(Measurement::Oximetry(Oximetry { spo2, pulse }))
    }
}

#[derive(Debug)]
pub(crate) struct Live {
    policy: Policy,
    per_second: u32,
    /// Samples since the last one that was told to who watches.
    since_told: u32,
    shown: Option<Status>,
    silent_at: Option<Millis>,
}

impl Live {
    /// For an oximeter that sends this many samples per second.
    pub(crate) fn new(per_second: u32) -> Self {
        let policy = Policy::new(per_second);
        Self { policy, per_second, since_told: per_second, shown: None, silent_at: None }
    }

    /// A sound frame has come, whatever it says.
    pub(crate) fn heard(&mut self, now: Millis) {
        self.silent_at = Some(now + SILENCE);
    }

    /// `raw`: the bytes that hold the sample. A status that has changed goes to `actions`; the
    /// answer is a reading that the caller reports.
    pub(crate) fn sample(
        &mut self,
        sample: &Sample,
        raw: &[u8],
        actions: &mut Vec<Action>,
    ) -> Option<Measured> {
        let verdict = self.policy.sample(sample);
        let status = match verdict {
            Verdict::Off => Status::NotOnPatient,
            Verdict::Searching => Status::Measuring { cuff_mmhg: None },
            Verdict::Steady | Verdict::Reading { .. } => Status::Ready,
        };
        // A reading makes it ready without a word.
        let implied = status == Status::Ready;
        if self.shown.replace(status) != Some(status) && !implied {
            actions.push(Action::Report(Report::Status(status)));
        }
        actions.extend(self.live(sample, implied).map(Action::Report));
        let Verdict::Reading { artifact, low_perfusion } = verdict else { return None };
        let remarks =
            [artifact.then_some(Quality::Artifact), low_perfusion.then_some(Quality::LowPerfusion)];
        let quality = remarks.into_iter().flatten().collect();
        Some(Measured { quality, ..Measured::new(sample.measurement()?, raw) })
    }

    /// Once a second of a steady finger.
    fn live(&mut self, sample: &Sample, is_steady: bool) -> Option<Report> {
        self.since_told = self.since_told.saturating_add(1);
        if !is_steady || sample.artifact || self.since_told < self.per_second {
            return None;
        }
        self.since_told = 0;
        Report::live(sample.measurement()?)
    }

    /// A person wants the next steady value at once.
    pub(crate) fn ask(&mut self) {
        self.policy.ask();
    }

    /// Whether it has fallen silent by now; said once.
    pub(crate) fn silent(&mut self, now: Millis) -> bool {
        self.silent_at.take_if(|silent_at| now >= *silent_at).is_some()
    }

    /// When it will have fallen silent.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.silent_at
    }
}

/// For tests of drivers: what was reported beside the live values, in a word each.
#[cfg(test)]
pub(crate) fn words(actions: Vec<Action>) -> Vec<String> {
    crate::said::without_live(actions).into_iter().map(word).collect()
}

#[cfg(test)]
fn word(action: Action) -> String {
    match action {
        Action::Report(Report::Measured(Measured { measurement, quality, .. })) => {
            let Measurement::Oximetry(Oximetry { spo2, pulse }) = measurement else { panic!() };
            format!("{spo2} % {pulse:?} {quality:?}")
        }
        Action::Report(Report::Status(Status::NotOnPatient)) => "off".to_owned(),
        Action::Report(Report::Status(Status::Measuring { .. })) => "on".to_owned(),
        Action::Report(Report::Malformed(wrong)) => wrong.what.to_string(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Sample = Sample {
        spo2: Some(97),
        pulse: Some(72),
        off: false,
        searching: false,
        artifact: false,
        low_perfusion: false,
    };

    /// The numbers of the samples, from 1, at which a live value is told.
    fn told(live: &mut Live, samples: impl IntoIterator<Item = Sample>) -> Vec<usize> {
        let mut told = Vec::new();
        for (number, sample) in (1..).zip(samples) {
            let mut actions = Vec::new();
            drop(live.sample(&sample, &[], &mut actions));
            let is_live = |action: &&Action| matches!(action, Action::Report(Report::Live(_)));
            told.extend(actions.iter().filter(is_live).map(|_| number));
        }
        told
    }

    #[test]
    fn a_steady_finger_is_told_of_once_a_second() {
        assert_eq!(told(&mut Live::new(3), [GOOD; 22]), [12, 15, 18, 21]);
    }

    #[test]
    fn nothing_is_told_of_a_finger_that_moves_or_is_out() {
        for bad in [Sample { artifact: true, ..GOOD }, Sample { off: true, ..GOOD }] {
            let mut live = Live::new(1);
            assert_eq!(told(&mut live, [GOOD; 5]), [4, 5]);
            assert_eq!(told(&mut live, [bad; 20]), [0; 0]);
        }
    }

    #[test]
    fn a_value_that_cannot_be_true_is_not_told() {
        assert_eq!(told(&mut Live::new(1), [Sample { spo2: Some(110), ..GOOD }; 20]), [0; 0]);
    }
}
