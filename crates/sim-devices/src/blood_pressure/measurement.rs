//! The bytes of Blood Pressure Measurement (0x2A35) and Intermediate Cuff Pressure (0x2A36).
//!
//! Written from the Blood Pressure Service 1.1.1, 3.1 and 3.2. The BM85 has one layout of its own.

use crate::flagged::{NOT_A_NUMBER, date_time, flagged, sfloat};
use jiff::civil::DateTime;

/// What a cuff can remark: the bits of Measurement Status.
pub const REMARKS: [(&str, u16); 6] = [
    ("movement", 1 << 0),
    ("loose", 1 << 1),
    ("irregular", 1 << 2),
    ("too-fast", 1 << 3),
    ("too-slow", 2 << 3),
    ("position", 1 << 5),
];

/// Bits of the flags.
const TIME: u32 = 1;
const PULSE: u32 = 2;
const USER: u32 = 3;
const STATUS: u32 = 4;

/// In mmHg; the pulse per minute. `None` among the numbers: the cuff could not measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Systolic, diastolic, mean.
    pub pressures: Option<[u16; 3]>,
    pub pulse: Option<u16>,
    pub status: u16,
    pub time: DateTime,
}

/// In what way a model writes a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Standard,
    /// The Beurer BM85, as captured: no mean pressure; an unannounced byte for the user; pulse and
    /// status with the high byte first.
    Bm85,
}

fn number(value: Option<u16>) -> [u8; 2] {
    let fits = value.and_then(|value| sfloat(value.into(), 0));
    fits.unwrap_or(NOT_A_NUMBER)
}

pub fn encode(reading: &Reading, layout: Layout) -> Vec<u8> {
    let mut pressures = match reading.pressures {
        Some(pressures) => pressures.map(Some),
        None => [None; 3],
    };
    let mut pulse = number(reading.pulse);
    let mut status = reading.status.to_le_bytes();
    if layout == Layout::Bm85 {
        pressures[2] = pressures[2].map(|_| 0);
        pulse.reverse();
        status.reverse();
    }
    let mut status = status.to_vec();
    let mut user = Some(vec![1]);
    if layout == Layout::Bm85 {
        // In the status's place among the bytes, and without a flag.
        status.insert(0, 1);
        user = None;
    }
    let fields = [
        (TIME, Some(date_time(reading.time).to_vec())),
        (PULSE, Some(pulse.to_vec())),
        (USER, user),
        (STATUS, Some(status)),
    ];
    flagged(1, 0, &pressures.map(number).concat(), &fields)
}

/// The pressure in the cuff now; the two other numbers are not used.
pub fn encode_cuff(mmhg: u16) -> Vec<u8> {
    flagged(1, 0, &[number(Some(mmhg)), NOT_A_NUMBER, NOT_A_NUMBER].concat(), &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn check(reading: &Reading, layout: Layout, expected: &str) {
        assert_eq!(encode(reading, layout), hex::parse(expected).unwrap());
    }

    const READING: Reading = Reading {
        pressures: Some([118, 80, 93]),
        pulse: Some(60),
        status: 4,
        time: jiff::civil::datetime(2026, 8, 11, 20, 27, 0, 0),
    };

    /// The second line is of a public capture of a BM85, but for its bit 6 that means nothing.
    #[test]
    fn a_reading_has_its_fields_in_the_order_of_the_flags() {
        let time = "ea07080b141b00";
        check(&READING, Layout::Standard, &format!("1e760050005d00{time}3c00010400"));
        check(&READING, Layout::Bm85, &format!("16760050000000{time}003c010004"));
    }

    #[test]
    fn a_failed_reading_has_no_numbers() {
        let failed = Reading { pressures: None, pulse: None, status: 2, ..READING };
        check(&failed, Layout::Standard, "1eff07ff07ff07ea07080b141b00ff07010200");
    }

    #[test]
    fn the_pressure_in_the_cuff_is_the_first_of_three() {
        assert_eq!(encode_cuff(150), hex::parse("009600ff07ff07").unwrap());
    }
}
