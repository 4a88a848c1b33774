//! Samples as a WAV file: RIFF with one `fmt ` and one `data` chunk ("Multimedia Programming Interface and Data
//! Specifications 1.0", IBM and Microsoft, 1991).

const RATE: u32 = 48_000;
const BYTES_PER_SAMPLE: u16 = 2;
const HEADER_BYTES: usize = 44;

/// 48 kHz, mono, 16 bits: what the stethoscope gave, and nothing of it is changed.
pub(crate) fn wav(samples: impl ExactSizeIterator<Item = i16>) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEADER_BYTES + samples.len() * usize::from(BYTES_PER_SAMPLE));
    // A recording is a minute at most, as its memory bounds it.
    let length = samples.len() as u32 * u32::from(BYTES_PER_SAMPLE);
    file.extend(b"RIFF");
    // What follows of the file: the rest of the header, and the sound.
    file.extend((HEADER_BYTES as u32 - 8 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    // PCM, one channel.
    file.extend(1u16.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * u32::from(BYTES_PER_SAMPLE)).to_le_bytes());
    file.extend(BYTES_PER_SAMPLE.to_le_bytes());
    file.extend(16u16.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples.flat_map(i16::to_le_bytes));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_samples_are_fifty_bytes_to_the_letter() {
        let expected =
            b"RIFF\x2a\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0\
                         data\x06\0\0\0\x01\0\xff\xff\0\x80";
        assert_eq!(wav([1, -1, i16::MIN].into_iter()), expected);
    }
}
