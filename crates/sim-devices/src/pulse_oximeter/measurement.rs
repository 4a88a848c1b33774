//! The bytes of PLX Spot-Check Measurement (0x2A5E) and PLX Continuous Measurement (0x2A5F).
//!
//! Written from the Pulse Oximeter Service 1.0.1, 3.1 and 3.2.

use crate::flagged::{date_time, flagged, sfloat};
use jiff::civil::DateTime;

/// Bits of Measurement Status.
pub const ONGOING: u16 = 1 << 5;
const FULLY_QUALIFIED: u16 = 1 << 8;
const FROM_STORAGE: u16 = 1 << 9;
const DEMONSTRATION: u16 = 1 << 10;
const UNAVAILABLE: u16 = 1 << 13;

/// What can be wrong, and its bit of Device and Sensor Status.
pub const SIGNALS: [(&str, u32); 5] = [
    ("good", 0),
    ("poor", 1 << 4),
    ("low-perfusion", 1 << 5),
    ("artifact", 1 << 6),
    ("questionable", 1 << 8),
];
const UNCONNECTED: u32 = 1 << 11;

/// The bits of the flags of a spot check.
const SPOT_TIME: u32 = 0;
const SPOT_STATUS: u32 = 1;
const SPOT_DEVICE: u32 = 2;
const CLOCK_NOT_SET: u32 = 1 << 4;
/// The bits of the flags of a continuous measurement.
const FAST: u32 = 0;
const STATUS: u32 = 2;
const DEVICE: u32 = 3;
const AMPLITUDE: u32 = 4;

/// Per cent, and pulse per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finger {
    pub spo2: u16,
    pub pulse: u16,
}

/// What a finished measurement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Fresh,
    Stored,
    /// Shown by a seller; nobody's.
    Demonstration,
}

fn pair(finger: Option<Finger>) -> Vec<u8> {
    let number = |value: u16| sfloat(value.into(), 0).unwrap_or(crate::flagged::NOT_A_NUMBER);
    match finger {
        Some(Finger { spo2, pulse }) => [number(spo2), number(pulse)].concat(),
        None => crate::flagged::NOT_A_NUMBER.repeat(2),
    }
}

fn device(bits: u32) -> Option<Vec<u8>> {
    Some(bits.to_le_bytes()[..3].to_vec())
}

/// `time`: `None` for an oximeter whose clock nobody has set.
pub fn spot(finger: Finger, kind: Kind, time: Option<DateTime>, signal: u32) -> Vec<u8> {
    let status = match kind {
        Kind::Fresh => FULLY_QUALIFIED,
        Kind::Stored => FULLY_QUALIFIED | FROM_STORAGE,
        Kind::Demonstration => DEMONSTRATION,
    };
    let marks = if time.is_none() { CLOCK_NOT_SET } else { 0 };
    let fields = [
        (SPOT_TIME, time.map(|time| date_time(time).to_vec())),
        (SPOT_STATUS, Some(status.to_le_bytes().to_vec())),
        (SPOT_DEVICE, device(signal)),
    ];
    flagged(1, marks, &pair(Some(finger)), &fields)
}

/// Without a finger there are no numbers. The amplitude is in tenths of a per cent.
pub fn continuous(finger: Option<Finger>, signal: u32) -> Vec<u8> {
    let (status, bits) = match finger {
        Some(_) => (ONGOING, signal),
        None => (UNAVAILABLE, UNCONNECTED),
    };
    let fields = [
        (FAST, finger.map(|finger| pair(Some(finger)))),
        (STATUS, Some(status.to_le_bytes().to_vec())),
        (DEVICE, device(bits)),
        (AMPLITUDE, finger.and_then(|_| sfloat(25, -1)).map(Vec::from)),
    ];
    flagged(1, 0, &pair(finger), &fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const FINGER: Finger = Finger { spo2: 98, pulse: 64 };

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(bytes, hex::parse(expected).unwrap());
    }

    #[test]
    fn a_spot_check_has_its_time_or_says_that_it_has_none() {
        let time = jiff::civil::datetime(2026, 9, 24, 14, 30, 5, 0);
        check(&spot(FINGER, Kind::Fresh, Some(time), 0), "0762004000ea0709180e1e050001000000");
        check(&spot(FINGER, Kind::Stored, None, 1 << 5), "1662004000 0003 200000");
        check(&spot(FINGER, Kind::Demonstration, None, 0), "1662004000 0004 000000");
    }

    #[test]
    fn a_stream_has_numbers_only_with_a_finger() {
        check(&continuous(Some(FINGER), 0), "1d62004000 62004000 2000 000000 19f0");
        check(&continuous(None, 1 << 4), "0cff07ff07 0020 000800");
    }
}
