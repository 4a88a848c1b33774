//! Escape sequences within text (HL7 2.5.1, section 2.7; truncation since 2.7.1).

use crate::{Delimiters, Unreadable};

/// The bytes that are meant. What is no sequence of the standard, as a lone `\` in a path of Windows,
/// stays as it is: a person may know what it means.
///
/// # Errors
/// A sequence leaves the message's character set.
pub fn unescape(bytes: &[u8], of: &Delimiters) -> Result<Vec<u8>, Unreadable> {
    let Some(escape) = of.escape else { return Ok(bytes.to_vec()) };
    let mut meant = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(begin) = rest.iter().position(|byte| *byte == escape) {
        meant.extend_from_slice(&rest[..begin]);
        let inside = &rest[begin + 1..];
        let sequence = inside.iter().position(|byte| *byte == escape).map(|end| &inside[..end]);
        match sequence.map(|sequence| (sequence, meaning(sequence, of))) {
            Some((sequence, Meaning::Bytes(bytes))) => {
                meant.extend(bytes);
                rest = &inside[sequence.len() + 1..];
            }
            Some((_, Meaning::OtherCharacterSet)) => return Err(Unreadable::OtherCharacterSet),
            // The next escape character may begin a real one.
            Some((_, Meaning::None)) | None => {
                meant.push(escape);
                rest = inside;
            }
        }
    }
    meant.extend_from_slice(rest);
    Ok(meant)
}

enum Meaning {
    Bytes(Vec<u8>),
    OtherCharacterSet,
    None,
}

fn meaning(sequence: &[u8], of: &Delimiters) -> Meaning {
    let declared = |byte: Option<u8>| byte.map_or(Meaning::None, |byte| Meaning::Bytes(vec![byte]));
    match sequence {
        b"F" => declared(Some(of.field)),
        b"S" => declared(Some(of.component)),
        b"T" => declared(of.subcomponent),
        b"R" => declared(of.repetition),
        b"E" => declared(of.escape),
        b"P" => declared(of.truncation),
        // Bold begins and ends: no characters.
        b"H" | b"N" => Meaning::Bytes(Vec::new()),
        [b'X', digits @ ..] => hex(digits).map_or(Meaning::None, Meaning::Bytes),
        [b'C', digits @ ..] if digits.len() == 4 && hex(digits).is_some() => {
            Meaning::OtherCharacterSet
        }
        [b'M', digits @ ..] if matches!(digits.len(), 4 | 6) && hex(digits).is_some() => {
            Meaning::OtherCharacterSet
        }
        [b'.', command @ ..] => formatting(command),
        _ => Meaning::None,
    }
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// No more empty lines than a page has: a number in a message must not make memory.
const MOST_LINES: usize = 99;

/// The commands of formatted text (section 2.7.6): new lines are kept, indents and wrapping are not.
fn formatting(command: &[u8]) -> Meaning {
    let (name, number) = command.split_at(command.len().min(2));
    let digits = number.strip_prefix(b"+").or(number.strip_prefix(b"-")).unwrap_or(number);
    if !digits.iter().all(u8::is_ascii_digit) {
        return Meaning::None;
    }
    let count = str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    match name {
        b"br" => Meaning::Bytes(b"\n".to_vec()),
        b"sp" => Meaning::Bytes(vec![b'\n'; count.unwrap_or(1).min(MOST_LINES)]),
        b"ce" => Meaning::Bytes(b"\n".to_vec()),
        b"sk" => Meaning::Bytes(vec![b' '; count.unwrap_or(1).min(MOST_LINES)]),
        b"in" | b"ti" | b"fi" | b"nf" => Meaning::Bytes(Vec::new()),
        _ => Meaning::None,
    }
}

/// How the ends of lines are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// `\.br\`: formatted text (FT).
    Formatted,
    /// As bytes, `\X0D\`: every other type.
    Bytes,
}

