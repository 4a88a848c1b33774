//! The characters that a message declares for itself in MSH-1 and MSH-2 (HL7 2.5.1, section 2.5.4).

use crate::Refused;

/// Each is a byte. What a message does not declare it cannot use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    pub field: u8,
    pub component: u8,
    pub repetition: Option<u8>,
    pub escape: Option<u8>,
    pub subcomponent: Option<u8>,
    /// Since 2.7 (section 2.5.5.2): what follows was cut off.
    pub truncation: Option<u8>,
}

/// `^~\&` and the truncation character.
const MOST: usize = 5;

impl Delimiters {
    /// Recommended by every version, and what we write.
    pub const USUAL: Self = Self {
        field: b'|',
        component: b'^',
        repetition: Some(b'~'),
        escape: Some(b'\\'),
        subcomponent: Some(b'&'),
        truncation: None,
    };

    /// Of the first line of a message, from `MSH` on.
    ///
    /// # Errors
    /// The line ends too early, or a character is used twice or cannot be told from text.
    pub fn declared(line: &[u8]) -> Result<Self, Refused> {
        let (&field, rest) =
            line.get(3..).unwrap_or_default().split_first().ok_or(Refused::HeaderCutShort)?;
        let length = rest.iter().position(|byte| *byte == field).unwrap_or(rest.len());
        let declared = &rest[..length];
        let &component = declared.first().ok_or(Refused::HeaderCutShort)?;
        let all = [&[field], declared].concat();
        let twice = |(place, byte): (usize, &u8)| all[..place].contains(byte);
        let wrong = !all.iter().all(|byte| usable(*byte)) || all.iter().enumerate().any(twice);
        if wrong || declared.len() > MOST {
            return Err(Refused::EncodingCharacters);
        }
        let at = |place: usize| declared.get(place).copied();
        Ok(Self {
            field,
            component,
            repetition: at(1),
            escape: at(2),
            subcomponent: at(3),
            truncation: at(4),
        })
    }
}

/// Not a letter, digit, space or quotation mark, which are text, not the end of a line, not what
/// frames a message (MLLP), and of one byte in every character set.
fn usable(byte: u8) -> bool {
    let ends = matches!(byte, b'\r' | b'\n' | crate::mllp::START | crate::mllp::END);
    byte.is_ascii() && !ends && !matches!(byte, 0 | b' ' | b'"') && !byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&str, Refused>) {
        let declared = Delimiters::declared(line.as_bytes()).map(|found| {
            let rest = [found.repetition, found.escape, found.subcomponent, found.truncation];
            let all = [found.field, found.component].into_iter().chain(rest.into_iter().flatten());
            all.map(char::from).collect::<String>()
        });
        assert_eq!(declared, expected.map(str::to_owned), "{line}");
    }

    #[test]
    fn any_characters_are_taken_that_can_be_told_from_text() {
        check("MSH|^~\\&|A", Ok("|^~\\&"));
        check("MSH|^~\\&#|A", Ok("|^~\\&#"));
        check("MSH$%~!@$A", Ok("$%~!@"));
        check("MSH\u{1f}\u{1e}\u{1d}\u{1}\u{2}\u{1f}A", Ok("\u{1f}\u{1e}\u{1d}\u{1}\u{2}"));
        check("MSH|^", Ok("|^"));
        check("MSH|^~|", Ok("|^~"));
    }

    #[test]
    fn a_header_that_declares_nothing_usable_is_refused() {
        check("MSH", Err(Refused::HeaderCutShort));
        check("MSH|", Err(Refused::HeaderCutShort));
        check("MSH||A", Err(Refused::HeaderCutShort));
        check("MSH|^^\\&|", Err(Refused::EncodingCharacters));
        check("MSHa^~\\&a", Err(Refused::EncodingCharacters));
        check("MSH|^~\\\"|", Err(Refused::EncodingCharacters));
        check("MSH|^~\\&#!|", Err(Refused::EncodingCharacters));
        check("MSH|ä|", Err(Refused::EncodingCharacters));
    }
}
