//! A field, a repetition, a component or a subcomponent: bytes of the message, decoded on demand.

use crate::{Delimiters, Refused, Unreadable, charset::Charset, escape::unescape};

/// What lies between two delimiters, of whichever kind.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    raw: &'a [u8],
    level: Level,
    delimiters: &'a Delimiters,
    charset: Charset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Field,
    Repetition,
    Component,
    Subcomponent,
    /// The encoding characters themselves: nothing below, nothing escaped.
    Declaration,
}

impl<'a> Part<'a> {
    pub(crate) fn field(raw: &'a [u8], delimiters: &'a Delimiters, charset: Charset) -> Self {
        Self { raw, level: Level::Field, delimiters, charset }
    }

    /// MSH-1 and MSH-2, which declare the delimiters and do not use them.
    pub(crate) fn literal(raw: &'a [u8], delimiters: &'a Delimiters, charset: Charset) -> Self {
        Self { raw, level: Level::Declaration, delimiters, charset }
    }

    /// As it came.
    pub fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Nothing is said.
    pub fn is_absent(self) -> bool {
        self.raw.is_empty()
    }

    /// `""`: what the receiver has is to be deleted (2.5.1, section 2.5.3).
    pub fn is_deletion(self) -> bool {
        self.raw == b"\"\""
    }

    /// Of a field; anything else is its own only one.
    pub fn repetitions(self) -> impl Iterator<Item = Part<'a>> {
        let separator = self.delimiters.repetition.filter(|_| self.level == Level::Field);
        let below = if self.level == Level::Field { Level::Repetition } else { self.level };
        self.split(separator, below)
    }

    /// The first repetition.
    pub fn first(self) -> Part<'a> {
        self.repetitions().next().unwrap_or(self)
    }

    /// From 1, of a repetition or, of a field, of its first one.
    pub fn component(self, number: usize) -> Part<'a> {
        let whole = self.first();
        let has = whole.level == Level::Repetition;
        let parts = whole.split(
            has.then_some(self.delimiters.component),
            match whole.level {
                Level::Repetition => Level::Component,
                level => level,
            },
        );
        whole.nth(parts, number)
    }

    /// From 1, of a component; of anything larger, of its first one.
    pub fn subcomponent(self, number: usize) -> Part<'a> {
        let whole = match self.level {
            Level::Field | Level::Repetition => self.component(1),
            Level::Component | Level::Subcomponent | Level::Declaration => self,
        };
        let separator = self.delimiters.subcomponent.filter(|_| whole.level == Level::Component);
        whole.nth(whole.split(separator, Level::Subcomponent), number)
    }

    /// Escape sequences resolved, in the message's character set. `None`: absent, or a deletion.
    ///
    /// # Errors
    /// The bytes are no text in that set.
    pub fn text(self) -> Result<Option<String>, Unreadable> {
        if self.is_absent() || self.is_deletion() {
            return Ok(None);
        }
        let meant = match self.level {
            Level::Declaration => self.raw.to_vec(),
            _ => unescape(self.raw, self.delimiters)?,
        };
        Ok(Some(self.charset.decode(&meant)?.into_owned()))
    }

    /// As [`Self::text`]; `field` is for the refusal.
    pub(crate) fn read(self, field: &'static str) -> Result<Option<String>, Refused> {
        self.text().map_err(|why| Refused::Unreadable { field, why })
    }

    fn split(self, separator: Option<u8>, level: Level) -> impl Iterator<Item = Part<'a>> {
        let parts = self.raw.split(move |byte| Some(*byte) == separator);
        parts.map(move |raw| Part { raw, level, ..self })
    }

    fn nth(self, mut parts: impl Iterator<Item = Part<'a>>, number: usize) -> Part<'a> {
        let found = number.checked_sub(1).and_then(|place| parts.nth(place));
        found.unwrap_or(Part { raw: &[], level: Level::Subcomponent, ..self })
    }
}
