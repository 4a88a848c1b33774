//! The seven bytes of Pelco-D: `FF`, address, two bytes of command, two of data, and the sum of
//! bytes 1 to 5 modulo 256.
//!
//! From Pelco's "D Protocol Manual" and five public codecs that agree with it.

use crate::{Fields, Undecoded, Wrong, fields::hex};

const SYNC: u8 = 0xFF;
pub(super) const LENGTH: usize = 7;
/// All receivers on the line obey.
const EVERYBODY: u8 = 0xFF;
/// The highest speed; a head that is sent more (FF is "turbo") pans faster or not.
pub(super) const FULL_SPEED: u8 = 0x3F;

/// Bits of the second command byte. Its bit 0 is 0 in a movement and 1 in an extended command.
pub(super) const RIGHT: u8 = 0x02;
pub(super) const LEFT: u8 = 0x04;
pub(super) const UP: u8 = 0x08;
pub(super) const DOWN: u8 = 0x10;
pub(super) const TELE: u8 = 0x20;
pub(super) const WIDE: u8 = 0x40;
pub(super) const FAR: u8 = 0x80;
/// Bits of the first command byte.
pub(super) const NEAR: u8 = 0x01;
const IRIS_OPEN: u8 = 0x02;
const IRIS_CLOSE: u8 = 0x04;
const SCAN: u8 = 0x10;
const SENSE: u8 = 0x80;
const UNUSED: u8 = 0x60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) address: u8,
    pub(super) command: [u8; 2],
    pub(super) data: [u8; 2],
}

impl Frame {
    pub(super) fn encode(self) -> [u8; LENGTH] {
        let Self { address, command: [c1, c2], data: [d1, d2] } = self;
        [SYNC, address, c1, c2, d1, d2, sum(&[address, c1, c2, d1, d2])]
    }

