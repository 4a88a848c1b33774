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

/// As [`Piece`], for protocols so fast that a frame has to be found without allocating for it.
pub(crate) enum Found<'a> {
    Frame(&'a [u8]),
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
        for byte in bytes.chunks(1) {
            self.run(byte, |found| {
                pieces.push(match found {
                    Found::Frame(frame) => Piece::Frame(frame.to_vec()),
                    Found::Malformed(malformation) => Piece::Malformed(malformation),
                });
            });
        }
        pieces
    }

    /// What arrived before comes first; as soon as nothing of it is left, frames are found where
    /// they lie in `bytes`. Only for a scan that looks no further than the bytes that decide: with
    /// more of them it has to answer the same, or the result depends on how the bytes were cut.
    pub(crate) fn run(&mut self, bytes: &[u8], mut each: impl FnMut(Found<'_>)) {
        let mut rest = bytes;
        while let Some((&first, later)) = rest.split_first() {
            if !self.pending.is_empty() {
                self.pending.push(first);
                rest = later;
                self.drain(&mut each);
                continue;
            }
            match (self.scan)(rest) {
                Scan::Incomplete => {
                    self.pending.extend_from_slice(rest);
                    return;
                }
                Scan::Frame(length) => {
                    let (frame, later) = rest.split_at(length);
                    self.found(&mut each);
                    each(Found::Frame(frame));
                    rest = later;
                }
                Scan::No(why) => {
                    self.skip(first, why, &mut each);
                    rest = later;
                }
            }
        }
    }

    fn drain(&mut self, each: &mut impl FnMut(Found<'_>)) {
        while !self.pending.is_empty() {
            match (self.scan)(&self.pending) {
                Scan::Incomplete => return,
                Scan::Frame(length) => {
                    self.found(each);
                    each(Found::Frame(&self.pending[..length]));
                    self.pending.drain(..length);
                }
                Scan::No(why) => {
                    let first = self.pending.remove(0);
                    self.skip(first, why, each);
                }
            }
        }
    }

    fn found(&mut self, each: &mut impl FnMut(Found<'_>)) {
        self.end_noise(each);
        self.found = true;
    }

    fn skip(&mut self, byte: u8, why: Wrong, each: &mut impl FnMut(Found<'_>)) {
        self.noise.push(byte);
        if self.why == Wrong::Noise {
            self.why = why;
        }
        if self.noise.len() == Malformation::LIMIT {
            self.found = true;
            self.end_noise(each);
        }
    }

    fn end_noise(&mut self, each: &mut impl FnMut(Found<'_>)) {
        if self.found && !self.noise.is_empty() {
            each(Found::Malformed(Malformation::new(self.why, &self.noise)));
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
    fn a_frame_that_comes_in_pieces_is_the_same_frame() {
        let bytes = [7, 1, 0, 7, 7, 2, 7, 3];
        let mut framer = Framer::new(scan);
        let mut count = 0;
        for byte in bytes {
            framer.run(&[byte], |found| count += usize::from(matches!(found, Found::Frame(_))));
        }
        assert_eq!(count, 3);
        check(&bytes, "[7, 1], field [0, 7], [7, 2], [7, 3]");
    }

    #[test]
    fn endless_noise_is_told_in_bounded_portions() {
        let pieces = Framer::new(scan).feed(&[0; 200]);
        assert_eq!(pieces.len(), 3);
    }
}
