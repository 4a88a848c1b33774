//! The frames of the SunTech Advantage module: what is sent, and what comes back.
//!
//! Host: `3A command.. checksum`. Module: `3E length data.. checksum`, where the length counts the
//! whole frame. All bytes of a frame sum to 0 modulo 256.

use crate::{Fields, Malformation, Undecoded, Wrong, framer::Scan};

const START: u8 = 0x3E;
/// Start, length and checksum around at least one byte.
const SHORTEST: usize = 4;
/// The longest reply in use has 24 bytes; some room is left for replies that are only skipped.
const LONGEST: usize = 32;
const RESULT: usize = 24;

/// Adult mode.
pub(super) const START_MEASUREMENT: [u8; 3] = [0x3A, 0x20, 0xA6];
pub(super) const GET_PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];
pub(super) const GET_RESULT: [u8; 5] = [0x3A, 0x79, 0x03, 0x00, 0x4A];
pub(super) const ABORT: [u8; 5] = [0x3A, 0x79, 0x01, 0x00, 0x4C];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// In the cuff, mmHg.
    Pressure(u16),
    /// The measurement is over, with or without a value.
    Finished,
    /// Another one-byte answer. What the other letters mean is not public.
    Acknowledged,
    Result(Box<ResultFrame>),
}

/// Zero where the module has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ResultFrame {
    pub(super) systolic: u16,
    pub(super) diastolic: u16,
    pub(super) mean: u16,
    /// Per minute.
    pub(super) pulse: u16,
    pub(super) beats: u8,
    pub(super) status: u8,
    pub(super) error: u8,
    pub(super) raw: [u8; RESULT],
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let &[first, ref rest @ ..] = bytes else { return Scan::Incomplete };
    if first != START {
        return Scan::No(Wrong::Noise);
    }
    let Some(length) = rest.first().map(|&length| usize::from(length)) else {
        return Scan::Incomplete;
    };
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Scan::No(Wrong::Length);
    }
    match bytes.get(..length) {
        None => Scan::Incomplete,
        Some(frame) if sum(frame) == 0 => Scan::Frame(length),
        Some(_) => Scan::No(Wrong::Checksum),
    }
}

fn sum(frame: &[u8]) -> u8 {
    frame.iter().fold(0, |sum, &byte| sum.wrapping_add(byte))
}

/// Of a frame that [`scan`] has found.
pub(super) fn decode(frame: &[u8]) -> Result<Reply, Malformation> {
    match *frame {
        [_, _, b'K', _] => Ok(Reply::Finished),
        [_, _, _, _] => Ok(Reply::Acknowledged),
        [_, _, low, high, _] => Ok(Reply::Pressure(u16::from_le_bytes([low, high]))),
        _ => match <[u8; RESULT]>::try_from(frame) {
            Ok(raw) => Ok(Reply::Result(Box::new(result(raw)))),
            Err(_) => Err(Malformation::new(Wrong::Unexpected, frame)),
        },
    }
}

fn result(raw: [u8; RESULT]) -> ResultFrame {
    let word = |at: usize| u16::from_le_bytes([raw[at], raw[at + 1]]);
    ResultFrame {
        systolic: word(2),
        diastolic: word(4),
        beats: raw[6],
        status: raw[7],
        // 8 to 15 are test codes of the maker.
        pulse: raw[16].into(),
        mean: word(18),
        error: raw[20],
        raw,
    }
}

/// What one whole frame says, in either direction.
pub(crate) fn fields(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if let Some((_, words)) = COMMANDS.iter().find(|(command, _)| *command == bytes) {
        return Ok(Fields::default().with("encode", *words));
    }
    match scan(bytes) {
        Scan::Frame(length) if length == bytes.len() => {}
        Scan::No(wrong) => return Err(wrong.into()),
        Scan::Frame(_) | Scan::Incomplete => return Err(Wrong::Length.into()),
    }
    let fields = Fields::default();
    Ok(match decode(bytes).map_err(|malformation| malformation.what)? {
        Reply::Pressure(mmhg) => fields.with("cuff_pressure", mmhg),
        Reply::Finished => fields.with("finished", true),
        Reply::Acknowledged => fields.with("acknowledged", bytes[2]),
        Reply::Result(result) => fields
            .with("systolic", result.systolic)
            .with("diastolic", result.diastolic)
            .with("map", result.mean)
            .with("pulse_rate", result.pulse)
            .with("beats", result.beats)
            .with("status", result.status)
            .with("error_code", result.error),
    })
}

const COMMANDS: [(&[u8], &str); 4] = [
    (&START_MEASUREMENT, "start BP (adult)"),
    (&GET_PRESSURE, "get cuff pressure"),
    (&GET_RESULT, "get BP data"),
    (&ABORT, "abort BP (3A 79 01 00)"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::{bytes, vectors};

    fn read(bytes: &[u8]) -> String {
        match scan(bytes) {
            Scan::Incomplete => "incomplete".to_owned(),
            Scan::No(wrong) => wrong.to_string(),
            Scan::Frame(length) => match decode(&bytes[..length]).unwrap() {
                Reply::Pressure(mmhg) => format!("{mmhg} mmHg"),
                Reply::Result(result) => format!(
                    "{}/{} ({}) pulse {}, {} beats, status {}, error {}",
                    result.systolic,
                    result.diastolic,
                    result.mean,
                    result.pulse,
                    result.beats,
                    result.status,
                    result.error
                ),
                other => format!("{other:?}"),
            },
        }
    }

    #[test]
    fn public_examples_read_and_write_as_they_say() {
        for vector in vectors(include_str!("../../testdata/suntech_advantage.json")) {
            let expected = &vector["expect"];
            if let Some(reading) = expected["reads"].as_str() {
                assert_eq!(read(&bytes(&vector)), reading, "{vector}");
            } else {
                let ours: &[u8] = match expected["command"].as_str() {
                    Some("start") => &START_MEASUREMENT,
                    Some("pressure") => &GET_PRESSURE,
                    Some("result") => &GET_RESULT,
                    Some("abort") => &ABORT,
                    _ => panic!("{vector}"),
                };
                assert_eq!(ours, bytes(&vector));
            }
        }
    }

    #[test]
    fn every_command_sums_to_zero() {
        assert_eq!(sum(&START_MEASUREMENT), 0);
        for command in [GET_PRESSURE, GET_RESULT, ABORT] {
            assert_eq!(sum(&command), 0);
        }
    }
}
