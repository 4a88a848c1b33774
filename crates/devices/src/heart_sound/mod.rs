//! The rate of a heart that a stethoscope hears, or that it cannot be told.
//!
//! No alarm and no entry of the record hangs on it: it stands beside the curve for the physician who listens. So
//! it has to be right or absent. A regular heart repeats itself; how well the loudness of the last seconds fits
//! itself one beat later is the autocorrelation, and everything that could be read in two ways is left unsaid.
//!
//! One thing it cannot tell: a heart of which every second beat is weaker or early sounds like one of half the rate,
//! with a first and a second sound, when it is faster than 130 in a minute or its own second sounds are hardly heard.

mod loudness;
mod profile;
mod rhythm;

use std::collections::VecDeque;

use self::loudness::Loudness;
use crate::sound::Gap;

/// Loudness values a second.
const VALUES_PER_SECOND: usize = 100;
/// Five beats of a slow heart (40 in a minute) fit in.
const LONGEST: usize = 8 * VALUES_PER_SECOND;
/// Below it a slow heart has beaten too seldom.
const SHORTEST: usize = 6 * VALUES_PER_SECOND;

/// What the sound of the last seconds says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardRate {
    /// Beats in a minute, 30 to 200.
    PerMinute(u16),
    /// Not listened for six seconds without a gap.
    NotYet,
    /// Nothing that could be a heart is loud enough.
    TooQuiet,
    /// Not regular, or it can be read in two ways: voices, breath, an irregular heart.
    Unclear,
}

/// Follows one stethoscope.
#[derive(Debug)]
pub struct HeartSounds {
    loudness: Loudness,
    values: VecDeque<f32>,
}

impl HeartSounds {
    /// Samples of one channel come with this rate: [`HeartSounds::RATE`] a second.
    pub const RATE: u32 = 48_000;

    pub fn new() -> Self {
        Self { loudness: Loudness::new(), values: VecDeque::with_capacity(LONGEST) }
    }

    /// Signed 16-bit samples, one after the other.
    pub fn hear(&mut self, samples: impl IntoIterator<Item = i16>) {
        for value in samples.into_iter().filter_map(|sample| self.loudness.take(sample)) {
            if self.values.len() == LONGEST {
                self.values.pop_front();
            }
            self.values.push_back(value);
        }
    }

    /// Sound is missing: what was heard before does not join what comes.
    pub fn missing(&mut self, _: Gap) {
        self.forget();
    }

    /// Nobody listens any more.
    pub fn forget(&mut self) {
        *self = Self::new();
    }

    pub fn rate(&self) -> HeardRate {
        if self.values.len() < SHORTEST {
            return HeardRate::NotYet;
        }
        let values: Vec<f32> = self.values.iter().copied().collect();
        if loudness::is_too_quiet(&values) {
            return HeardRate::TooQuiet;
        }
        rhythm::per_minute(&values).map_or(HeardRate::Unclear, HeardRate::PerMinute)
    }
}

impl Default for HeartSounds {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
