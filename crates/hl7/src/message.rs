//! A message: its bytes, and where in them the segments lie.

use std::{fmt, ops::Range};

use crate::{Delimiters, Refused, Segment, charset::Charset};

/// As it came, byte for byte, of any version, with any segments. `Debug` shows no patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    bytes: Vec<u8>,
    delimiters: Delimiters,
    charset: Charset,
    /// Without the ends of lines.
    segments: Vec<Range<usize>>,
}

impl Message {
    /// Past this nothing clinical is meant: an EHR's own limit for a document is a few mebibytes, and
    /// base64 adds a third.
    pub const MOST_BYTES: usize = 32 << 20;

    /// Segments end with CR, as the standard has it (2.5.1, section 2.5.4). CRLF, and LF alone where the
    /// first line ends so, are tolerated, and so is a missing end of the last line. Empty lines are
    /// passed over. All of them stay in the bytes.
    ///
    /// # Errors
    /// What keeps it from being one message. What is in the fields is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > Self::MOST_BYTES {
            return Err(Refused::TooLong(Self::MOST_BYTES));
        }
        if let Some(name) = batch(bytes) {
            return Err(Refused::Batch(name));
        }
        if !bytes.starts_with(b"MSH") {
            return Err(Refused::NoHeader);
        }
        let lines = lines(bytes);
        let first = lines.first().cloned().unwrap_or(0..bytes.len());
        let delimiters = Delimiters::declared(&bytes[first])?;
        let mut segments = Vec::new();
        for (line, range) in (1..).zip(lines) {
            if !range.is_empty() {
                check_name(&bytes[range.clone()], line, delimiters.field)?;
                segments.push(range);
            }
        }
        let mut message =
            Self { bytes: bytes.to_vec(), delimiters, charset: Charset::Unnamed, segments };
        message.charset = Charset::named(message.header().field(18).first().raw());
        Ok(message)
    }

    /// Exactly what was parsed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn delimiters(&self) -> &Delimiters {
        &self.delimiters
    }

    /// In their order, with those that nobody knows (Z…).
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.segments.iter().map(|range| self.at(range))
    }

    /// The first of this name.
    pub fn segment(&self, name: &str) -> Option<Segment<'_>> {
        self.segments().find(|segment| segment.name() == name.as_bytes())
    }

    /// MSH.
    pub fn header(&self) -> Segment<'_> {
        self.at(&self.segments[0])
    }

    fn at(&self, range: &Range<usize>) -> Segment<'_> {
        Segment::new(&self.bytes[range.clone()], &self.delimiters, self.charset)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} segments)", self.segments.len())
    }
}

/// Where lines lie, the empty ones too. LF alone ends a line only where the first line ends so: in a
/// message of CR it is a character of somebody's text.
fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let first = bytes.iter().find(|byte| matches!(byte, b'\r' | b'\n'));
    let by_line_feed = first == Some(&b'\n');
    let mut lines = Vec::new();
    let mut begin = 0;
    for (place, byte) in bytes.iter().enumerate() {
        let of_carriage_return = *byte == b'\n' && place > 0 && bytes[place - 1] == b'\r';
        if of_carriage_return && begin == place {
            begin = place + 1;
        } else if *byte == b'\r' || (*byte == b'\n' && by_line_feed) {
            lines.push(begin..place);
            begin = place + 1;
        }
    }
    lines.push(begin..bytes.len());
    lines
}

/// The segments of batches and files of messages (2.5.1, section 2.10.3).
fn batch(line: &[u8]) -> Option<&'static str> {
    ["FHS", "BHS", "BTS", "FTS"].into_iter().find(|name| line.starts_with(name.as_bytes()))
}

/// A capital letter, and two more or digits (2.5.1, section 2.5.2).
fn check_name(line: &[u8], number: usize, separator: u8) -> Result<(), Refused> {
    if number > 1 && line.starts_with(b"MSH") {
        return Err(Refused::SecondHeader { line: number });
    }
    if let Some(name) = batch(line) {
        return Err(Refused::Batch(name));
    }
    let inner = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    match line {
        [first, second, third, rest @ ..]
            if first.is_ascii_uppercase()
                && inner(second)
                && inner(third)
                && rest.first().is_none_or(|next| *next == separator) =>
        {
            Ok(())
        }
        _ => Err(Refused::SegmentName { line: number }),
    }
}