/// `text` for a message with these delimiters. Text that is just `""` would delete what the receiver has;
/// its first quotation mark is escaped.
pub fn escape(text: &str, lines: Lines, of: &Delimiters) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let line_end = matches!(character, '\r' | '\n') && lines == Lines::Formatted;
        if line_end && character == '\r' {
            characters.next_if_eq(&'\n');
        }
        let quotes = text == "\"\"" && written.is_empty();
        match (sequence(character, of), of.escape.map(char::from)) {
            _ if line_end => push(&mut written, ".br", of),
            (Some(letter), Some(_)) => push(&mut written, letter, of),
            // A message that declares no escape character cannot say these.
            (Some(_), None) => written.push(' '),
            (None, _) if quotes || character.is_ascii_control() => {
                push(&mut written, &format!("X{:02X}", u32::from(character)), of);
            }
            (None, _) => written.push(character),
        }
    }
    written
}

/// The letter of a delimiter.
fn sequence(character: char, of: &Delimiters) -> Option<&'static str> {
    let letters = [
        (Some(of.field), "F"),
        (Some(of.component), "S"),
        (of.subcomponent, "T"),
        (of.repetition, "R"),
        (of.escape, "E"),
        (of.truncation, "P"),
    ];
    let is = |byte: &Option<u8>| byte.map(char::from) == Some(character);
    letters.iter().find(|(byte, _)| is(byte)).map(|(_, letter)| *letter)
}

fn push(written: &mut String, sequence: &str, of: &Delimiters) {
    match of.escape.map(char::from) {
        Some(escape) => {
            written.extend([escape].into_iter().chain(sequence.chars()).chain([escape]))
        }
        None => written.push(' '),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(raw: &str, text: &str) {
        let with_truncation = Delimiters { truncation: Some(b'#'), ..Delimiters::USUAL };
        let meant = unescape(raw.as_bytes(), &with_truncation).unwrap();
        assert_eq!(String::from_utf8(meant).unwrap(), text, "{raw}");
    }

    #[test]
    fn sequences_of_the_standard_are_what_they_mean() {
        check("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\P\\", "a|b^c&d~e\\f#");
        check("\\X48c3A4\\", "Hä");
        check("one\\.br\\two\\.sp2\\three\\.sp\\", "one\ntwo\n\nthree\n");
        check("\\H\\bold\\N\\ \\.in+4\\\\.ti-4\\text\\.fi\\", "bold text");
        check("\\.sp99999999999\\.", &("\n".repeat(MOST_LINES) + "."));
    }

    #[test]
    fn what_is_no_sequence_stays() {
        for raw in ["C:\\temp", "\\", "\\\\", "\\X4\\", "\\Xzz\\", "\\Z01\\", "\\.xx\\", "\\C12\\"]
        {
            check(raw, raw);
        }
        check("C:\\temp\\F\\x", "C:\\temp|x");
    }

    #[test]
    fn another_character_set_is_not_read_as_this_one() {
        for raw in ["\\C2842\\", "\\M2842\\", "\\M284242\\"] {
            let said = unescape(raw.as_bytes(), &Delimiters::USUAL);
            assert_eq!(said, Err(Unreadable::OtherCharacterSet), "{raw}");
        }
    }

    #[test]
    fn text_that_looks_like_a_deletion_is_none() {
        assert_eq!(escape("\"\"", Lines::Bytes, &Delimiters::USUAL), "\\X22\\\"");
        check("\\X22\\\"", "\"\"");
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in "\\PC*|[\\|\\^&~\\\\FSTREX.br0-9\"\u{0}-\u{1f}]*") {
            let written = escape(&text, Lines::Bytes, &Delimiters::USUAL);
            prop_assert!(!written.bytes().any(|byte| b"|^&~\r\n\x0b\x1c".contains(&byte)));
            prop_assert_ne!(&written, "\"\"");
            prop_assert_eq!(unescape(written.as_bytes(), &Delimiters::USUAL).unwrap(), text.as_bytes());
        }

        #[test]
        fn any_bytes_are_unescaped_in_bounds(bytes: Vec<u8>) {
            if let Ok(meant) = unescape(&bytes, &Delimiters::USUAL) {
                prop_assert!(meant.len() <= bytes.len() * MOST_LINES);
            }
        }
    }
}
