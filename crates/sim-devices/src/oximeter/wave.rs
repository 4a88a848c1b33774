//! Where the pulse wave comes from: drawn, or recorded from a real finger.

use crate::waves;
use std::f64::consts::TAU;
use std::path::Path;

use super::frame::FRAMES_PER_SECOND;

/// Keeps the wave away from the ends of its 8 bits, where a receiver would see clipping.
const LOWEST: f64 = 12.0;
const HIGHEST: f64 = 243.0;
/// A recording of an hour at 1 kHz; more is a mistake.
const MOST_SAMPLES: usize = 3_600_000;

/// A source of pleth samples, 75 a second.
#[derive(Debug, Clone)]
pub enum Wave {
    Drawn { phase: f64, breath: f64 },
    Recorded { samples: Vec<u8>, at: usize },
}

/// One sample, and whether the heart's stroke passes just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub pleth: u8,
    pub in_pulse: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadWaveError {
    #[error("could not read `{path}`: {source}")]
    Read { path: String, source: std::io::Error },
    #[error("line {line} of `{path}` is not a number")]
    NotANumber { path: String, line: usize },
    #[error("`{path}` has {found} samples; it needs between 75 and {MOST_SAMPLES}")]
    Length { path: String, found: usize },
    #[error("all samples of `{path}` are equal: that is no pulse")]
    Flat { path: String },
}

impl Default for Wave {
    fn default() -> Self {
        Self::Drawn { phase: 0.0, breath: 0.0 }
    }
}

impl Wave {
    /// Reads one number per line, recorded at `rate` samples a second; a heading line is allowed.
    pub fn read(path: &Path, rate: f64) -> Result<Self, ReadWaveError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ReadWaveError::Read { path: name.clone(), source })?;
        let values = numbers(&text, &name)?;
        if !(75..=MOST_SAMPLES).contains(&values.len()) {
            return Err(ReadWaveError::Length { path: name, found: values.len() });
        }
        let samples = to_8_bits(&resample(&values, rate));
        let samples = samples.ok_or(ReadWaveError::Flat { path: name })?;
        Ok(Self::Recorded { samples, at: 0 })
    }

    /// The next sample. A drawn wave follows `pulse`; a recording keeps its own rhythm.
    pub fn next(&mut self, pulse_per_minute: f64) -> Sample {
        match self {
            Self::Drawn { phase, breath } => {
                *phase = (*phase + pulse_per_minute / 60.0 / f64::from(FRAMES_PER_SECOND)).fract();
                *breath = (*breath + 0.25 / f64::from(FRAMES_PER_SECOND)).fract();
                // Breathing makes the stroke a little larger and smaller.
                let strength = 0.9 + 0.1 * (TAU * *breath).sin();
                let pleth = LOWEST + (HIGHEST - LOWEST) * strength * waves::pulse(*phase);
                Sample { pleth: pleth.round() as u8, in_pulse: (0.08..0.34).contains(phase) }
            }
            Self::Recorded { samples, at } => {
                let pleth = samples[*at];
                *at = (*at + 1) % samples.len();
                Sample { pleth, in_pulse: f64::from(pleth) > LOWEST + 0.6 * (HIGHEST - LOWEST) }
            }
        }
    }
}

fn numbers(text: &str, name: &str) -> Result<Vec<f64>, ReadWaveError> {
    let mut values = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match line.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => values.push(value),
            Err(_) if index == 0 || line.trim().is_empty() => {}
            Ok(_) | Err(_) => {
                return Err(ReadWaveError::NotANumber { path: name.to_owned(), line: index + 1 });
            }
        }
    }
    Ok(values)
}

/// Linear interpolation: pulse waves have nothing above a few hertz to lose.
fn resample(values: &[f64], rate: f64) -> Vec<f64> {
    let step = rate / f64::from(FRAMES_PER_SECOND);
    let count = ((values.len() - 1) as f64 / step) as usize;
    let at = |i: usize| {
        let place = i as f64 * step;
        let left = place as usize;
        values[left] + (values[left + 1] - values[left]) * place.fract()
    };
    (0..count.max(1)).map(at).collect()
}

fn to_8_bits(values: &[f64]) -> Option<Vec<u8>> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = (HIGHEST - LOWEST) / (high - low);
    scale
        .is_finite()
        .then(|| values.iter().map(|v| (LOWEST + (v - low) * scale).round() as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str) -> Result<Wave, ReadWaveError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Wave::read(file.path(), 150.0)
    }

    #[test]
    fn a_recording_is_resampled_and_fills_its_range() {
        let text: String = (0..300).map(|i| format!("{}\n", 500 + i % 150)).collect();
        let Wave::Recorded { samples, .. } = recorded(&format!("hr\n{text}")).unwrap() else {
            panic!("a file gives a recording");
        };
        assert_eq!(samples.len(), 149);
        assert_eq!(samples.iter().min(), Some(&12));
        assert!(samples.iter().max() > Some(&238));
    }

    #[test]
    fn a_file_without_a_pulse_is_refused_in_words() {
        let flat = "5\n".repeat(100);
        assert!(recorded(&flat).unwrap_err().to_string().contains("no pulse"));
        let words = format!("{flat}five\n");
        assert!(recorded(&words).unwrap_err().to_string().contains("line 101"));
        assert!(recorded("1\n2\n").unwrap_err().to_string().contains("2 samples"));
    }

    #[test]
    fn a_drawn_wave_beats_at_its_rate() {
        let mut wave = Wave::default();
        let strokes: Vec<bool> = (0..75 * 60).map(|_| wave.next(90.0).in_pulse).collect();
        let beats = strokes.windows(2).filter(|pair| !pair[0] && pair[1]).count();
        assert!((89..=91).contains(&beats), "{beats}");
    }
}
