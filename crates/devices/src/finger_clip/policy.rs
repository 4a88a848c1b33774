//! When a stream of live values becomes a reading.
//!
//! An oximeter gives values all the time; a chart wants one that can be stood by. Counted in samples
//! of the device and not by a clock, so that a recorded stream gives the same readings at any speed.

use super::Sample;

/// Four seconds: the average over four beats has filled with beats of this finger.
const STEADY_S: u32 = 4;
/// One minute.
const INTERVAL_S: u32 = 60;

/// Decides sample by sample.
#[derive(Debug)]
pub(super) struct Policy {
    /// Samples in four seconds, and in a minute.
    steady: u32,
    interval: u32,
    /// Good samples in a row.
    good: u32,
    /// Good samples since the last reading of this finger.
    since_reading: Option<u32>,
    /// A person asked for a reading now.
    asked: bool,
    /// Samples since the last one with an artifact, and with a weak pulse.
    since_artifact: Option<u32>,
    since_weak: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not on a finger.
    Off,
    /// On a finger, but nothing to stand by yet.
    Searching,
    /// Nothing new since the last reading.
    Steady,
    Reading {
        artifact: bool,
        low_perfusion: bool,
    },
}

impl Policy {
    /// For an oximeter that sends this many samples per second.
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            steady: STEADY_S * per_second,
            interval: INTERVAL_S * per_second,
            good: 0,
            since_reading: None,
            asked: false,
            since_artifact: None,
            since_weak: None,
        }
    }

    pub(super) fn sample(&mut self, sample: &Sample) -> Verdict {
        let Sample { off, searching, .. } = *sample;
        if off || searching || sample.spo2.is_none() || sample.pulse.is_none() {
            self.start_anew(off);
            return if off { Verdict::Off } else { Verdict::Searching };
        }
        self.good = self.good.saturating_add(1);
        self.since_reading = self.since_reading.map(|count| count.saturating_add(1));
        self.since_artifact = since(self.since_artifact, sample.artifact);
        self.since_weak = since(self.since_weak, sample.low_perfusion);
        if self.good < self.steady {
            return Verdict::Searching;
        }
        if !self.due() {
            return Verdict::Steady;
        }
        self.since_reading = Some(0);
        self.asked = false;
        let lately = |since: Option<u32>| since.is_some_and(|count| count < self.steady);
        Verdict::Reading {
            artifact: lately(self.since_artifact),
            low_perfusion: lately(self.since_weak),
        }
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
    }

    /// Who asked still gets a reading, but not one of the next finger.
    fn start_anew(&mut self, off: bool) {
        self.good = 0;
        self.since_reading = None;
        self.since_artifact = None;
        self.since_weak = None;
        self.asked &= !off;
    }

    fn due(&self) -> bool {
        self.asked || self.since_reading.is_none_or(|count| count >= self.interval)
    }
}

fn since(count: Option<u32>, now: bool) -> Option<u32> {
    if now { Some(0) } else { count.map(|count| count.saturating_add(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Sample = Sample {
        pulse: Some(72),
        spo2: Some(97),
        off: false,
        searching: false,
        artifact: false,
        low_perfusion: false,
    };

    fn policy() -> Policy {
        Policy::new(3)
    }

    /// The numbers of the samples, from 1, at which a reading is taken.
    fn readings(policy: &mut Policy, samples: impl IntoIterator<Item = Sample>) -> Vec<usize> {
        let verdicts = samples.into_iter().map(|sample| policy.sample(&sample));
        let numbered = (1..).zip(verdicts);
        numbered
            .filter(|(_, verdict)| matches!(verdict, Verdict::Reading { .. }))
            .map(|(number, _)| number)
            .collect()
    }

    #[test]
    fn one_reading_after_four_seconds_and_then_one_a_minute() {
        assert_eq!(readings(&mut policy(), [GOOD; 400]), [12, 192, 372]);
        assert_eq!(readings(&mut Policy::new(1), [GOOD; 130]), [4, 64, 124]);
    }

    #[test]
    fn a_finger_that_is_taken_out_starts_anew() {
        let mut stream = vec![GOOD; 11];
        stream.push(Sample { off: true, ..GOOD });
        stream.extend([GOOD; 12]);
        assert_eq!(readings(&mut policy(), stream), [24]);
    }

    #[test]
    fn a_missing_value_starts_anew() {
        let mut policy = policy();
        assert_eq!(readings(&mut policy, [GOOD; 12]), [12]);
        assert_eq!(policy.sample(&Sample { spo2: None, ..GOOD }), Verdict::Searching);
        assert_eq!(readings(&mut policy, [GOOD; 12]), [12]);
    }

    #[test]
    fn who_asks_gets_a_reading_at_once_from_a_steady_finger() {
        let mut policy = policy();
        assert_eq!(readings(&mut policy, [GOOD; 20]), [12]);
        policy.ask();
        assert_eq!(readings(&mut policy, [GOOD; 100]), [1]);
    }

    #[test]
    fn who_asks_without_a_steady_finger_waits_for_one() {
        let mut policy = policy();
        policy.ask();
        assert_eq!(readings(&mut policy, [GOOD; 100]), [12]);
    }

    #[test]
    fn remarks_stay_with_a_reading_for_four_seconds() {
        let mut policy = policy();
        assert_eq!(readings(&mut policy, [Sample { artifact: true, ..GOOD }]), [0; 0]);
        assert_eq!(readings(&mut policy, [GOOD; 10]), [0; 0]);
        let verdict = policy.sample(&GOOD);
        assert_eq!(verdict, Verdict::Reading { artifact: true, low_perfusion: false });
        policy.ask();
        let verdict = policy.sample(&Sample { low_perfusion: true, ..GOOD });
        assert_eq!(verdict, Verdict::Reading { artifact: false, low_perfusion: true });
    }
}
