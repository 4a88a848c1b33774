//! L2CAP basic frames (Bluetooth Core, Vol 3, Part A, 3.1): length, channel, payload.

use crate::link::Message;

/// Fixed channel of the Attribute Protocol (Vol 3, Part A, 2.1).
const ATT: u16 = 0x0004;
/// Longer frames than any host has reason to send: the longest value has 512 bytes.
const LONGEST: usize = 600;

/// What of a host's bytes is no whole frame yet.
#[derive(Debug, Default)]
pub struct Frames(Vec<u8>);

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next protocol data unit of the Attribute Protocol; frames of other channels are passed
    /// over, and so is everything after a length that cannot be.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        while let &[low, high, channel_low, channel_high, ..] = self.0.as_slice() {
            let length = usize::from(u16::from_le_bytes([low, high]));
            if length > LONGEST {
                self.0.clear();
                return None;
            }
            if self.0.len() < 4 + length {
                return None;
            }
            let payload = self.0[4..4 + length].to_vec();
            self.0.drain(..4 + length);
            if u16::from_le_bytes([channel_low, channel_high]) == ATT {
                return Some(payload);
            }
        }
        None
    }
}

pub fn wrap(pdu: &[u8]) -> Message {
    // No packet is longer than its MTU, which is a u16.
    let mut frame = (pdu.len() as u16).to_le_bytes().to_vec();
    frame.extend(ATT.to_le_bytes());
    frame.extend(pdu);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_however_they_were_cut_and_nonsense_does_not() {
        let stream = [wrap(&[1, 2]), vec![1, 0, 5, 0, 9], wrap(&[3])].concat();
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for byte in stream {
            frames.push(&[byte]);
            found.extend(frames.take());
        }
        assert_eq!(found, [vec![1, 2], vec![3]]);
        frames.push(&[0xFF, 0xFF, 4, 0, 1]);
        assert_eq!(frames.take(), None);
        frames.push(&wrap(&[4]));
        assert_eq!(frames.take(), Some(vec![4]));
    }
}
