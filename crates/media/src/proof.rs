//! Tones that show what becomes of the stethoscope's sound on its way: known here, and measured where they arrive.

use std::{
    f64::consts::TAU,
    sync::{Mutex, MutexGuard, PoisonError},
};

const RATE: f64 = 48_000.0;
/// The band of heart and lungs in hertz, lowest first. The portal knows the same (`portal/src/call/proof.ts`).
const TONES: [f64; 8] = [20.0, 30.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0];
/// 0.7 s, of which half a second is measured: ten waves of the lowest.
const TONE_SAMPLES: usize = 33_600;
/// −12 dB of full scale: louder than any heart, and nothing is cut off.
const AMPLITUDE: f64 = 0.25;
/// Each tone swells and fades in 20 ms, so that none clicks into the others.
const FADE_SAMPLES: f64 = 960.0;

/// In place of the stethoscope's own sound while it runs.
#[derive(Default)]
pub(crate) struct Proof {
    /// Samples played; `None`: none runs.
    at: Mutex<Option<usize>>,
}

impl Proof {
    /// From its beginning, also while one runs.
    pub(crate) fn begin(&self) {
        *self.at() = Some(0);
    }

    /// As many samples as that, signed 16-bit little-endian; `None`: none runs.
    pub(crate) fn instead_of(&self, bytes: usize) -> Option<Vec<u8>> {
        let mut at = self.at();
        let from = (*at)?;
        let to = from + bytes / 2;
        *at = (to < TONES.len() * TONE_SAMPLES).then_some(to);
        Some((from..to).flat_map(|index| sample(index).to_le_bytes()).collect())
    }

    fn at(&self) -> MutexGuard<'_, Option<usize>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sample(index: usize) -> i16 {
    let Some(tone) = TONES.get(index / TONE_SAMPLES) else { return 0 };
    let within = (index % TONE_SAMPLES) as f64;
    let left = TONE_SAMPLES as f64 - within;
    let fade = (within.min(left) / FADE_SAMPLES).min(1.0);
    (AMPLITUDE * fade * (TAU * tone * within / RATE).sin() * f64::from(i16::MAX)).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tones_come_one_after_the_other_and_then_nothing() {
        let proof = Proof::default();
        assert_eq!(proof.instead_of(960), None);
        proof.begin();
        let whole = TONES.len() * TONE_SAMPLES * 2;
        let sound = proof.instead_of(whole).unwrap();
        assert_eq!((sound.len(), proof.instead_of(960)), (whole, None));
        let (samples, _) = sound.as_chunks::<2>();
        let samples: Vec<i16> = samples.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect();
        for (tone, part) in TONES.iter().zip(samples.chunks(TONE_SAMPLES)) {
            let crossings = part.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
            // Each wave crosses upwards once; the first and the last may be lost in the fades.
            let waves = (tone * 0.7).round() as usize;
            assert!((waves - 1..=waves).contains(&crossings), "{tone} Hz: {crossings}");
            assert!(part.iter().all(|sample| sample.unsigned_abs() <= 8_192));
        }
    }

    #[test]
    fn a_piece_that_is_longer_than_the_rest_ends_in_silence() {
        let proof = Proof::default();
        proof.begin();
        let sound = proof.instead_of((TONES.len() * TONE_SAMPLES + 480) * 2).unwrap();
        assert!(sound.iter().rev().take(960).all(|byte| *byte == 0));
        assert_eq!(proof.instead_of(960), None);
    }
}
