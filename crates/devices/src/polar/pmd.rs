//! Polar Measurement Data: the stream of ECG samples of a Polar strap (Polar BLE SDK, PMD).
//!
//! A notification is `type timestamp frame-type samples..`: the timestamp counts nanoseconds since
//! 2000-01-01 and is that of the last sample. A strap H10 sends frame type 0: three bytes per sample,
//! little-endian, in microvolts. The other types are those of other straps.

use super::control;
use crate::{Field, Fields, Undecoded, Wrong};

/// Samples per second.
pub(super) const HERTZ: u16 = 130;
/// Measurement type ECG; sample rate 130 (0x82), resolution 14 bits.
pub(super) const START_ECG: [u8; 10] = [0x02, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0E, 0x00];
pub(super) const STOP_ECG: [u8; 2] = [0x03, 0x00];
const ECG: u8 = 0x00;
const HEADER: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notification {
    /// Of the last sample, nanoseconds since 2000-01-01.
    pub(super) nanos: u64,
    pub(super) microvolts: Vec<i32>,
}

/// Of a notification of frame type 0, which is what [`START_ECG`] asks for.
pub(super) fn notification(bytes: &[u8]) -> Result<Notification, Wrong> {
    let (nanos, frame_type, content) = split(bytes)?;
    if frame_type != 0 {
        return Err(Wrong::Unexpected);
    }
    Ok(Notification { nanos, microvolts: samples(frame_type, content)? })
}

fn split(bytes: &[u8]) -> Result<(u64, u8, &[u8]), Wrong> {
    let (header, content) = bytes.split_first_chunk::<HEADER>().ok_or(Wrong::Length)?;
    let &[kind, ref nanos @ .., frame_type] = header;
    if kind != ECG {
        return Err(Wrong::Unexpected);
    }
    Ok((u64::from_le_bytes(*nanos), frame_type, content))
}

/// At least one.
fn samples(frame_type: u8, content: &[u8]) -> Result<Vec<i32>, Wrong> {
    let (size, value): (usize, fn(&[u8]) -> i32) = match frame_type {
        0 => (3, signed),
        // 14 bits; the rest says how well the skin is touched.
        1 => (3, |sample| unsigned(sample) & 0x3FFF),
        // 18 bits; the rest tags paces.
        2 => (3, |sample| unsigned(sample) & 0x3_FFFF),
        // A second channel and a status follow.
        3 => (7, signed),
        _ => return Err(Wrong::Field),
    };
    if content.is_empty() || !content.len().is_multiple_of(size) {
        return Err(Wrong::Length);
    }
    Ok(content.chunks_exact(size).map(value).collect())
}

fn unsigned(sample: &[u8]) -> i32 {
    sample.iter().take(3).rev().fold(0, |value, &byte| value << 8 | i32::from(byte))
}

fn signed(sample: &[u8]) -> i32 {
    // Shifting left and back right extends the sign.
    (unsigned(sample) << 8) >> 8
}

/// A value of the control point, a whole notification, or only its samples where the caller says "frame type 0 samples". Too short
/// for a header, bytes can only be samples, and those of a strap H10.
pub(crate) fn decode(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if control::is_meant(characteristic, bytes) {
        return Ok(control::fields(bytes)?);
    }
    match characteristic.map(|name| name.strip_prefix("frame type ")) {
        Some(Some(named)) => {
            let number = named.split(' ').next().and_then(|number| number.parse().ok());
            let frame_type = number.ok_or(Undecoded::NoSuchCharacteristic)?;
            Ok(list(samples(frame_type, bytes)?))
        }
        None if bytes.len() < HEADER => Ok(list(samples(0, bytes)?)),
        None | Some(None) => whole(bytes),
    }
}

fn whole(bytes: &[u8]) -> Result<Fields, Undecoded> {
    let (nanos, frame_type, content) = split(bytes)?;
    let timestamp = i64::try_from(nanos).map_or(Field::Absent, Field::Whole);
    Ok(list(samples(frame_type, content)?)
        .with("timestamp_ns", timestamp)
        .with("frame_type", frame_type))
}

fn list(samples: Vec<i32>) -> Fields {
    Fields::default().with("uV", samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    const WHOLE: &str = "00 0094357700000000 00 0280ff 028000";

    #[test]
    fn a_notification_says_when_its_last_sample_was() {
        let said = notification(&hex(WHOLE)).unwrap();
        let expected = Notification { nanos: 2_000_000_000, microvolts: vec![-32_766, 32_770] };
        assert_eq!(said, expected);
        let fields = decode(None, &hex(WHOLE)).unwrap();
        assert_eq!(fields.get("timestamp_ns"), Some(&Field::Whole(2_000_000_000)));
    }

    fn check(characteristic: &str, bytes: &str, expected: Result<Vec<i32>, Wrong>) {
        let said = decode(Some(characteristic), &hex(bytes));
        let said = said.map(|fields| fields.get("uV").cloned());
        let expected = expected.map(|list| Some(list.into())).map_err(Undecoded::from);
        assert_eq!(said, expected, "{characteristic} {bytes}");
    }

    #[test]
    fn samples_of_the_maker_s_tests_decode_as_they_say() {
        check("frame type 0 samples", "0280ff 028000", Ok(vec![-32_766, 32_770]));
        check("frame type 1 samples", "0280ff 800200", Ok(vec![2, 640]));
        check("frame type 2 samples", "8080fc ffff03", Ok(vec![32_896, 262_143]));
        let third = "00120311100400 0280f0111004ff";
        check("frame type 3 samples", third, Ok(vec![201_216, -1_015_806]));
    }

    #[test]
    fn a_sample_cut_short_is_none() {
        check("frame type 0 samples", "0280", Err(Wrong::Length));
        check("frame type 0 samples", "", Err(Wrong::Length));
        check("frame type 9 samples", "0280ff", Err(Wrong::Field));
        assert_eq!(notification(&hex("02 0094357700000000 00 0280ff")), Err(Wrong::Unexpected));
        assert_eq!(notification(&hex("00 0094357700000000 00 0280")), Err(Wrong::Length));
        assert_eq!(notification(&hex("00 0094")), Err(Wrong::Length));
    }
}
