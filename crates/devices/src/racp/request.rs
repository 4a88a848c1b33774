//! What a client asks of stored records, as bytes and as words.

use std::fmt;

use crate::{Wrong, date_time::DateTime};

/// What is to happen to stored records (Bluetooth Glucose Service 1.0.1, 3.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Report(Records),
    Delete(Records),
    Count(Records),
    /// End the procedure that runs.
    Abort,
}

/// Which records (the operator and its operand).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Records {
    All,
    First,
    Last,
    AtMost(Bound),
    AtLeast(Bound),
    /// Both bounds are inclusive, and of the same kind.
    Range(Bound, Bound),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The record's number; in continuous glucose monitoring the minutes since the session began.
    Sequence(u16),
    /// What the device's clock showed to its user.
    Time(DateTime),
}

const REPORT: u8 = 1;
const DELETE: u8 = 2;
const ABORT: u8 = 3;
const COUNT: u8 = 4;

const NULL: u8 = 0;
const ALL: u8 = 1;
const AT_MOST: u8 = 2;
const AT_LEAST: u8 = 3;
const RANGE: u8 = 4;
const FIRST: u8 = 5;
const LAST: u8 = 6;

const BY_SEQUENCE: u8 = 1;
const BY_TIME: u8 = 2;

impl Request {
    /// The op code, by which a response names what it answers.
    pub(crate) const fn op(self) -> u8 {
        match self {
            Self::Report(_) => REPORT,
            Self::Delete(_) => DELETE,
            Self::Abort => ABORT,
            Self::Count(_) => COUNT,
        }
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = vec![self.op()];
        match self {
            Self::Abort => bytes.push(NULL),
            Self::Report(records) | Self::Delete(records) | Self::Count(records) => {
                records.write(&mut bytes);
            }
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Wrong> {
        let [op, operator, operand @ ..] = bytes else { return Err(Wrong::Length) };
        match (*op, *operator) {
            (REPORT, operator) => Records::read(operator, operand).map(Self::Report),
            (DELETE, operator) => Records::read(operator, operand).map(Self::Delete),
            (COUNT, operator) => Records::read(operator, operand).map(Self::Count),
            (ABORT, NULL) if operand.is_empty() => Ok(Self::Abort),
            (ABORT, NULL) => Err(Wrong::Length),
            _ => Err(Wrong::Field),
        }
    }
}

impl Records {
    fn write(self, bytes: &mut Vec<u8>) {
        let (operator, bounds) = match self {
            Self::All => (ALL, [None, None]),
            Self::First => (FIRST, [None, None]),
            Self::Last => (LAST, [None, None]),
            Self::AtMost(bound) => (AT_MOST, [Some(bound), None]),
            Self::AtLeast(bound) => (AT_LEAST, [Some(bound), None]),
            Self::Range(from, to) => (RANGE, [Some(from), Some(to)]),
        };
        bytes.push(operator);
        bytes.extend(bounds[0].map(Bound::filter));
        for bound in bounds.into_iter().flatten() {
            match bound {
                Bound::Sequence(number) => bytes.extend(number.to_le_bytes()),
                Bound::Time(time) => bytes.extend(time.to_bytes()),
            }
        }
    }

    fn read(operator: u8, operand: &[u8]) -> Result<Self, Wrong> {
        let alone = |records| if operand.is_empty() { Ok(records) } else { Err(Wrong::Length) };
        match operator {
            ALL => alone(Self::All),
            FIRST => alone(Self::First),
            LAST => alone(Self::Last),
            AT_MOST => one_bound(operand).map(Self::AtMost),
            AT_LEAST => one_bound(operand).map(Self::AtLeast),
            RANGE => match bounds(operand)?[..] {
                [from, to] => Ok(Self::Range(from, to)),
                _ => Err(Wrong::Length),
            },
            _ => Err(Wrong::Field),
        }
    }
}

impl Bound {
    const fn filter(self) -> u8 {
        match self {
            Self::Sequence(_) => BY_SEQUENCE,
            Self::Time(_) => BY_TIME,
        }
    }
}

fn one_bound(operand: &[u8]) -> Result<Bound, Wrong> {
    match bounds(operand)?[..] {
        [bound] => Ok(bound),
        _ => Err(Wrong::Length),
    }
}

fn bounds(operand: &[u8]) -> Result<Vec<Bound>, Wrong> {
    match operand {
        [BY_SEQUENCE, numbers @ ..] => {
            let (numbers, []) = numbers.as_chunks() else { return Err(Wrong::Length) };
            Ok(numbers.iter().map(|&number| Bound::Sequence(u16::from_le_bytes(number))).collect())
        }
        [BY_TIME, times @ ..] => {
            let (times, []) = times.as_chunks() else { return Err(Wrong::Length) };
            times.iter().map(|&time| DateTime::from_bytes(time).map(Bound::Time)).collect()
        }
        [] => Err(Wrong::Length),
        _ => Err(Wrong::Field),
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(records) => write!(f, "report {records}"),
            Self::Delete(records) => write!(f, "delete {records}"),
            Self::Count(records) => write!(f, "report number of {records}"),
            Self::Abort => f.write_str("abort"),
        }
    }
}

impl fmt::Display for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all records"),
            Self::First => f.write_str("first record"),
            Self::Last => f.write_str("last record"),
            Self::AtMost(bound) => write!(f, "records with {} <= {bound}", bound.name()),
            Self::AtLeast(bound) => write!(f, "records with {} >= {bound}", bound.name()),
            Self::Range(from, to) => write!(f, "records with {} {from} to {to}", from.name()),
        }
    }
}

impl Bound {
    const fn name(self) -> &'static str {
        match self {
            Self::Sequence(_) => "sequence",
            Self::Time(_) => "time",
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Sequence(number) => write!(f, "0x{number:04X}"),
            Self::Time(DateTime { year, month, day, hour, minute, second }) => {
                write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn check(bytes: &str, words: &str) {
        let request = Request::from_bytes(&hex(bytes)).unwrap();
        assert_eq!(request.to_string(), words);
        assert_eq!(request.to_bytes(), hex(bytes), "{words}");
    }

    fn refused(bytes: &str, wrong: Wrong) {
        assert_eq!(Request::from_bytes(&hex(bytes)), Err(wrong), "{bytes}");
    }

    #[test]
    fn every_request_has_its_bytes_and_its_words() {
        check("0101", "report all records");
        check("0105", "report first record");
        check("0106", "report last record");
        check("0201", "delete all records");
        check("0401", "report number of all records");
        check("0300", "abort");
        check("0103010201", "report records with sequence >= 0x0102");
        check("010201fe00", "report records with sequence <= 0x00FE");
        check("0404010c009c01", "report number of records with sequence 0x000C to 0x019C");
        let time = "010302 e80706140a1e00";
        check(time, "report records with time >= 2024-06-20T10:30:00");
    }

    #[test]
    fn a_request_that_the_service_does_not_have_is_refused() {
        refused("", Wrong::Length);
        refused("01", Wrong::Length);
        refused("010100", Wrong::Length);
        refused("0100", Wrong::Field);
        refused("0107", Wrong::Field);
        refused("0301", Wrong::Field);
        refused("030000", Wrong::Length);
        refused("0701", Wrong::Field);
        refused("0103", Wrong::Length);
        refused("01030102", Wrong::Length);
        refused("0103030201", Wrong::Field);
        refused("0103010201ff", Wrong::Length);
        refused("01030102010304", Wrong::Length);
        refused("0104010201", Wrong::Length);
        refused("010302e8070d140a1e00", Wrong::Field);
    }
}
