//! The reports of the Omron HEM-790IT, and the commands and answers that are cut over them.
//!
//! Each report has eight bytes, the first of which counts how many of the rest are valid. A command
//! is three letters, parameters, and the XOR of the parameters. An answer is `OK`, data and their
//! XOR, or `NO`, or `OFF` when it switches itself off. (Protocol notes of openyou/libomron.)

use crate::{Wrong, date_time::DateTime};

const REPORT: usize = 8;
const VALID: usize = REPORT - 1;
/// `OK`, a zero and 14 bytes: the longest in use.
const LONGEST: usize = 17;
pub(super) const READING: usize = 14;

/// Sent as a feature report before readings can be asked for.
pub(super) const READING_MODE: [u8; 2] = [0x74, 0xBC];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Zeros, until it answers: what was begun before is forgotten.
    Clear,
    /// How many readings the bank holds.
    Count {
        bank: u8,
    },
    Reading {
        bank: u8,
        index: u8,
    },
    End,
}

impl Request {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Clear => vec![0; 12],
            Self::Count { bank } => command(*b"GDC", &[0, bank, 0, 0]),
            Self::Reading { bank, index } => command(*b"GME", &[0, bank, 0, index]),
            Self::End => command(*b"END", &[0xFF]),
        }
    }

    pub(super) fn reports(self) -> Vec<Vec<u8>> {
        let bytes = self.bytes();
        bytes
            .chunks(VALID)
            .map(|part| {
                let mut report = vec![0; REPORT];
                report[0] = part.len() as u8;
                report[1..=part.len()].copy_from_slice(part);
                report
            })
            .collect()
    }
}

fn command(letters: [u8; 3], parameters: &[u8]) -> Vec<u8> {
    [&letters[..], parameters, &[xor(parameters)]].concat()
}

pub(super) fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Ok,
    Count(u8),
    Reading([u8; READING]),
    No,
    Off,
}

/// Gathers the answer to one request. Bounded by the longest one.
#[derive(Debug, Default)]
pub(super) struct Gathered(Vec<u8>);

impl Gathered {
    /// `None` while it is not whole.
    pub(super) fn add(&mut self, request: Request, report: &[u8]) -> Option<Result<Answer, Wrong>> {
        let whole = self.whole(request, report);
        if whole.is_some() {
            self.0.clear();
        }
        whole
    }

    fn whole(&mut self, request: Request, report: &[u8]) -> Option<Result<Answer, Wrong>> {
        let Some((&count, rest)) = report.split_first() else { return Some(Err(Wrong::Length)) };
        // A count of 8 has been seen for reports that are full.
        let Some(part) = rest.get(..usize::from(count).min(VALID)) else {
            return Some(Err(Wrong::Length));
        };
        if self.0.len() + part.len() > LONGEST {
            return Some(Err(Wrong::Length));
        }
        self.0.extend(part);
        let expected = match request {
            Request::Clear => 2,
            Request::Count { .. } => 8,
            Request::Reading { .. } => LONGEST,
            Request::End => 5,
        };
        match self.0.as_slice() {
            [] | [_] => None,
            b"NO" => Some(Ok(Answer::No)),
            [b'O', b'F', ..] if request == Request::End => Some(Ok(Answer::Off)),
            [b'O', b'K', ..] if self.0.len() < expected => None,
            [b'O', b'K', data @ ..] => Some(answer(request, data)),
            _ => Some(Err(Wrong::Noise)),
        }
    }
}

fn answer(request: Request, data: &[u8]) -> Result<Answer, Wrong> {
    match (request, data) {
        (Request::Clear | Request::End, _) => Ok(Answer::Ok),
        _ if xor(data) != 0 => Err(Wrong::Checksum),
        (Request::Count { .. }, &[_, _, _, _, count, _]) => Ok(Answer::Count(count)),
        (Request::Reading { .. }, [_, reading @ ..]) => {
            Ok(Answer::Reading(reading.try_into().map_err(|_| Wrong::Length)?))
        }
        _ => Err(Wrong::Length),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) systolic: u8,
    pub(super) diastolic: u8,
    /// Per minute; 0 where there is none.
    pub(super) pulse: u8,
    /// Year since 2000, month, day, hour, minute, second.
    pub(super) clock: [u8; 6],
}

pub(super) fn reading(bytes: &[u8; READING]) -> Result<Reading, Wrong> {
    if xor(bytes) != 0 {
        return Err(Wrong::Checksum);
    }
    let &[year, month, day, hour, minute, second, _, _, systolic, diastolic, pulse, ..] = bytes;
    let clock = [year, month, day, hour, minute, second];
    Ok(Reading { systolic, diastolic, pulse, clock })
}

impl Reading {
    pub(super) fn time(&self) -> Result<DateTime, Wrong> {
        let [year, month, day, hour, minute, second] = self.clock;
        let [low, high] = (2000 + u16::from(year)).to_le_bytes();
        DateTime::from_bytes([low, high, month, day, hour, minute, second])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    #[test]
    fn commands_are_cut_over_reports() {
        assert_eq!(Request::Count { bank: 0 }.bytes(), hex("4744430000000000"));
        let reports = [hex("0747444300010000"), hex("0101000000000000")];
        assert_eq!(Request::Count { bank: 1 }.reports(), reports);
        assert_eq!(Request::End.reports(), [hex("05454e44ffff0000")]);
    }

    fn check(request: Request, reports: &[&str], expected: Option<Result<Answer, Wrong>>) {
        let mut gathered = Gathered::default();
        let said = reports.iter().map(|report| gathered.add(request, &hex(report))).last();
        assert_eq!(said.flatten(), expected, "{reports:?}");
    }

    #[test]
    fn answers_of_the_notes_are_read() {
        let count = Request::Count { bank: 0 };
        check(count, &["074f4b00000a0008", "0102000000000000"], Some(Ok(Answer::Count(8))));
        let reading = Request::Reading { bank: 0, index: 0 };
        let reports = ["074f4b0007010300", "070633000070 4b47", "0300004c00000000"];
        let data = hex("0701030006330000704b4700004c").try_into().unwrap();
        check(reading, &reports, Some(Ok(Answer::Reading(data))));
        check(reading, &reports[..2], None);
        check(reading, &["024e4f0000000000"], Some(Ok(Answer::No)));
        check(Request::End, &["054f46460d0a0000"], Some(Ok(Answer::Off)));
        check(Request::Clear, &["024f4b0000000000"], Some(Ok(Answer::Ok)));
    }

    #[test]
    fn a_damaged_answer_is_none() {
        let count = Request::Count { bank: 0 };
        let damaged = ["074f4b00000b0008", "0102000000000000"];
        check(count, &damaged, Some(Err(Wrong::Checksum)));
        check(count, &["075858000000 0000"], Some(Err(Wrong::Noise)));
        check(count, &["074f4b"], Some(Err(Wrong::Length)));
        check(count, &[""], Some(Err(Wrong::Length)));
    }
}
