//! Bytes of a field as text, by the character set that the message names in MSH-18.

use std::borrow::Cow;

/// Why a field is not text. Its bytes are still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("bytes beyond ASCII, and MSH-18 names no character set")]
    NoCharacterSet,
    #[error("MSH-18 names a character set that is not known here")]
    UnknownCharacterSet,
    #[error("bytes that the character set of MSH-18 does not have")]
    NotInCharacterSet,
    #[error("an escape sequence to another character set")]
    OtherCharacterSet,
}

/// HL7 table 0211, as far as it is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// MSH-18 is empty: seven bits (2.5.1, section 2.15.9.18).
    Unnamed,
    Ascii,
    Utf8,
    /// ISO 8859-1: each byte is the character of that number.
    Latin1,
    Unknown,
}

impl Charset {
    /// The first repetition of MSH-18; the others are reached by escape sequences.
    pub fn named(name: &[u8]) -> Self {
        match name.to_ascii_uppercase().as_slice() {
            b"" => Self::Unnamed,
            b"ASCII" => Self::Ascii,
            // The second is not in the table, but can mean nothing else, and is often sent.
            b"UNICODE UTF-8" | b"UTF-8" => Self::Utf8,
            b"8859/1" => Self::Latin1,
            _ => Self::Unknown,
        }
    }

    /// # Errors
    /// Why these bytes are no text; it is never guessed.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
        match self {
            Self::Utf8 => utf8(bytes),
            Self::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
            _ if bytes.is_ascii() => utf8(bytes),
            Self::Ascii => Err(Unreadable::NotInCharacterSet),
            Self::Unnamed => Err(Unreadable::NoCharacterSet),
            Self::Unknown => Err(Unreadable::UnknownCharacterSet),
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Unreadable::NotInCharacterSet)
}
