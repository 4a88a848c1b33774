//! After which time the loudness of a heart repeats itself.

use super::{VALUES_PER_SECOND, profile};

/// 200 beats in a minute. Faster ones have no pause between their sounds that is longer than the sounds.
const SHORTEST_BEAT: usize = 30;
/// 30 beats in a minute.
const LONGEST_BEAT: usize = 200;
/// How well one beat must fit the next, 1 being the same. Two sounds of one beat that are taken for two beats fit
/// each other with at most ½; noise and voices with less than ⅓.
const FITS: f32 = 0.55;
/// A shorter time that fits nearly as well as the best one is the beat, and the best one several of it.
const NEARLY_AS_WELL: f32 = 0.85;
/// A half or a third of the beat that fits so well may be the beat itself: a heart whose second sounds are not
/// heard, and every second beat of which is weaker.
const MAY_BE_THE_BEAT: f32 = 0.6;
/// Such a heart would beat more than 180 times in a minute. The two sounds of one half as fast are evenly spaced,
/// and fit each other less well than this, as one is the louder; beats that differ so much are rare.
const OFTENER_TWO_SOUNDS: (usize, f32) = (33, 0.8);
/// Two sounds that are nearer are a split one.
const SPLIT: usize = 13;
/// What both halves of the time must agree on, in parts of the beat: a heart that breathes changes by less.
const AGREE: f32 = 0.1;

/// `None`: it does not repeat itself, or it can be read in two ways.
pub fn per_minute(loudness: &[f32]) -> Option<u16> {
    let beat = beat(loudness)?;
    if !profile::is_of_one_beat(&smoothed(loudness.iter().copied()), beat) {
        return None;
    }
    // Each half holds three beats of a slow heart.
    let (first, second) = loudness.split_at(loudness.len() / 2);
    for half in [first, second] {
        let fits = Fits::of(half);
        let near = (beat * (1.0 - AGREE)) as usize..=(beat * (1.0 + AGREE)).ceil() as usize;
        if !near.into_iter().any(|lag| fits.at(lag) > FITS * 0.8 && fits.is_peak(lag)) {
            return None;
        }
    }
    let rate = 60.0 * VALUES_PER_SECOND as f32 / beat;
    Some(rate.round() as u16)
}

/// In values of loudness.
fn beat(loudness: &[f32]) -> Option<f32> {
    let fits = Fits::of(loudness);
    let peaks: Vec<usize> =
        (SHORTEST_BEAT..=LONGEST_BEAT).filter(|lag| fits.is_peak(*lag)).collect();
    let best = peaks.iter().map(|lag| fits.at(*lag)).fold(0.0, f32::max);
    let beat = *peaks.iter().find(|lag| fits.at(**lag) >= best * NEARLY_AS_WELL)?;
    let is_clear = fits.at(beat) >= FITS && !is_several(&fits, beat);
    is_clear.then(|| refined(&fits, beat))
}

/// Whether a part of this time may be the beat.
fn is_several(fits: &Fits, beat: usize) -> bool {
    [2, 3].into_iter().any(|parts| {
        let part = beat / parts;
        let (fast, limit) = OFTENER_TWO_SOUNDS;
        let limit = if parts == 2 && part <= fast { limit } else { MAY_BE_THE_BEAT };
        // The measured times are whole values; the part may lie between two.
        (part.saturating_sub(2)..=part + 2)
            .any(|lag| lag > SPLIT && fits.is_peak(lag) && fits.at(lag) > limit * fits.at(beat))
    })
}

/// Between two values, by the third and later beats: a value is 10 ms, which is 3 in 100 of a fast beat.
fn refined(fits: &Fits, beat: usize) -> f32 {
    let mut beat = fits.top(beat);
    for count in 2..=4 {
        let expected = beat * count as f32;
        let around = (expected - 4.0) as usize..=(expected + 4.0) as usize;
        let later = around.into_iter().find(|lag| fits.is_peak(*lag) && fits.at(*lag) > FITS * 0.7);
        match later {
            Some(lag) => beat = fits.top(lag) / count as f32,
            None => break,
        }
    }
    beat
}

/// How well loudness fits itself after a time: the autocorrelation, from −1 to 1.
struct Fits(Vec<f32>);

impl Fits {
    fn of(loudness: &[f32]) -> Self {
        // One loud beat must not outweigh all others.
        let smooth = smoothed(loudness.iter().map(|value| value.sqrt()));
        let mean = smooth.iter().sum::<f32>() / smooth.len() as f32;
        let around: Vec<f32> = smooth.iter().map(|value| value - mean).collect();
        let power = around.iter().map(|value| value * value).sum::<f32>() / around.len() as f32;
        let lags = 0..=(4 * LONGEST_BEAT + 4).min(around.len() * 3 / 4);
        Self(lags.map(|lag| fit(&around, lag, power)).collect())
    }

    fn at(&self, lag: usize) -> f32 {
        self.0.get(lag).copied().unwrap_or(-1.0)
    }

    fn is_peak(&self, lag: usize) -> bool {
        let here = self.at(lag);
        (1..=3).all(|off| here >= self.at(lag.saturating_sub(off)) && here >= self.at(lag + off))
    }

    /// The top of the parabola through a peak and its neighbours.
    fn top(&self, lag: usize) -> f32 {
        let (before, here, after) = (self.at(lag - 1), self.at(lag), self.at(lag + 1));
        let bend = before - 2.0 * here + after;
        let off = if bend < 0.0 { (before - after) / (2.0 * bend) } else { 0.0 };
        lag as f32 + off.clamp(-0.5, 0.5)
    }
}

fn fit(around: &[f32], lag: usize, power: f32) -> f32 {
    let pairs = around.iter().zip(around.iter().skip(lag));
    let sum: f32 = pairs.map(|(now, later)| now * later).sum();
    let count = (around.len() - lag) as f32;
    if power > 0.0 { sum / count / power } else { 0.0 }
}

/// Over 50 ms: a beat never comes at the same value.
fn smoothed(loudness: impl Iterator<Item = f32>) -> Vec<f32> {
    let values: Vec<f32> = loudness.collect();
    values.windows(5).map(|five| five.iter().sum::<f32>() / 5.0).collect()
}
