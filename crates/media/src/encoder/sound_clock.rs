//! Gives pieces of sound times without gaps, whatever the pace at which they arrive.
//!
//! A network or a sound card hands sound over in bursts. The time of arrival would tear it; the
//! count of samples alone would run away from the pictures.

use std::time::Duration;

const SAMPLES_PER_SECOND: u64 = 48_000;
/// More than a burst of 40 ms on top of a 20 ms piece is a gap, or a source that runs too fast.
const TOLERANCE: Duration = Duration::from_millis(60);

#[derive(Default)]
pub(crate) struct SoundClock {
    next: Option<Duration>,
}

impl SoundClock {
    /// The time of a piece of so many samples that arrives now. `None` when it has to be left
    /// out: sound that is ahead of its time would only be heard later and later.
    pub(crate) fn stamp(&mut self, now: Duration, samples: u64) -> Option<Duration> {
        let next = self.next.unwrap_or(now);
        if next > now + TOLERANCE {
            return None;
        }
        let time = if next + TOLERANCE < now { now } else { next };
        self.next = Some(time + Duration::from_nanos(samples * 1_000_000_000 / SAMPLES_PER_SECOND));
        Some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of 20 ms that arrive at these milliseconds, and the times they get.
    fn check(arrive: &[u64], expected: &[Option<u64>]) {
        let mut clock = SoundClock::default();
        let times: Vec<_> = arrive
            .iter()
            .map(|ms| clock.stamp(Duration::from_millis(*ms), 960))
            .map(|time| time.map(|time| time.as_millis() as u64))
            .collect();
        assert_eq!(times, expected);
    }

    #[test]
    fn uneven_arrival_leaves_no_gap() {
        check(&[100, 135, 136, 160], &[Some(100), Some(120), Some(140), Some(160)]);
    }

    #[test]
    fn after_a_gap_sound_is_at_its_own_time_again() {
        check(&[100, 120, 1_000, 1_020], &[Some(100), Some(120), Some(1_000), Some(1_020)]);
    }

    #[test]
    fn sound_that_comes_too_fast_is_left_out() {
        let expected = [Some(0), Some(20), Some(40), Some(60), None, None, Some(80)];
        check(&[0, 0, 0, 0, 0, 10, 30], &expected);
    }
}
