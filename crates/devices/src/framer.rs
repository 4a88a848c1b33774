//! Finds the frames in a stream of bytes, and finds them again after noise.
//!
//! Knows no protocol: each brings a `scan` that looks at the beginning of what has arrived. After a
//! bad frame the search goes on at its second byte, so a good frame inside of a bad one is not lost.

use crate::{Malformation, Wrong};

/// What the beginning of the buffer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// It may become a frame: fewer bytes than the longest frame have arrived.
    Incomplete,
    /// A whole and valid frame of this many bytes.
    Frame(usize),
    /// No frame begins with the first byte.
    No(Wrong),
}

pub(crate) enum Piece {
    Frame(Vec<u8>),
    Malformed(Malformation),
}

pub(crate) struct Framer {
    scan: fn(&[u8]) -> Scan,
    /// Shorter than the protocol's longest frame.
    pending: Vec<u8>,
    noise: Vec<u8>,
    why: Wrong,
    /// Whether a frame was seen. What comes before the first one is the rest of a frame that was
    /// under way when the link opened, and no fault.
    found: bool,
}

impl Framer {
    pub(crate) fn new(scan: fn(&[u8]) -> Scan) -> Self {
        Self { scan, pending: Vec::new(), noise: Vec::new(), why: Wrong::Noise, found: false }
    }

    /// Byte by byte, so the result cannot depend on how the bytes were cut.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for &byte in bytes {
            self.pending.push(byte);
            self.drain(&mut pieces);
        }
        pieces
    }

    fn drain(&mut self, pieces: &mut Vec<Piece>) {
        while !self.pending.is_empty() {
            match (self.scan)(&self.pending) {
                Scan::Incomplete => return,
                Scan::Frame(length) => {
                    self.end_noise(pieces);
                    self.found = true;
                    pieces.push(Piece::Frame(self.pending.drain(..length).collect()));
                }
                Scan::No(why) => self.skip(why, pieces),
            }
        }
    }

    fn skip(&mut self, why: Wrong, pieces: &mut Vec<Piece>) {
        self.noise.push(self.pending.remove(0));
        if self.why == Wrong::Noise {
            self.why = why;
        }
        if self.noise.len() == Malformation::LIMIT {
            self.found = true;
            self.end_noise(pieces);
        }
    }

    fn end_noise(&mut self, pieces: &mut Vec<Piece>) {
        if self.found && !self.noise.is_empty() {
            pieces.push(Piece::Malformed(Malformation::new(self.why, &self.noise)));
        }
        self.noise.clear();
        self.why = Wrong::Noise;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame is 7 and one byte that is not 7.
    fn scan(bytes: &[u8]) -> Scan {
        match bytes {
            [7] => Scan::Incomplete,
            [7, 7, ..] => Scan::No(Wrong::Field),
            [7, ..] => Scan::Frame(2),
            _ => Scan::No(Wrong::Noise),
        }
    }

    fn check(bytes: &[u8], expected: &str) {
        let pieces = Framer::new(scan).feed(bytes);
        let words: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Frame(frame) => format!("{frame:?}"),
                Piece::Malformed(wrong) => format!("{} {:?}", wrong.what, wrong.bytes),
            })
            .collect();
        assert_eq!(words.join(", "), expected);
    }

    #[test]
    fn noise_between_frames_is_one_malformation() {
        check(&[7, 1, 0, 0, 0, 7, 2], "[7, 1], noise [0, 0, 0], [7, 2]");
    }

    #[test]
    fn a_frame_inside_of_a_bad_frame_is_found() {
        check(&[7, 1, 7, 7, 2], "[7, 1], field [7], [7, 2]");
    }

    #[test]
    fn the_rest_of_a_frame_at_the_beginning_is_no_fault() {
        check(&[0, 0, 7, 1], "[7, 1]");
    }

    #[test]
    fn endless_noise_is_told_in_bounded_portions() {
        let pieces = Framer::new(scan).feed(&[0; 200]);
        assert_eq!(pieces.len(), 3);
    }
}
