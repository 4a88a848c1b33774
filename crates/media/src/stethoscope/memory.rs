//! The last half minute of the stethoscope, sample by sample, and where nothing came.

use std::{collections::VecDeque, ops::Range, time::Duration};

/// As long as a physician listens to one place; as WAV it is 2.9 MB, as much as a still.
const LONGEST: usize = 30 * RATE;
const RATE: usize = 48_000;
/// Times of the device are rounded; a lost piece is ten milliseconds or more.
const ROUNDED: Duration = Duration::from_millis(2);
/// A piece of 40 ms that arrives late or early by half of that is no gap.
const BURST: Duration = Duration::from_millis(60);

#[derive(Default)]
pub(super) struct Memory {
    samples: VecDeque<i16>,
    /// In samples since the first that is still known, in order.
    gaps: VecDeque<Range<usize>>,
    due: Option<Due>,
}

/// When the next sample has to come, if nothing is lost.
struct Due {
    /// By the device's own times; `None`: it gives none, or it was away.
    by_device: Option<Duration>,
    by_clock: Duration,
}

/// What is remembered.
pub(super) struct Remembered<'a> {
    pub samples: &'a VecDeque<i16>,
    /// Where silence stands for what did not come, from the first sample.
    pub gaps: Vec<Range<Duration>>,
    /// From the first sample to `now`.
    pub since: Duration,
}

impl Memory {
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// `time` is that of the first sample as the device counts it, `now` when the last one came.
    pub fn hear(
        &mut self,
        samples: impl ExactSizeIterator<Item = i16>,
        time: Option<Duration>,
        now: Duration,
    ) {
        let length = duration(samples.len());
        self.leave_out(self.missing(time, now.saturating_sub(length)));
        self.samples.extend(samples);
        self.due = Some(Due { by_device: time.map(|time| time + length), by_clock: now });
        self.keep_within(LONGEST);
    }

    /// The device is away: its times begin anew.
    pub fn lost(&mut self) {
        if let Some(due) = &mut self.due {
            due.by_device = None;
        }
    }

    /// How much would be kept now.
    pub fn length(&self) -> Duration {
        duration(self.samples.len())
    }

    /// `None`: nothing was heard.
    pub fn remembered(&self, now: Duration) -> Option<Remembered<'_>> {
        let due = self.due.as_ref().filter(|_| !self.samples.is_empty())?;
        let gaps = self.gaps.iter().map(|gap| duration(gap.start)..duration(gap.end)).collect();
        let since = now.saturating_sub(due.by_clock) + self.length();
        Some(Remembered { samples: &self.samples, gaps, since })
    }

    /// Between the last sample and the first of a piece with this time, which was heard at `began`.
    fn missing(&self, time: Option<Duration>, began: Duration) -> Duration {
        let (gap, tolerance) = match (&self.due, time) {
            (None, _) => return Duration::ZERO,
            (Some(Due { by_device: Some(due), .. }), Some(time)) => {
                (time.saturating_sub(*due), ROUNDED)
            }
            (Some(due), _) => (began.saturating_sub(due.by_clock), BURST),
        };
        if gap <= tolerance { Duration::ZERO } else { gap }
    }

    fn leave_out(&mut self, gap: Duration) {
        let count = samples(gap);
        if count >= LONGEST {
            return self.forget();
        }
        if count > 0 {
            let start = self.samples.len();
            self.gaps.push_back(start..start + count);
            self.samples.extend(std::iter::repeat_n(0, count));
        }
    }

    fn keep_within(&mut self, most: usize) {
        let old = self.samples.len().saturating_sub(most);
        self.samples.drain(..old);
        for gap in &mut self.gaps {
            *gap = gap.start.saturating_sub(old)..gap.end.saturating_sub(old);
        }
        while self.gaps.front().is_some_and(Range::is_empty) {
            self.gaps.pop_front();
        }
    }
}

fn duration(samples: usize) -> Duration {
    Duration::from_nanos(samples as u64 * 1_000_000_000 / RATE as u64)
}

/// A gap of centuries is as long as the longest.
fn samples(length: Duration) -> usize {
    let samples = length.as_nanos() * RATE as u128 / 1_000_000_000;
    usize::try_from(samples).unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests;
