//! The control point of Polar Measurement Data, for a person who looks at bytes: what a strap is told,
//! what it answers, and what it says it can measure (Polar BLE SDK, PMD).

use super::pmd::{START_ECG, STOP_ECG};
use crate::{Field, Fields, Wrong, fields::hex};

/// The characteristic, as a technician may name it.
const UUID: &str = "FB005C81-02E7-F387-1CAD-8ACD2D8DF0C8";
/// First byte of an answer, and of what the characteristic holds when it is read.
const ANSWER: u8 = 0xF0;
const FEATURES: u8 = 0x0F;

const COMMANDS: [(&[u8], &str); 3] =
    [(&[0x01, 0x00], "get ECG settings"), (&START_ECG, "start ECG"), (&STOP_ECG, "stop ECG")];

/// By their bits.
const MEASUREMENTS: [&str; 7] =
    ["ECG", "PPG", "acceleration", "PP interval", "bioimpedance", "gyroscope", "magnetometer"];

/// Whether bytes are of the control point. Without a name, only what no data can be: no measurement has
/// the number of an answer, and samples alone have three bytes each.
pub(super) fn is_meant(name: Option<&str>, bytes: &[u8]) -> bool {
    match name {
        Some(name) => name == UUID || name.contains("control point") || name == "command",
        None => {
            let answer = bytes.first() == Some(&ANSWER) && !bytes.len().is_multiple_of(3);
            answer || command(bytes).is_some()
        }
    }
}

fn command(bytes: &[u8]) -> Option<&'static str> {
    COMMANDS.iter().find(|(found, _)| *found == bytes).map(|(_, words)| *words)
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    if let Some(words) = command(bytes) {
        return Ok(Fields::default().with("encode", words));
    }
    match *bytes {
        [ANSWER, request, kind, code, ref rest @ ..] => Ok(answer(request, kind, code, rest)),
        [FEATURES, bits, ..] => Ok(features(bits)),
        [] | [ANSWER | FEATURES, ..] => Err(Wrong::Length),
        _ => Err(Wrong::Field),
    }
}

fn features(bits: u8) -> Fields {
    let there = (0..).zip(MEASUREMENTS).filter(|(place, _)| bits >> place & 1 == 1);
    let names: Vec<&str> = there.map(|(_, name)| name).collect();
    Fields::default().with("features", bits).with("measurements", names)
}

/// `more`: the answer goes on in another one. What follows are settings.
fn answer(request: u8, kind: u8, code: u8, rest: &[u8]) -> Fields {
    let (more, parameters) = match *rest {
        [] => (Field::Absent, Field::Absent),
        [more, ref parameters @ ..] => (Field::from(more != 0), hex(parameters)),
    };
    Fields::default()
        .with("op", ANSWER)
        .with("request", request)
        .with("type", kind)
        .with("code", code)
        .with("meaning", meaning(code))
        .with("more", more)
        .with("parameters", parameters)
}

fn meaning(code: u8) -> &'static str {
    match code {
        0 => "success",
        1 => "invalid op code",
        2 => "invalid measurement type",
        3 => "not supported",
        4 => "invalid length",
        5 => "invalid parameter",
        6 => "already in state",
        7 => "invalid resolution",
        8 => "invalid sample rate",
        9 => "invalid range",
        10 => "invalid MTU",
        11 => "invalid number of channels",
        12 => "invalid state",
        13 => "device in charger",
        _ => "unknown error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{polar::decode, testdata};

    fn check(name: Option<&str>, bytes: &str, key: &str, expected: impl Into<Field>) {
        let said = decode(name, &testdata::hex(bytes)).unwrap();
        assert_eq!(said.get(key), Some(&expected.into()), "{bytes}");
    }

    #[test]
    fn an_answer_says_what_became_of_a_command() {
        check(None, "f0 02 00 00 00", "meaning", "success");
        check(None, "f0 02 00 06 00", "meaning", "already in state");
        check(Some(UUID), "f0 02 00 06", "more", Field::Absent);
        let settings = "f0 01 00 00 00 00 01 8200 01 01 0e00";
        check(Some("control point"), settings, "request", 1_u8);
        check(Some("control point"), settings, "parameters", "0001820001010e00");
    }

    #[test]
    fn commands_have_their_names() {
        check(None, "02000001820001010e00", "encode", "start ECG");
        check(Some("command"), "0300", "encode", "stop ECG");
        check(Some("command"), "0100", "encode", "get ECG settings");
        // A sample.
        check(None, "f00200", "uV", vec![752_i32]);
    }

    /// Of a strap H10: ECG and acceleration.
    #[test]
    fn a_strap_says_what_it_measures() {
        let read = "0f 05 00 0000000000000000000000000000";
        check(Some(UUID), read, "features", 5_u8);
        check(Some(UUID), read, "measurements", vec!["ECG", "acceleration"]);
    }

    #[test]
    fn what_the_control_point_does_not_have_is_refused() {
        for (bytes, wrong) in [
            ("", Wrong::Length),
            ("f00200", Wrong::Length),
            ("0f", Wrong::Length),
            ("09", Wrong::Field),
        ] {
            assert_eq!(decode(Some(UUID), &testdata::hex(bytes)), Err(wrong.into()), "{bytes}");
        }
    }
}
