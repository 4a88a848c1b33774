//! Why bytes are no message, or a message is not one that is understood here.

/// In the words of the sender's own standard, so that the AE that carries them helps its people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it does not begin with MSH")]
    NoHeader,
    #[error("the header ends before its encoding characters (MSH-2)")]
    HeaderCutShort,
    #[error("MSH-1 and MSH-2 do not declare usable, different encoding characters")]
    EncodingCharacters,
    #[error("it is a batch or a file of messages ({0}): send each message by itself")]
    Batch(&'static str),
    #[error("line {line} is a second MSH: one message at a time")]
    SecondHeader { line: usize },
    #[error("line {line} does not begin with the name of a segment")]
    SegmentName { line: usize },
    #[error("it has more than {0} bytes")]
    TooLong(usize),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{field}: {why}")]
    Unreadable { field: &'static str, why: crate::Unreadable },
    #[error("{field} is no {expected}")]
    Malformed { field: &'static str, expected: &'static str },
    #[error("{0} is not handled here")]
    NotHandled(String),
}

impl Refused {
    /// HL7 table 0357, "message error condition codes" (2.5.1, section 2.15.5.3).
    pub fn condition(&self) -> (&'static str, &'static str) {
        match self {
            // A whole segment, not a field of one.
            Self::Missing(what) if !what.contains('-') => ("100", "Segment sequence error"),
            Self::Missing(_) => ("101", "Required field missing"),
            Self::Unreadable { .. } | Self::Malformed { .. } => ("102", "Data type error"),
            Self::NotHandled(_) => ("201", "Unsupported event code"),
            Self::NoHeader
            | Self::HeaderCutShort
            | Self::EncodingCharacters
            | Self::Batch(_)
            | Self::SecondHeader { .. }
            | Self::SegmentName { .. }
            | Self::TooLong(_) => ("100", "Segment sequence error"),
        }
    }
}
