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

#[derive(Debug)]
pub(crate) struct Live {
    policy: Policy,
    shown: Option<Status>,
    silent_at: Option<Millis>,
}

impl Live {
    /// For an oximeter that sends this many samples per second.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { policy: Policy::new(per_second), shown: None, silent_at: None }
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
        let Verdict::Reading { artifact, low_perfusion } = verdict else { return None };
        let remarks =
            [artifact.then_some(Quality::Artifact), low_perfusion.then_some(Quality::LowPerfusion)];
        let pulse = sample.pulse.map(Decimal::from);
        let measurement = Measurement::Oximetry(Oximetry { spo2: sample.spo2?.into(), pulse });
        let quality = remarks.into_iter().flatten().collect();
        Some(Measured { quality, ..Measured::new(measurement, raw) })
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

/// For tests of drivers: what was reported, in a word.
#[cfg(test)]
pub(crate) fn word(action: Action) -> String {
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
