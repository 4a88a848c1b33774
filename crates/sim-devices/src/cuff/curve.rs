//! The pressure in the cuff while it measures: pump up, let down in steps, empty.

use std::f64::consts::TAU;

/// The shape of one measurement. Pressures in mmHg.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    pub peak: f64,
    /// Where the stepwise deflation ends.
    pub lowest: f64,
    /// Beats per minute: each beat moves the pressure a little.
    pub pulse: f64,
}

const PUMPED_UP_AT: f64 = 0.30;
const LET_DOWN_AT: f64 = 0.93;
const STEP_MMHG: f64 = 8.0;

impl Curve {
    /// The pressure after `progress` (0 to 1) of a measurement that takes `seconds`.
    pub fn pressure(&self, progress: f64, seconds: f64) -> f64 {
        let progress = progress.clamp(0.0, 1.0);
        if progress < PUMPED_UP_AT {
            // A pump works against a rising pressure: fast at first, slower at the end.
            self.peak * (progress / PUMPED_UP_AT).powf(0.8)
        } else if progress < LET_DOWN_AT {
            self.let_down(progress) + 1.5 * (TAU * self.pulse / 60.0 * progress * seconds).sin()
        } else {
            self.lowest * (1.0 - (progress - LET_DOWN_AT) / (1.0 - LET_DOWN_AT))
        }
    }

    fn let_down(&self, progress: f64) -> f64 {
        let share = (progress - PUMPED_UP_AT) / (LET_DOWN_AT - PUMPED_UP_AT);
        let steps = ((self.peak - self.lowest) / STEP_MMHG).max(1.0).round();
        self.peak - (share * steps).floor() * (self.peak - self.lowest) / steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve = Curve { peak: 160.0, lowest: 60.0, pulse: 70.0 };

    #[test]
    fn it_starts_and_ends_empty_and_reaches_its_peak() {
        assert!(CURVE.pressure(0.0, 12.0).abs() < f64::EPSILON);
        assert!(CURVE.pressure(1.0, 12.0).abs() < 1e-9);
        assert!((CURVE.pressure(PUMPED_UP_AT, 12.0) - 160.0).abs() < 2.0);
    }

    #[test]
    fn it_comes_down_in_steps() {
        let levels: Vec<i64> =
            (30..93).map(|i| CURVE.let_down(f64::from(i) / 100.0).round() as i64).collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0]));
        let mut distinct = levels.clone();
        distinct.dedup();
        assert!((10..=14).contains(&distinct.len()), "{distinct:?}");
    }
}
