//! The patient of a PID segment. Strict in what identifies: nobody is admitted under half a name.

use std::fmt;

use clinical::Sex;

use crate::{Identifier, Part, Refused, Segment};

/// What was not said and what is to be deleted are both `None`.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// PID-3, in its order; one at least.
    pub identifiers: Vec<Identifier>,
    pub family: String,
    /// With the further given names.
    pub given: Option<String>,
    /// ISO 8601, to the year, the month or the day.
    pub birth_date: Option<String>,
    pub sex: Sex,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

impl Person {
    /// # Errors
    /// A number or a family name is missing, or a field is no text or no date.
    pub(crate) fn read(pid: Segment<'_>) -> Result<Self, Refused> {
        let identifiers = identifiers(pid.field(3), "PID-3")?;
        let name = name(pid.field(5));
        let read = |number| name.component(number).read("PID-5");
        // The first subcomponent of a family name is the whole of it (FN).
        let family = name.component(1).subcomponent(1).read("PID-5")?;
        let given = [read(2)?, read(3)?].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let birth_date = match pid.field(7).component(1).read("PID-7")? {
            Some(date) => {
                Some(day(&date).ok_or(Refused::Malformed { field: "PID-7", expected: "date" })?)
            }
            None => None,
        };
        Ok(Self {
            identifiers,
            family: family.ok_or(Refused::Missing("PID-5"))?,
            given: Some(given).filter(|given| !given.is_empty()),
            birth_date,
            sex: sex(pid.field(8).component(1).read("PID-8")?.as_deref()),
        })
    }
}

/// # Errors
/// There is no number in it.
pub fn identifiers(field: Part<'_>, name: &'static str) -> Result<Vec<Identifier>, Refused> {
    let all = field.repetitions().map(|repetition| Identifier::read(repetition, name));
    let found: Vec<_> = all.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    if found.is_empty() { Err(Refused::Missing(name)) } else { Ok(found) }
}

/// The legal name (HL7 table 0200), else the first one.
fn name(field: Part<'_>) -> Part<'_> {
    let legal = field.repetitions().find(|name| name.component(7).raw() == b"L");
    legal.unwrap_or(field.first())
}

/// From YYYY, YYYYMM or YYYYMMDD; the time of day of a birth is left out.
fn day(written: &str) -> Option<String> {
    let end = written.find(|character: char| !character.is_ascii_digit()).unwrap_or(written.len());
    let (digits, rest) = written.split_at(end);
    if !(rest.is_empty() || rest.starts_with(['.', '+', '-']))
        || !matches!(digits.len(), 4 | 6 | 8 | 10 | 12 | 14)
    {
        return None;
    }
    let (year, month, date) = (digits.get(..4)?, digits.get(4..6), digits.get(6..8));
    let whole = format!("{year}-{}-{}", month.unwrap_or("01"), date.unwrap_or("01"));
    whole.parse::<jiff::civil::Date>().ok()?;
    Some([Some(year), month, date].into_iter().flatten().collect::<Vec<_>>().join("-"))
}

/// HL7 table 0001. A letter of the site's own says nothing here.
fn sex(letter: Option<&str>) -> Sex {
    match letter {
        Some("F") => Sex::Female,
        Some("M") => Sex::Male,
        // Other, ambiguous, not applicable.
        Some("O" | "A" | "N") => Sex::Other,
        _ => Sex::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_as_exact_as_it_was_sent() {
        for (written, read) in [
            ("19580314", Some("1958-03-14")),
            ("195803", Some("1958-03")),
            ("1958", Some("1958")),
            ("195803142359", Some("1958-03-14")),
            ("19580314235959.1234-0500", Some("1958-03-14")),
            ("19580230", None),
            ("14.03.1958", None),
            ("195", None),
            ("1958/03/14", None),
            ("", None),
        ] {
            assert_eq!(day(written).as_deref(), read, "{written}");
        }
    }
}
