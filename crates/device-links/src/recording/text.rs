//! The text form of a recording: one line for each thing that happened.
//!
//! ```text
//! bedside recording 1 of ble-thermometer
//! 0 up 1795333320000 60
//! 12 subscribe 1809/2A1C
//! 900 in 1809/2A1C 00720100ff
//! ```
//!
//! The time in milliseconds, what happened, where, and the bytes. After `up` come the cart's clock in
//! milliseconds since 1970 and what the wall's clock is ahead of UTC, in minutes.

use std::{fmt, str::FromStr};

use clinical::Timestamp;
use devices::{Channel, Clock, Uuid};

use super::{Entry, Recording, What};

const HEAD: &str = "bedside recording 1 of ";

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseRecordingError {
    #[error("does not begin with `{HEAD}` and a device")]
    Head,
    #[error("line {0} is not understood")]
    Line(usize),
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}{}", self.device)?;
        self.entries.iter().try_for_each(|entry| writeln!(f, "{} {}", entry.at, entry.what))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Up(Clock { utc, ahead_minutes }) => {
                write!(f, "up {} {ahead_minutes}", utc.millis())
            }
            Self::Down => f.write_str("down"),
            Self::In(channel, bytes) => write!(f, "in {} {}", Place(*channel), Hex(bytes)),
            Self::Out(channel, bytes) => write!(f, "out {} {}", Place(*channel), Hex(bytes)),
            Self::Subscribe(channel) => write!(f, "subscribe {}", Place(*channel)),
            Self::Read(channel) => write!(f, "read {}", Place(*channel)),
            Self::Refused(channel) => write!(f, "refused {}", Place(*channel)),
            Self::Measure => f.write_str("measure"),
            Self::StopMeasuring => f.write_str("stop"),
            Self::Ptz => f.write_str("ptz"),
        }
    }
}

struct Place(Channel);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Channel::Gatt { service, characteristic } => write!(f, "{service}/{characteristic}"),
            Channel::Stream => f.write_str("stream"),
            Channel::Datagram => f.write_str("datagram"),
            Channel::Hid => f.write_str("hid"),
            Channel::HidFeature => f.write_str("hid-feature"),
            Channel::Http => f.write_str("http"),
            Channel::Control => f.write_str("control"),
        }
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            // A word has to stand there.
            [] => f.write_str("-"),
            bytes => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

impl FromStr for Recording {
    type Err = ParseRecordingError;

    fn from_str(text: &str) -> Result<Self, ParseRecordingError> {
        let mut lines = text.lines().zip(1..);
        let head = lines.next().and_then(|(line, _)| line.strip_prefix(HEAD));
        let device = head.ok_or(ParseRecordingError::Head)?.trim().to_owned();
        let entries = lines
            .filter(|(line, _)| !line.trim().is_empty())
            .map(|(line, number)| entry(line).ok_or(ParseRecordingError::Line(number)))
            .collect::<Result<_, _>>()?;
        Ok(Self { device, entries })
    }
}

fn entry(line: &str) -> Option<Entry> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (at, words) = words.split_first()?;
    let what = match *words {
        ["up", utc, ahead] => What::Up(Clock {
            utc: Timestamp::from_millis(utc.parse().ok()?),
            ahead_minutes: ahead.parse().ok()?,
        }),
        ["down"] => What::Down,
        ["in", place, bytes] => What::In(channel(place)?, hex(bytes)?),
        ["out", place, bytes] => What::Out(channel(place)?, hex(bytes)?),
        ["subscribe", place] => What::Subscribe(channel(place)?),
        ["read", place] => What::Read(channel(place)?),
        ["refused", place] => What::Refused(channel(place)?),
        ["measure"] => What::Measure,
        ["stop"] => What::StopMeasuring,
        ["ptz"] => What::Ptz,
        _ => return None,
    };
    Some(Entry { at: at.parse().ok()?, what })
}

fn channel(word: &str) -> Option<Channel> {
    Some(match word {
        "stream" => Channel::Stream,
        "datagram" => Channel::Datagram,
        "hid" => Channel::Hid,
        "hid-feature" => Channel::HidFeature,
        "http" => Channel::Http,
        "control" => Channel::Control,
        _ => {
            let (service, characteristic) = word.split_once('/')?;
            Channel::Gatt { service: uuid(service)?, characteristic: uuid(characteristic)? }
        }
    })
}

fn uuid(word: &str) -> Option<Uuid> {
    match word.len() {
        4 => u16::from_str_radix(word, 16).ok().map(Uuid::sig),
        36 => u128::from_str_radix(&word.replace('-', ""), 16).ok().map(Uuid::new),
        _ => None,
    }
}

fn hex(word: &str) -> Option<Vec<u8>> {
    if word == "-" {
        return Some(Vec::new());
    }
    let digits = word.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_written_as_it_is_read() {
        let text = "bedside recording 1 of thing\n\
                    0 up 1795333320000 -60\n\
                    1 subscribe 49535343-FE7D-4AE5-8FA9-9FAFD205E455/2A1C\n\
                    2 read 1809/2A1D\n\
                    3 refused 1809/2A1D\n\
                    4 measure\n\
                    5 out stream 3a20a6\n\
                    6 in datagram -\n\
                    7 in hid 00ff\n\
                    8 stop\n\
                    9 ptz\n\
                    10 down\n";
        let recording: Recording = text.parse().unwrap();
        assert_eq!(recording.entries.len(), 11);
        assert_eq!(recording.to_string(), text);
    }

    fn refused(text: &str) -> ParseRecordingError {
        text.parse::<Recording>().unwrap_err()
    }

    #[test]
    fn what_is_no_recording_is_refused_with_its_line() {
        assert_eq!(refused(""), ParseRecordingError::Head);
        assert_eq!(refused("1 down"), ParseRecordingError::Head);
        for line in ["down", "1 sideways", "1 in stream 3", "1 in 18/2A 00", "x down", "1 up 5"] {
            let text = format!("{HEAD}thing\n0 down\n{line}\n");
            assert_eq!(refused(&text), ParseRecordingError::Line(3), "{line}");
        }
    }
}
