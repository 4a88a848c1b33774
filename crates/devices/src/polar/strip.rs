//! Ten seconds of ECG, gathered without a gap.
//!
//! A physician measures intervals on a strip. Two pieces that are joined where a notification was
//! lost would show a beat that never was, so such a strip fails.

use super::pmd::{HERTZ, Notification};

/// Ten seconds: what a strip on paper shows, and enough for a rhythm to be judged.
const SAMPLES: usize = 10 * HERTZ as usize;
const NANOS_PER_SECOND: u64 = 1_000_000_000;
/// Less than one sample (7.7 ms), so that not even a single one can be missing; more than a clock
/// that is half a per cent off gathers in one notification (73 samples, 2.8 ms).
const TOLERANCE_NANOS: u64 = 7_000_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Strip {
    microvolts: Vec<i32>,
    /// The notifications as they came, one after the other.
    raw: Vec<u8>,
    /// When the last sample was.
    last_nanos: Option<u64>,
}

/// Samples are missing before this notification, or it is not of this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap;

impl Strip {
    /// Bounded: every notification has a sample, and a whole strip takes none any more.
    pub(super) fn add(&mut self, notification: &Notification, raw: &[u8]) -> Result<(), Gap> {
        let Notification { nanos, microvolts } = notification;
        if let Some(last) = self.last_nanos {
            let expected = microvolts.len() as u64 * NANOS_PER_SECOND / u64::from(HERTZ);
            let passed = nanos.checked_sub(last).ok_or(Gap)?;
            if passed.abs_diff(expected) > TOLERANCE_NANOS {
                return Err(Gap);
            }
        }
        self.last_nanos = Some(*nanos);
        self.microvolts.extend(microvolts);
        self.raw.extend(raw);
        Ok(())
    }

    /// The samples in microvolts and the bytes they came in, once there are enough.
    pub(super) fn whole(&mut self) -> Option<(Vec<i32>, Vec<u8>)> {
        if self.microvolts.len() < SAMPLES {
            return None;
        }
        self.microvolts.truncate(SAMPLES);
        let Self { microvolts, raw, .. } = std::mem::take(self);
        Some((microvolts, raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(nanos: u64, count: usize) -> Notification {
        Notification { nanos, microvolts: vec![100; count] }
    }

    /// Whether a notification of 73 samples follows 1 s + `nanos` after another.
    fn check(nanos: u64, expected: Result<(), Gap>) {
        let mut strip = Strip::default();
        assert_eq!(strip.add(&notification(NANOS_PER_SECOND, 73), &[]), Ok(()));
        let next = notification(NANOS_PER_SECOND + nanos, 73);
        assert_eq!(strip.add(&next, &[]), expected, "{nanos}");
    }

    #[test]
    fn a_notification_follows_when_as_much_time_as_samples_passed() {
        check(561_538_461, Ok(()));
        check(561_538_461 - 2_800_000, Ok(()));
        check(561_538_461 + 2_800_000, Ok(()));
    }

    #[test]
    fn a_single_missing_sample_is_a_gap() {
        check(561_538_461 + 7_692_308, Err(Gap));
        check(561_538_461 - 7_692_308, Err(Gap));
        check(2 * 561_538_461, Err(Gap));
        check(0, Err(Gap));
    }

    #[test]
    fn a_clock_that_runs_back_is_a_gap() {
        let mut strip = Strip::default();
        assert_eq!(strip.add(&notification(u64::MAX, 1), &[]), Ok(()));
        assert_eq!(strip.add(&notification(0, 1), &[]), Err(Gap));
    }

    #[test]
    fn a_strip_has_ten_seconds_exactly() {
        let mut strip = Strip::default();
        for number in 1..=17 {
            strip.add(&notification(number * 561_538_461, 73), &[0]).unwrap();
            assert_eq!(strip.whole(), None);
        }
        strip.add(&notification(18 * 561_538_461, 73), &[0]).unwrap();
        let (microvolts, raw) = strip.whole().unwrap();
        assert_eq!((microvolts.len(), raw.len()), (1300, 18));
        assert_eq!(strip, Strip::default());
    }
}
