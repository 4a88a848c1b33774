//! L2CAP basic frames (Bluetooth Core, Vol 3, Part A, 3.1) on a byte stream: length and channel,
//! both u16 little-endian, then the payload.

use super::AttError;

/// Fixed channel of the Attribute Protocol (Vol 3, Part A, 2.1).
const ATT: u16 = 0x0004;
/// The longest attribute value is 512 bytes; the longest answer with one has a few more.
const LONGEST: usize = 600;
const HEAD: usize = 4;

/// Takes the stream apart, however it is cut.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Shorter than one frame, plus what one read brought.
    pending: Vec<u8>,
}

impl Frames {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The payload of the next whole frame of the Attribute Protocol. Other channels carry
    /// signalling that a client may ignore.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, AttError> {
        while let Some(&[low, high, channel_low, channel_high]) = self.pending.first_chunk() {
            let length = usize::from(u16::from_le_bytes([low, high]));
            if length > LONGEST {
                // There is no way to find the next frame in a stream that has lost its place.
                return Err(AttError::FrameTooLong { length });
            }
            if self.pending.len() < HEAD + length {
                return Ok(None);
            }
            let payload = self.pending[HEAD..HEAD + length].to_vec();
            self.pending.drain(..HEAD + length);
            if u16::from_le_bytes([channel_low, channel_high]) == ATT {
                return Ok(Some(payload));
            }
        }
        Ok(None)
    }
}

pub(super) fn frame(pdu: &[u8]) -> Vec<u8> {
    let length = u16::try_from(pdu.len()).expect("requests are a few bytes long");
    [&length.to_le_bytes(), &ATT.to_le_bytes(), pdu].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_however_the_stream_is_cut() {
        let stream = [frame(&[1, 2, 3]), vec![1, 0, 5, 0, 9], frame(&[4])].concat();
        for size in 1..stream.len() {
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for chunk in stream.chunks(size) {
                frames.push(chunk);
                while let Some(payload) = frames.next().unwrap() {
                    found.push(payload);
                }
            }
            assert_eq!(found, [vec![1, 2, 3], vec![4]], "cut every {size} bytes");
        }
    }

    #[test]
    fn a_frame_that_no_device_sends_ends_the_link() {
        let mut frames = Frames::default();
        frames.push(&[0xFF, 0xFF, 4, 0]);
        assert!(matches!(frames.next(), Err(AttError::FrameTooLong { length: 0xFFFF })));
    }
}
