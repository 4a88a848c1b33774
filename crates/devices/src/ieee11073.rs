//! The two numbers of IEEE 11073-20601 (annex F.7) that Bluetooth health devices send: SFLOAT and
//! FLOAT, little-endian.
//!
//! They are decimals on the wire and stay decimals here; binary floating point would turn 37.6
//! into 37.599998.

use clinical::Decimal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Value(Decimal),
    Special(Special),
}

/// Codes that are no number. A device sends them when it could not measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    NotANumber,
    NotAtThisResolution,
    PlusInfinity,
    MinusInfinity,
    Reserved,
}

impl Number {
    pub fn value(self) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(value),
            Self::Special(_) => None,
        }
    }
}

/// 4 bits of exponent, 12 bits of mantissa, both two's complement.
pub fn sfloat(bytes: [u8; 2]) -> Number {
    let raw = u16::from_le_bytes(bytes);
    // The special codes stand at exponent 0 only: 7FF with another exponent is the number 2047.
    match raw {
        0x07FF => Number::Special(Special::NotANumber),
        0x0800 => Number::Special(Special::NotAtThisResolution),
        0x07FE => Number::Special(Special::PlusInfinity),
        0x0802 => Number::Special(Special::MinusInfinity),
        0x0801 => Number::Special(Special::Reserved),
        _ => {
            // Shifting left and back right extends the sign.
            let mantissa = (raw << 4).cast_signed() >> 4;
            let exponent = (raw.cast_signed() >> 12) as i8;
            Number::Value(Decimal::new(mantissa.into(), exponent))
        }
    }
}

/// 8 bits of exponent, 24 bits of mantissa, both two's complement.
pub fn float(bytes: [u8; 4]) -> Number {
    // At exponent 0 only, like those of SFLOAT.
    match u32::from_le_bytes(bytes) {
        0x7F_FFFF => Number::Special(Special::NotANumber),
        0x80_0000 => Number::Special(Special::NotAtThisResolution),
        0x7F_FFFE => Number::Special(Special::PlusInfinity),
        0x80_0002 => Number::Special(Special::MinusInfinity),
        0x80_0001 => Number::Special(Special::Reserved),
        _ => {
            let [low, middle, high, exponent] = bytes;
            let mantissa = i32::from_le_bytes([0, low, middle, high]) >> 8;
            Number::Value(Decimal::new(mantissa.into(), exponent.cast_signed()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::{bytes, vectors};

    fn check(number: Number, expected: &serde_json::Value) {
        match (number, expected.as_f64()) {
            // The vectors are JSON; the decimal has to be the one they mean.
            (Number::Value(value), Some(expected)) => {
                assert!((value.to_f64() - expected).abs() <= expected.abs() * 1e-12, "{value}");
            }
            (Number::Special(special), None) => assert_eq!(name(special), expected),
            (number, _) => panic!("{number:?} instead of {expected}"),
        }
    }

    fn name(special: Special) -> &'static str {
        match special {
            Special::NotANumber => "NaN",
            Special::NotAtThisResolution => "NRes",
            Special::PlusInfinity => "+INF",
            Special::MinusInfinity => "-INF",
            Special::Reserved => "RFU",
        }
    }

    #[test]
    fn sfloats_of_public_sources_decode_as_they_say() {
        for vector in vectors(include_str!("../testdata/ieee11073_sfloat.json")) {
            let [low, high] = bytes(&vector)[..] else { panic!("{vector}") };
            check(sfloat([low, high]), &vector["expect"]["value"]);
        }
    }

    #[test]
    fn floats_of_public_sources_decode_as_they_say() {
        for vector in vectors(include_str!("../testdata/ieee11073_float.json")) {
            let [a, b, c, d] = bytes(&vector)[..] else { panic!("{vector}") };
            check(float([a, b, c, d]), &vector["expect"]["value"]);
        }
    }

    /// IEEE 11073-20601, F.7.2: `NaN [exponent 0, mantissa +(2**23 - 1)]`, and so on.
    #[test]
    fn a_special_code_with_another_exponent_is_a_number() {
        for (bytes, mantissa) in [
            ([0xFF, 0xFF, 0x7F], 8_388_607),
            ([0xFE, 0xFF, 0x7F], 8_388_606),
            ([0x00, 0x00, 0x80], -8_388_608),
            ([0x01, 0x00, 0x80], -8_388_607),
            ([0x02, 0x00, 0x80], -8_388_606),
        ] {
            let [low, middle, high] = bytes;
            assert!(matches!(float([low, middle, high, 0]), Number::Special(_)), "{mantissa}");
            for exponent in [-128_i8, -1, 1, 127] {
                let number = float([low, middle, high, exponent.cast_unsigned()]);
                assert_eq!(number, Number::Value(Decimal::new(mantissa, exponent)));
            }
        }
    }

    #[test]
    fn a_decimal_keeps_its_places() {
        assert_eq!(float([0xA0, 0x8C, 0x00, 0xFD]), Number::Value(Decimal::new(36_000, -3)));
        let Number::Value(value) = sfloat([0xB5, 0xF4]) else { panic!() };
        assert_eq!(value.to_string(), "120.5");
    }
}
