//! The sound of a quiet room, drawn: air, a soft chime every five seconds, a murmur of voices.

use super::{RATE, noise::Noise};
use std::f64::consts::TAU;

const FULL_SCALE: f64 = 32_767.0;
/// Amplitudes as parts of full scale: the air is barely there, the voices move a level meter.
const AIR: f64 = 0.004;
const MURMUR: f64 = 0.11;
const CHIME: f64 = 0.09;

const CHIME_EVERY: f64 = 5.0;
/// Frequency in Hz and start in seconds of the two tones.
const CHIME_TONES: [(f64, f64); 2] = [(659.3, 0.0), (880.0, 0.35)];

/// Two band-limited noises (chest and mouth of a voice): frequency, bandwidth in Hz, weight.
const VOICE: [(f64, f64, f64); 2] = [(180.0, 90.0, 1.0), (620.0, 180.0, 0.55)];

/// A generator of samples; two of them give the same sound.
pub struct RoomTone {
    sample: u64,
    noise: Noise,
    air: f64,
    voice: [Resonator; 2],
    syllable: f64,
    syllable_goal: f64,
}

impl Default for RoomTone {
    fn default() -> Self {
        Self {
            sample: 0,
            noise: Noise::new(),
            air: 0.0,
            voice: VOICE.map(|(frequency, width, weight)| Resonator::new(frequency, width, weight)),
            syllable: 0.0,
            syllable_goal: 0.0,
        }
    }
}

impl RoomTone {
    pub fn sample(&mut self) -> i16 {
        let seconds = self.sample as f64 / f64::from(RATE);
        self.sample += 1;
        let value = self.air() + self.murmur(seconds) + chime(seconds);
        (value.clamp(-1.0, 1.0) * FULL_SCALE) as i16
    }

    /// Noise without its treble: ventilation.
    fn air(&mut self) -> f64 {
        self.air += 0.05 * (self.noise.next() - self.air);
        AIR * 6.0 * self.air
    }

    /// Syllables of about a fifth of a second, in sentences with pauses between them.
    fn murmur(&mut self, seconds: f64) -> f64 {
        if self.sample.is_multiple_of(u64::from(RATE) / 5) {
            let speaking = (seconds / 3.1).fract() < 0.68;
            self.syllable_goal = if speaking { 0.3 + 0.7 * self.noise.next().abs() } else { 0.0 };
        }
        self.syllable += (self.syllable_goal - self.syllable) * 0.0006;
        let breath = self.noise.next();
        let voice: f64 = self.voice.iter_mut().map(|band| band.pass(breath)).sum();
        MURMUR * self.syllable * voice
    }
}

fn chime(seconds: f64) -> f64 {
    let since = seconds % CHIME_EVERY;
    let tones = CHIME_TONES.iter().filter(|(_, start)| since >= *start);
    tones
        .map(|(frequency, start)| {
            let t = since - start;
            let attack = (t / 0.01).min(1.0);
            CHIME * attack * (-t / 0.45).exp() * (TAU * frequency * t).sin()
        })
        .sum()
}

/// A two-pole band-pass filter.
struct Resonator {
    feedback: [f64; 2],
    gain: f64,
    past: [f64; 2],
}

impl Resonator {
    fn new(frequency: f64, width: f64, weight: f64) -> Self {
        let radius = (-TAU / 2.0 * width / f64::from(RATE)).exp();
        let angle = TAU * frequency / f64::from(RATE);
        Self {
            feedback: [2.0 * radius * angle.cos(), -radius * radius],
            // Scales noise of amplitude 1 to about 1 at the output.
            gain: weight * 2.0 * (1.0 - radius).sqrt() * angle.sin(),
            past: [0.0; 2],
        }
    }

    fn pass(&mut self, input: f64) -> f64 {
        let [one, two] = self.past;
        let output = self.gain * input + self.feedback[0] * one + self.feedback[1] * two;
        self.past = [output, one];
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loudness(from: f64, to: f64) -> f64 {
        let mut room = RoomTone::default();
        let rate = f64::from(RATE);
        let all: Vec<f64> = (0..(to * rate) as usize).map(|_| f64::from(room.sample())).collect();
        let part = &all[(from * rate) as usize..];
        (part.iter().map(|s| s * s).sum::<f64>() / part.len() as f64).sqrt() / FULL_SCALE
    }

    #[test]
    fn a_level_meter_moves_between_speech_and_pause() {
        let speech = loudness(3.6, 4.6);
        let pause = loudness(2.6, 3.0);
        assert!(speech > 0.01 && speech < 0.3, "{speech}");
        assert!(pause < speech / 3.0, "{pause} against {speech}");
    }

    #[test]
    fn the_chime_comes_every_five_seconds() {
        assert!(chime(0.1).abs() + chime(0.1003).abs() > 0.01);
        assert!((chime(5.1) - chime(0.1)).abs() < 1e-6);
        assert!(chime(4.5).abs() < 0.001);
    }
}
