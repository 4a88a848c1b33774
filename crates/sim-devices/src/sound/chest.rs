//! The chest under a stethoscope: a heart's first and second sound, and breath.

use super::{RATE, noise::Noise};
use std::f64::consts::TAU;

const FULL_SCALE: f64 = 32_767.0;
/// Amplitudes as parts of full scale, as a good electronic stethoscope gives them.
const FIRST: f64 = 0.2;
const SECOND: f64 = 0.14;
const BREATH: f64 = 0.01;
/// Breaths last as long as this many seconds.
const BREATH_SECONDS: f64 = 4.2;

/// A generator of samples; two of the same rate give the same sound.
pub struct Chest {
    /// Beats in a minute; `None`: nothing lies under it.
    rate: Option<u16>,
    /// Seconds since the last first sound.
    since: f64,
    sample: u64,
    noise: Noise,
    air: f64,
}

impl Chest {
    pub fn new(rate: Option<u16>) -> Self {
        Self { rate, since: 0.0, sample: 0, noise: Noise::new(), air: 0.0 }
    }

    pub fn set_rate(&mut self, rate: Option<u16>) {
        self.rate = rate;
    }

    pub fn sample(&mut self) -> i16 {
        let Some(rate) = self.rate else { return 0 };
        let beat = 60.0 / f64::from(rate);
        self.since = (self.since + 1.0 / f64::from(RATE)) % beat;
        self.sample += 1;
        let value = self.heart(beat) + self.breath();
        (value.clamp(-1.0, 1.0) * FULL_SCALE) as i16
    }

    fn heart(&self, beat: f64) -> f64 {
        // From the first to the second sound: 546 − 2.1 ms for each beat in a minute (Weissler 1968), less the
        // 50 ms before the first sound. The sound that begins the next beat swells before this one ends.
        let second = (0.496 - 0.0021 * 60.0 / beat).min(beat * 0.48);
        let since = if self.since > beat / 2.0 { self.since - beat } else { self.since };
        FIRST * thud(since, 45.0, 0.03) + SECOND * thud(self.since - second, 60.0, 0.022)
    }

    /// Louder while air goes in.
    fn breath(&mut self) -> f64 {
        self.air += 0.03 * (self.noise.next() - self.air);
        let seconds = self.sample as f64 / f64::from(RATE);
        let flow = (TAU * seconds / BREATH_SECONDS).sin();
        BREATH * 5.0 * self.air * if flow > 0.0 { flow } else { -0.4 * flow }
    }
}

/// Swells and fades around its middle.
fn thud(since: f64, hz: f64, width: f64) -> f64 {
    (-(since / width).powi(2)).exp() * (TAU * hz * since).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heart_beats_as_often_as_it_is_told_and_nothing_is_silence() {
        let mut chest = Chest::new(Some(75));
        let seconds: Vec<i16> = (0..8 * RATE).map(|_| chest.sample()).collect();
        // Ten beats of 0.8 s: quiet before each first sound, loud in it.
        let loudest = |from: f64, to: f64| {
            let place = |at: f64| (at * f64::from(RATE)) as usize;
            seconds[place(from)..place(to)].iter().map(|s| s.unsigned_abs()).max().unwrap()
        };
        for beat in 1..10 {
            let at = f64::from(beat) * 0.8;
            assert!(loudest(at - 0.03, at + 0.03) > 3_000, "{beat}");
            assert!(loudest(at - 0.2, at - 0.1) < 1_500, "{beat}");
        }
        chest.set_rate(None);
        assert!((0..RATE).all(|_| chest.sample() == 0));
    }
}
