//! The bytes of Weight Measurement (0x2A9D) and Body Composition Measurement (0x2A9C).
//!
//! Written from the Weight Scale Service 1.0.1, 3.2, and the Body Composition Service 1.0.1, 3.2.

use crate::flagged::{date_time, flagged};
use jiff::civil::DateTime;

/// Of a weight that could not be measured.
const UNSUCCESSFUL: u16 = 0xFFFF;
const IMPERIAL: u32 = 1;
/// Bits of the flags.
const WEIGHT_TIME: u32 = 1;
const BODY_TIME: u32 = 1;
const BODY_IMPEDANCE: u32 = 9;
const BODY_WEIGHT: u32 = 10;

/// In steps of the unit; `None`: the person stepped off too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 0.005 kg.
    Kilograms(Option<u16>),
    /// 0.01 lb.
    Pounds(u16),
}

/// Fat in tenths of a per cent, impedance in tenths of an ohm. With shoes on, both are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    pub fat: u16,
    pub impedance: u16,
}

pub fn weight(weight: Weight, time: DateTime) -> Vec<u8> {
    let (marks, steps) = match weight {
        Weight::Kilograms(steps) => (0, steps.unwrap_or(UNSUCCESSFUL)),
        Weight::Pounds(steps) => (IMPERIAL, steps),
    };
    flagged(1, marks, &steps.to_le_bytes(), &[(WEIGHT_TIME, Some(date_time(time).to_vec()))])
}

/// `kilograms`: the weight that goes with it, in steps of 0.005 kg.
pub fn body(body: Body, kilograms: u16, time: DateTime) -> Vec<u8> {
    let fields = [
        (BODY_TIME, Some(date_time(time).to_vec())),
        (BODY_IMPEDANCE, Some(body.impedance.to_le_bytes().to_vec())),
        (BODY_WEIGHT, Some(kilograms.to_le_bytes().to_vec())),
    ];
    flagged(2, 0, &body.fat.to_le_bytes(), &fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const TIME: DateTime = jiff::civil::datetime(2026, 5, 12, 18, 53, 54, 0);

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(bytes, hex::parse(expected).unwrap());
    }

    #[test]
    fn a_weight_is_in_steps_of_its_unit() {
        check(&weight(Weight::Kilograms(Some(15_992)), TIME), "02 783e ea07050c123536");
        check(&weight(Weight::Pounds(15_700), TIME), "03 543d ea07050c123536");
        check(&weight(Weight::Kilograms(None), TIME), "02 ffff ea07050c123536");
    }

    #[test]
    fn a_composition_has_fat_impedance_and_weight() {
        let bytes = body(Body { fat: 200, impedance: 5_000 }, 16_000, TIME);
        check(&bytes, "0206 c800 ea07050c123536 8813 803e");
    }
}