    fn decode(bytes: &[u8]) -> Result<Self, Wrong> {
        let &[first, address, c1, c2, d1, d2, checksum] = bytes else { return Err(Wrong::Length) };
        if first != SYNC {
            return Err(Wrong::Noise);
        }
        if checksum != sum(&bytes[1..6]) {
            return Err(Wrong::Checksum);
        }
        Ok(Self { address, command: [c1, c2], data: [d1, d2] })
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

/// For a person who looks at bytes.
pub(crate) fn decode(kind: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if !matches!(kind, None | Some("command" | "reply" | "response")) {
        return Err(Undecoded::NoSuchCharacteristic);
    }
    let frame = Frame::decode(bytes)?;
    let mut words = match frame.command[1] & 1 {
        0 => movement(frame)?,
        _ => extended(frame)?,
    };
    if frame.address == EVERYBODY {
        words += ", address 255";
    }
    Ok(Fields::default()
        .with("encode", words)
        .with("address", frame.address)
        .with("pan_speed", frame.data[0])
        .with("tilt_speed", frame.data[1])
        .with("checksum", hex(&bytes[LENGTH - 1..])))
}

/// What is driven, each thing once; a frame without any bit stops them all.
fn movement(frame: Frame) -> Result<String, Wrong> {
    let [first, second] = frame.command;
    if first & UNUSED != 0 {
        return Err(Wrong::Field);
    }
    let focus = (first & NEAR) | (second & FAR);
    let others = [
        one_of(second, [(TELE, "zoom tele"), (WIDE, "zoom wide")])?,
        one_of(focus, [(NEAR, "focus near"), (FAR, "focus far")])?,
        one_of(first, [(IRIS_OPEN, "iris open"), (IRIS_CLOSE, "iris close")])?,
        switches(first),
    ];
    let mut words: Vec<String> = turning(frame)?.into_iter().collect();
    words.extend(others.into_iter().flatten().map(str::to_owned));
    Ok(if words.is_empty() { "stop".to_owned() } else { words.join(", ") })
}

/// Bits 3 and 4 of the first byte, with bit 7 saying which way they are switched.
fn switches(first: u8) -> Option<&'static str> {
    const CAMERA: u8 = 0x08;
    match (first & SENSE != 0, first & CAMERA != 0, first & SCAN != 0) {
        (true, true, _) => Some("camera on"),
        (false, true, _) => Some("camera off"),
        (true, false, true) => Some("auto scan"),
        (false, false, true) => Some("manual scan"),
        (_, false, false) => None,
    }
}

fn turning(frame: Frame) -> Result<Option<String>, Wrong> {
    let Frame { command: [_, bits], data: [pan_speed, tilt_speed], .. } = frame;
    let pan = one_of(bits, [(LEFT, "left"), (RIGHT, "right")])?;
    let tilt = one_of(bits, [(UP, "up"), (DOWN, "down")])?;
    Ok(match (pan, tilt) {
        (Some(pan), Some(tilt)) => Some(format!("{tilt}-{pan}")),
        (Some(pan), None) => Some(format!("pan {pan} speed {pan_speed:#04x}")),
        (None, Some(tilt)) if tilt_speed == FULL_SPEED => Some(format!("tilt {tilt} full speed")),
        (None, Some(tilt)) => Some(format!("tilt {tilt}")),
        (None, None) => None,
    })
}

/// Both ways at once is no movement.
fn one_of(bits: u8, ways: [(u8, &str); 2]) -> Result<Option<&str>, Wrong> {
    match ways.map(|(bit, _)| bits & bit != 0) {
        [true, true] => Err(Wrong::Field),
        [true, false] => Ok(Some(ways[0].1)),
        [false, true] => Ok(Some(ways[1].1)),
        [false, false] => Ok(None),
    }
}

fn extended(frame: Frame) -> Result<String, Wrong> {
    let Frame { command: [first, second], data: [high, number], .. } = frame;
    let place = u16::from_be_bytes([high, number]);
    Ok(match (first, second) {
        (0x00, 0x03) => format!("set preset {number}"),
        (0x00, 0x05) => format!("clear preset {number}"),
        (0x00, 0x07) => format!("goto preset {number}"),
        (0x00, 0x09) => format!("set auxiliary {number}"),
        (0x00, 0x0B) => format!("clear auxiliary {number}"),
        (0x00, 0x0F) => "remote reset".to_owned(),
        (0x00, 0x4B) => format!("set pan position {place}"),
        (0x00, 0x4D) => format!("set tilt position {place}"),
        (0x00, 0x4F) => format!("set zoom position {place}"),
        (0x00, 0x51) => "query pan".to_owned(),
        (0x00, 0x53) => "query tilt".to_owned(),
        (0x00, 0x55) => "query zoom".to_owned(),
        (0x00, 0x59) => format!("pan position {place}"),
        (0x00, 0x5B) => format!("tilt position {place}"),
        (0x00, 0x5D) => format!("zoom position {place}"),
        (0x00, 0x2B) if number <= 2 => {
            format!("auto focus {}", ["auto", "on", "off"][usize::from(number)])
        }
        _ => return Err(Wrong::Field),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testdata;

    #[test]
    fn published_frames_are_written_as_they_are_read() {
        for vector in testdata::vectors(include_str!("../../testdata/vectors/pelco_d.json")) {
            let bytes = testdata::hex(vector["input_hex"].as_str().unwrap());
            assert_eq!(Frame::decode(&bytes).unwrap().encode().to_vec(), bytes, "{vector}");
        }
    }

    fn check(bytes: &str, expected: &str) {
        let said = match decode(None, &testdata::hex(bytes)) {
            Ok(fields) => format!("{:?}", fields.get("encode")),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(expected), "{bytes}: {said}");
    }

    #[test]
    fn frames_beyond_the_examples_read_alike() {
        check("ff010000000001", "\"stop\"");
        check("ff010004200025", "pan left speed 0x20");
        check("ff010010002031", "\"tilt down\"");
        check("ff010020000021", "zoom tele");
        check("ff010080000081", "focus far");
        check("ff01000500050b", "clear preset 5");
        check("ff020051000053", "query pan");
    }

    #[test]
    fn a_sum_modulo_one_hundred_is_refused() {
        check("ff01000a3f3f89", "up-right");
        // 137 modulo 100, as one public program has it.
        check("ff01000a3f3f25", "malformed: checksum");
    }

    #[test]
    fn both_ways_at_once_are_refused() {
        for both in ["ff010006000007", "ff010018000019", "ff010060000061", "ff010180000082"] {
            check(both, "malformed: field");
        }
        check("ff0101", "malformed: length");
    }

    proptest! {
        #[test]
        fn a_frame_with_a_wrong_sum_says_nothing(
            bytes in proptest::array::uniform7(any::<u8>()), flip in 1u8..,
        ) {
            let mut frame = bytes;
            frame[0] = SYNC;
            frame[6] = sum(&frame[1..6]) ^ flip;
            prop_assert_eq!(decode(None, &frame), Err(Undecoded::Malformed(Wrong::Checksum)));
        }
    }
}
