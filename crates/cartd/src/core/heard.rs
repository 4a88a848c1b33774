//! What the kiosk says of a sound that is to be kept, and whether the sound is that.

use clinical::{AuscultationSite, SoundGap, Timestamp};

/// RIFF, one `fmt ` of 16 bytes and `data` ("Multimedia Programming Interface and Data Specifications 1.0").
const HEADER_BYTES: usize = 44;
/// 48,000 samples a second of two bytes.
const BYTES_PER_MS: usize = 96;

pub struct Heard {
    pub site: AuscultationSite,
    pub began: Timestamp,
    pub millis: u32,
    pub gaps: Vec<SoundGap>,
}

impl Heard {
    /// How long the file is, if it is WAV and as long as the kiosk says, to the millisecond.
    pub fn bytes_if_whole(&self, wav: &[u8]) -> Option<u32> {
        let sound = wav.len().checked_sub(HEADER_BYTES)?;
        let is_wav = wav.starts_with(b"RIFF") && wav[8..].starts_with(b"WAVE");
        let is_whole = usize::try_from(self.millis).ok()? == sound / BYTES_PER_MS;
        u32::try_from(wav.len()).ok().filter(|_| is_wav && is_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(millis: u32, file: &[u8], expected: Option<u32>) {
        let (site, began) = (AuscultationSite::Mitral, Timestamp::from_millis(0));
        let heard = Heard { site, began, millis, gaps: Vec::new() };
        assert_eq!(heard.bytes_if_whole(file), expected, "{millis} ms in {} bytes", file.len());
    }

    #[test]
    fn a_sound_is_as_long_as_is_said_of_it() {
        let mut wav = b"RIFF....WAVE".to_vec();
        wav.resize(44 + 96 * 1_000, 0);
        check(1_000, &wav, Some(96_044));
        check(1_001, &wav, None);
        check(999, &wav, None);
        check(0, &wav[..44], Some(44));
        check(0, &wav[..43], None);
        check(1_000, &vec![0; 96_044], None);
    }
}
