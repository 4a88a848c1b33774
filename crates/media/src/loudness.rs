//! How loud a piece of sound is, and when the last one came.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Below what 16 bits can say.
const SILENCE_DBFS: f32 = -100.0;
/// A reading that is older says nothing about now.
const VALID_FOR: Duration = Duration::from_secs(1);

/// The loudness of the newest piece of one stream.
#[derive(Default)]
pub(crate) struct Meter {
    newest: Mutex<Option<(f32, Instant)>>,
}

impl Meter {
    pub(crate) fn measure(&self, s16le: &[u8]) {
        *self.newest() = Some((dbfs(s16le), Instant::now()));
    }

    pub(crate) fn clear(&self) {
        *self.newest() = None;
    }

    pub(crate) fn dbfs(&self) -> Option<f32> {
        let newest = *self.newest();
        newest.filter(|(_, at)| at.elapsed() < VALID_FOR).map(|(dbfs, _)| dbfs)
    }

    pub(crate) fn age(&self) -> Option<Duration> {
        self.newest().map(|(_, at)| at.elapsed())
    }

    fn newest(&self) -> MutexGuard<'_, Option<(f32, Instant)>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Root mean square of signed 16-bit samples against a full-scale square wave.
fn dbfs(s16le: &[u8]) -> f32 {
    let (samples, _) = s16le.as_chunks::<2>();
    if samples.is_empty() {
        return SILENCE_DBFS;
    }
    let square = |sample: &[u8; 2]| (f64::from(i16::from_le_bytes(*sample)) / 32_768.0).powi(2);
    let mean = samples.iter().map(square).sum::<f64>() / samples.len() as f64;
    (10.0 * mean.log10()).max(f64::from(SILENCE_DBFS)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(samples: &[i16], expected: f32) {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        assert!((dbfs(&bytes) - expected).abs() < 0.01, "{} for {samples:?}", dbfs(&bytes));
    }

    #[test]
    fn loudness_is_in_decibels_below_full_scale() {
        check(&[-32_768; 480], 0.0);
        check(&[16_384, -16_384, 16_384, -16_384], -6.02);
        check(&[0; 480], -100.0);
        check(&[], -100.0);
    }
}
