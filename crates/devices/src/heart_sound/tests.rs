//! Hearts that are made up, and what else a stethoscope hears.

use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;
use crate::sound::GapCause;

const RATE: f64 = HeartSounds::RATE as f64;

/// A heart as a stethoscope hears it.
#[derive(Clone, Debug)]
struct Heart {
    /// Beats in a minute.
    rate: f64,
    /// Of full scale.
    first: f64,
    second: f64,
    third: f64,
    murmur: f64,
    /// Of full scale: breath, rubbing, the card.
    noise: f64,
    /// How much each beat differs from the one before, in parts of a beat.
    sway: f64,
    /// How much every second beat comes too early, in parts of a beat.
    early: f64,
}

const HEART: Heart = Heart {
    rate: 72.0,
    first: 0.2,
    second: 0.14,
    third: 0.0,
    murmur: 0.0,
    noise: 0.005,
    sway: 0.02,
    early: 0.0,
};

/// The same in each run.
struct Noise(u64);

impl Noise {
    /// −1 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// A sound that swells and fades around its middle.
fn thud(since: f64, hz: f64, width: f64) -> f64 {
    (-(since / width).powi(2)).exp() * (TAU * hz * since).sin()
}

impl Heart {
    /// From one first sound to the second (Weissler 1968, less the 50 ms before the first sound).
    fn systole(&self, beat: f64) -> f64 {
        (0.496 - 0.0021 * (60.0 / beat)).max(0.18).min(beat * 0.48)
    }

    fn beats(&self, seconds: f64, noise: &mut Noise) -> Vec<f64> {
        let mut beats = vec![0.2];
        while *beats.last().unwrap() < seconds + 1.0 {
            let early = if beats.len().is_multiple_of(2) { self.early } else { -self.early };
            let beat = 60.0 / self.rate * (1.0 + early + self.sway * noise.next());
            beats.push(beats.last().unwrap() + beat);
        }
        beats
    }

    fn sound(&self, seconds: f64) -> Vec<i16> {
        let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
        let beats = self.beats(seconds, &mut noise);
        let mut at = 0;
        let mut rumble = 0.0;
        let sample = |index: usize| {
            let time = index as f64 / RATE;
            while beats[at + 1] < time + 0.1 {
                at += 1;
            }
            let since = time - beats[at];
            let systole = self.systole(beats[at + 1] - beats[at]);
            rumble += 0.02 * (noise.next() - rumble);
            let blowing = (0.06..systole - 0.03).contains(&since);
            let murmur = if blowing { self.murmur * noise.next() } else { 0.0 };
            let sounds = self.first * thud(since, 45.0, 0.03)
                + self.second * thud(since - systole, 60.0, 0.022)
                + self.third * thud(since - systole - 0.14, 25.0, 0.03);
            let value = sounds + murmur + self.noise * (noise.next() * 0.3 + rumble * 7.0);
            (value.clamp(-1.0, 1.0) * 32_767.0) as i16
        };
        (0..(seconds * RATE) as usize).map(sample).collect()
    }

    fn heard(&self) -> HeardRate {
        heard(self.sound(8.5))
    }
}

fn heard(sound: impl IntoIterator<Item = i16>) -> HeardRate {
    let mut sounds = HeartSounds::new();
    sounds.hear(sound);
    sounds.rate()
}

fn is_right(heard: HeardRate, rate: f64) -> bool {
    matches!(heard, HeardRate::PerMinute(told) if (f64::from(told) - rate).abs() <= 2.0 + rate * 0.02)
}

#[test]
fn a_regular_heart_is_counted_from_slow_to_fast() {
    for rate in [42.0, 50.0, 60.0, 72.0, 85.0] {
        let heard = Heart { rate, ..HEART }.heard();
        assert!(is_right(heard, rate), "{rate}: {heard:?}");
    }
    // From here on the sounds are nearly evenly spaced, and have to differ.
    for rate in [95.0, 105.0, 120.0, 140.0] {
        let heard = Heart { rate, second: 0.05, ..HEART }.heard();
        assert!(is_right(heard, rate), "{rate}: {heard:?}");
    }
}

#[test]
fn a_murmur_a_third_sound_and_a_breath_do_not_mislead() {
    let murmur = Heart { murmur: 0.08, ..HEART }.heard();
    assert!(is_right(murmur, 72.0), "{murmur:?}");
    let third = Heart { third: 0.06, ..HEART }.heard();
    assert!(is_right(third, 72.0), "{third:?}");
    let breath = Heart { noise: 0.03, ..HEART }.heard();
    assert!(is_right(breath, 72.0), "{breath:?}");
    let soft = Heart { first: 0.004, second: 0.003, noise: 0.000_1, ..HEART }.heard();
    assert!(is_right(soft, 72.0), "{soft:?}");
}

#[test]
fn what_is_no_regular_heart_has_no_rate() {
    assert_eq!(heard(vec![0; 8 * 48_000]), HeardRate::TooQuiet);
    let mut noise = Noise(7);
    let hiss = (0..8 * 48_000).map(|_| (noise.next() * 8_000.0) as i16);
    assert_eq!(heard(hiss), HeardRate::Unclear);
    let fibrillation = Heart { sway: 0.35, ..HEART }.heard();
    assert_eq!(fibrillation, HeardRate::Unclear);
}

#[test]
fn sounds_that_are_evenly_spaced_are_not_counted_as_beats() {
    // At such a rate nobody can tell the first sound from the second.
    for rate in [100.0, 165.0] {
        let same = Heart { rate, first: 0.2, second: 0.2, ..HEART }.heard();
        assert!(same == HeardRate::Unclear || is_right(same, rate), "{rate}: {same:?}");
    }
}

#[test]
fn every_second_beat_that_comes_early_is_not_half_the_rate() {
    for (rate, early) in [(100.0, 0.25), (100.0, 0.35), (90.0, 0.2), (75.0, 0.3), (120.0, 0.2)] {
        let heard = Heart { rate, early, sway: 0.0, ..HEART }.heard();
        assert_eq!(heard, HeardRate::Unclear, "{rate} with {early}");
    }
}

#[test]
fn it_takes_six_seconds_without_a_gap() {
    let mut sounds = HeartSounds::new();
    sounds.hear(HEART.sound(5.9));
    assert_eq!(sounds.rate(), HeardRate::NotYet);
    sounds.hear(HEART.sound(0.2));
    assert_ne!(sounds.rate(), HeardRate::NotYet);
    sounds.missing(Gap { missing: 480, cause: GapCause::Overrun });
    assert_eq!(sounds.rate(), HeardRate::NotYet);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever the heart and the room: the rate is right, or it is not told.
    #[test]
    fn a_rate_that_is_told_is_right(
        rate in 35.0..190.0_f64, first in 0.01..0.5_f64, share in 0.2..2.0_f64, third in 0.0..0.3_f64,
        murmur in 0.0..0.3_f64, noise in 0.0..0.2_f64, sway in 0.0..0.06_f64,
        early in prop_oneof![3 => Just(0.0), 1 => 0.1..0.35_f64],
    ) {
        let heart = Heart {
            rate, first, second: first * share, third: first * third, murmur: first * murmur, noise, sway,
            // Other such hearts cannot be told from one half as fast.
            early: if rate < 130.0 && share > 0.5 { early } else { 0.0 },
        };
        let heard = heart.heard();
        prop_assert!(!matches!(heard, HeardRate::PerMinute(_)) || is_right(heard, rate), "{heard:?} of {rate}");
    }
}
