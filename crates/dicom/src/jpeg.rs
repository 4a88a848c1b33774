//! What a JPEG's own header says: size, colours and process (ITU-T T.81, annex B). Decodes no picture.

use crate::Unfit;

/// Of one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub process: Process,
    /// Pixels; not 0.
    pub width: u16,
    pub height: u16,
    pub colour: Colour,
}

/// T.81 table B.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    Baseline,
    Extended,
    Progressive,
    Lossless,
    /// Differential or with arithmetic coding.
    Rare,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Grey,
    YCbCr,
    Rgb,
}

impl Process {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Extended => "extended sequential",
            Self::Progressive => "progressive",
            Self::Lossless => "lossless",
            Self::Rare => "hierarchical or arithmetically coded",
        }
    }

    const fn of(marker: u8) -> Option<Self> {
        match marker {
            0xC0 => Some(Self::Baseline),
            0xC1 => Some(Self::Extended),
            0xC2 => Some(Self::Progressive),
            0xC3 => Some(Self::Lossless),
            // Without tables of codes (DHT), the reserved one (JPG) and conditioning (DAC).
            0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => Some(Self::Rare),
            _ => None,
        }
    }
}

impl Colour {
    /// Samples per pixel.
    pub(crate) const fn samples(self) -> u16 {
        match self {
            Self::Grey => 1,
            Self::YCbCr | Self::Rgb => 3,
        }
    }
}

const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];
const SCAN: u8 = 0xDA;
const ADOBE: u8 = 0xEE;
const JFIF: u8 = 0xE0;

/// The picture's header, of one that is there to its end.
///
/// # Errors
/// It is no JPEG, breaks off, or is no baseline or extended one of 8 bits in grey or three colours.
pub fn frame(bytes: &[u8]) -> Result<Frame, Unfit> {
    let mut rest = bytes.strip_prefix(&START).ok_or(Unfit::NoJpeg)?;
    // Zeros behind the end are the padding of whoever stored it.
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
    if !bytes[..=end].ends_with(&END) {
        return Err(Unfit::NoJpeg);
    }
    let mut seen = Seen::default();
    loop {
        let (marker, segment, after) = segment(rest).ok_or(Unfit::NoJpeg)?;
        if marker == SCAN {
            return seen.finish();
        }
        seen.note(marker, segment)?;
        rest = after;
    }
}

/// A marker, what it carries, and what comes after.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&0xFF, rest) = bytes.split_first()? else { return None };
    // Any number of 0xFF may fill up before the marker.
    let at = rest.iter().position(|byte| *byte != 0xFF)?;
    let marker = rest[at];
    // Before the scan, every marker has a length; the length counts itself.
    let (length, rest) = rest[at + 1..].split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2)?;
    let (segment, after) = rest.split_at_checked(length)?;
    let has_length = !matches!(marker, 0x00 | 0x01 | 0xD0..=0xD9);
    has_length.then_some((marker, segment, after))
}

#[derive(Default)]
struct Seen {
    frame: Option<(Process, Header)>,
    jfif: bool,
    /// Adobe's note of how the colours were transformed.
    transform: Option<u8>,
}

/// SOF (T.81 section B.2.2).
struct Header {
    bits: u8,
    height: u16,
    width: u16,
    /// The components' identifiers.
    components: Vec<u8>,
}

impl Seen {
    fn note(&mut self, marker: u8, segment: &[u8]) -> Result<(), Unfit> {
        if let Some(process) = Process::of(marker) {
            let header = Header::read(segment).ok_or(Unfit::NoJpeg)?;
            let second = self.frame.replace((process, header)).is_some();
            return if second { Err(Unfit::coding(Process::Rare)) } else { Ok(()) };
        }
        match marker {
            // DHP: of a hierarchical one.
            0xDE => return Err(Unfit::coding(Process::Rare)),
            JFIF => self.jfif |= segment.starts_with(b"JFIF\0"),
            ADOBE if segment.starts_with(b"Adobe") => self.transform = segment.get(11).copied(),
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Frame, Unfit> {
        let colour = |components: &[u8]| self.colour(components);
        let Some((process, header)) = &self.frame else { return Err(Unfit::NoJpeg) };
        if !matches!(process, Process::Baseline | Process::Extended) {
            return Err(Unfit::coding(*process));
        }
        if header.bits != 8 {
            return Err(Unfit::Bits(header.bits));
        }
        // A height of 0 is told after the first scan (DNL), which cameras do not.
        if header.width == 0 || header.height == 0 {
            return Err(Unfit::NoJpeg);
        }
        let colour = colour(&header.components)?;
        Ok(Frame { process: *process, width: header.width, height: header.height, colour })
    }

    /// JFIF has YCbCr, Adobe says which; without both, the components' names do (as libjpeg guesses).
    fn colour(&self, components: &[u8]) -> Result<Colour, Unfit> {
        match (components, self.transform) {
            ([_], _) => Ok(Colour::Grey),
            ([_, _, _], _) if self.jfif => Ok(Colour::YCbCr),
            ([_, _, _], Some(0)) => Ok(Colour::Rgb),
            ([b'R', b'G', b'B'], None) => Ok(Colour::Rgb),
            ([_, _, _], _) => Ok(Colour::YCbCr),
            (others, _) => Err(Unfit::Components(u8::try_from(others.len()).unwrap_or(u8::MAX))),
        }
    }
}

impl Header {
    fn read(segment: &[u8]) -> Option<Self> {
        let (&[bits, h1, h0, w1, w0, count], components) = segment.split_first_chunk()?;
        // Each has an identifier, its sampling and its table.
        let components = components.chunks_exact(3);
        if components.len() != usize::from(count) || !components.remainder().is_empty() {
            return None;
        }
        Some(Self {
            bits,
            height: u16::from_be_bytes([h1, h0]),
            width: u16::from_be_bytes([w1, w0]),
            components: components.map(|component| component[0]).collect(),
        })
    }
}

#[cfg(test)]
mod tests;
