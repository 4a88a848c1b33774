//! Segments of our own messages, in the usual delimiters and in UTF-8.

use clinical::Timestamp;
use terminology::{Coding, LOINC, MDC, SNOMED, Unit};

use crate::{
    Delimiters,
    escape::{Lines, escape},
};

/// A segment while it is written. Fields that are never set are absent.
pub struct Line {
    name: &'static str,
    fields: Vec<String>,
}

impl Line {
    pub fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// Field `number`, from 1, as it stands in the message.
    #[must_use]
    pub fn set(mut self, number: usize, written: impl Into<String>) -> Self {
        if self.fields.len() < number {
            self.fields.resize(number, String::new());
        }
        self.fields[number - 1] = written.into();
        self
    }

    /// The same for what may be unknown: it stays absent.
    #[must_use]
    pub fn set_if(self, number: usize, written: Option<String>) -> Self {
        match written {
            Some(written) => self.set(number, written),
            None => self,
        }
    }

    /// With its end.
    pub fn finish(self) -> String {
        let used =
            self.fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
        // The separator itself is MSH-1.
        let first = if self.name == "MSH" { 1 } else { 0 };
        let mut line = self.name.to_owned();
        for field in self.fields[..used].iter().skip(first) {
            line.push('|');
            line.push_str(field);
        }
        line.push('\r');
        line
    }
}

/// Plain text.
pub fn text(text: &str) -> String {
    escape(text, Lines::Bytes, &Delimiters::USUAL)
}

/// Formatted text (FT): the ends of lines stay ends of lines.
pub fn formatted(text: &str) -> String {
    escape(text, Lines::Formatted, &Delimiters::USUAL)
}

/// Components of plain text, those at the end left out that are empty.
pub fn components<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    joined(parts.into_iter().map(text), "^")
}

/// Subcomponents of plain text.
pub fn subcomponents<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    joined(parts.into_iter().map(text), "&")
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    let all = parts.collect::<Vec<_>>().join(separator);
    all.trim_end_matches(separator).to_owned()
}

/// To the millisecond and with its zone (TS). A time that no calendar has is absent.
pub fn time(at: Timestamp) -> String {
    let written = at.to_string();
    let Some(utc) = written.strip_suffix('Z') else { return String::new() };
    let digits = utc.chars().filter(|character| character.is_ascii_digit() || *character == '.');
    digits.chain("+0000".chars()).collect()
}

/// One code or two for the same thing (CE: identifier, text, system, and again).
pub fn coded(codings: &[Coding]) -> String {
    let parts = codings.iter().take(2).flat_map(|of| [of.code, of.display, system(of.system)]);
    components(parts)
}

pub fn unit(of: Unit) -> String {
    components([of.ucum, of.written, "UCUM"])
}

/// HL7 table 0396, coding systems.
fn system(uri: &'static str) -> &'static str {
    match uri {
        LOINC => "LN",
        SNOMED => "SCT",
        MDC => "MDC",
        // A local one is called by its own name.
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_never_set_is_absent_and_none_stands_at_the_end() {
        let line = Line::new("PID").set(3, "1").set_if(5, None).set(7, "19580314").set(8, "");
        assert_eq!(line.finish(), "PID|||1||||19580314\r");
        assert_eq!(Line::new("MSH").set(2, "^~\\&").set(4, "x").finish(), "MSH|^~\\&||x\r");
        assert_eq!(Line::new("ZZZ").finish(), "ZZZ\r");
    }

    #[test]
    fn a_time_has_its_zone() {
        assert_eq!(time(Timestamp::from_millis(1_795_333_320_007)), "20261122074200.007+0000");
        assert_eq!(time(Timestamp::from_millis(i64::MAX)), "");
    }

    #[test]
    fn a_delimiter_in_a_name_is_none_of_the_message() {
        assert_eq!(components(["O^Neil", "A|B", "", ""]), "O\\S\\Neil^A\\F\\B");
    }
}
