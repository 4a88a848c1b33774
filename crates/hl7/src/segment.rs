//! A segment of a message, and its fields by the numbers of the standard.

use crate::{Delimiters, Part, charset::Charset};

#[derive(Clone, Copy)]
pub struct Segment<'a> {
    /// With its name, without its end.
    raw: &'a [u8],
    delimiters: &'a Delimiters,
    charset: Charset,
}

impl<'a> Segment<'a> {
    pub(crate) fn new(raw: &'a [u8], delimiters: &'a Delimiters, charset: Charset) -> Self {
        Self { raw, delimiters, charset }
    }

    /// Three bytes, such as `PID` or `ZPM`.
    pub fn name(self) -> &'a [u8] {
        &self.raw[..3]
    }

    /// With its name, as it came.
    pub fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// From 1. One that is not there is absent, as one that is empty.
    pub fn field(self, number: usize) -> Part<'a> {
        let raw = match (self.is_header(), number) {
            (_, 0) => &[],
            (true, 1) => &self.raw[3..4],
            // The separator itself is MSH-1.
            (true, _) => self.pieces().nth(number - 1).unwrap_or_default(),
            (false, _) => self.pieces().nth(number).unwrap_or_default(),
        };
        if self.is_header() && number <= 2 {
            return Part::literal(raw, self.delimiters, self.charset);
        }
        Part::field(raw, self.delimiters, self.charset)
    }

    /// The number of the last one that is written.
    pub fn last_field(self) -> usize {
        self.pieces().count() - usize::from(!self.is_header())
    }

    /// The name, then what lies between separators.
    fn pieces(self) -> impl Iterator<Item = &'a [u8]> {
        let separator = self.delimiters.field;
        self.raw.split(move |byte| *byte == separator)
    }

    fn is_header(self) -> bool {
        self.name() == b"MSH"
    }
}
