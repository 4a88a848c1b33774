//! Reads the one kind of WAV file that recorders write by default: 16-bit PCM.

use std::path::Path;

/// Ten minutes of stereo at 48 kHz; longer recordings are not needed for a looped room.
const LARGEST_FILE: u64 = 120 << 20;
const PCM: u16 = 1;

#[derive(Debug, thiserror::Error)]
pub enum ReadWavError {
    #[error("could not read `{path}`: {source}")]
    Read { path: String, source: std::io::Error },
    #[error("`{path}` is larger than {LARGEST_FILE} bytes")]
    TooLarge { path: String },
    #[error("`{path}` is not a WAV file with 16-bit PCM sound")]
    NotPcm16 { path: String },
}

/// The sound of a file, mixed to one channel at `rate` samples a second.
pub fn read(path: &Path, rate: u32) -> Result<Vec<i16>, ReadWavError> {
    let name = || path.display().to_string();
    let failed = |source| ReadWavError::Read { path: name(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > LARGEST_FILE {
        return Err(ReadWavError::TooLarge { path: name() });
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let sound = parse(&bytes).ok_or_else(|| ReadWavError::NotPcm16 { path: name() })?;
    Ok(resample(&sound.mono, sound.rate, rate))
}

struct Recording {
    rate: u32,
    mono: Vec<i16>,
}

fn parse(file: &[u8]) -> Option<Recording> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
        return None;
    }
    let format = chunk(file, b"fmt ")?;
    let word = |at: usize| Some(u16::from_le_bytes([*format.get(at)?, *format.get(at + 1)?]));
    let (kind, channels, bits) = (word(0)?, usize::from(word(2)?), word(14)?);
    let rate = u32::from(word(4)?) | u32::from(word(6)?) << 16;
    if kind != PCM || bits != 16 || channels == 0 || rate == 0 {
        return None;
    }
    let mono: Vec<i16> = chunk(file, b"data")?
        .chunks_exact(2 * channels)
        .map(|frame| {
            let samples =
                frame.chunks_exact(2).map(|s| i32::from(i16::from_le_bytes([s[0], s[1]])));
            (samples.sum::<i32>() / channels as i32) as i16
        })
        .collect();
    (!mono.is_empty()).then_some(Recording { rate, mono })
}

fn chunk<'a>(file: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut at = 12;
    loop {
        let header = file.get(at..at + 8)?;
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if header.starts_with(name) {
            // A recorder that was switched off leaves a length beyond the end of the file.
            return Some(&file[at + 8..file.len().min(at + 8 + length)]);
        }
        at += 8 + length + length % 2;
    }
}

fn resample(samples: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == to {
        return samples.to_vec();
    }
    let step = f64::from(from) / f64::from(to);
    let count = (samples.len() as f64 / step) as usize;
    let at = |i: usize| {
        let place = i as f64 * step;
        let left = (place as usize).min(samples.len() - 1);
        let right = (left + 1).min(samples.len() - 1);
        let (a, b) = (f64::from(samples[left]), f64::from(samples[right]));
        (a + (b - a) * place.fract()).round() as i16
    };
    (0..count.max(1)).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let mut bytes = b"RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00".to_vec();
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend((rate * u32::from(channels) * 2).to_le_bytes());
        bytes.extend((channels * 2).to_le_bytes());
        bytes.extend(16_u16.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn stereo_is_mixed_and_the_rate_changed() {
        let sound = parse(&file(24_000, 2, &[100, 300, 500, 700])).unwrap();
        assert_eq!(sound.mono, [200, 600]);
        assert_eq!(resample(&sound.mono, sound.rate, 48_000), [200, 400, 600, 600]);
    }

    #[test]
    fn damaged_files_are_refused_and_never_panic() {
        let whole = file(48_000, 1, &[1, 2, 3]);
        assert!((0..whole.len() - 5).all(|cut| parse(&whole[..cut]).is_none()));
        let mut compressed = whole.clone();
        compressed[20] = 0x55;
        assert!(parse(&compressed).is_none());
    }
}
