//! The bytes of a Temperature Measurement (characteristic 2A1C of the Health Thermometer Service).
//!
//! Flags, an IEEE 11073-20601 FLOAT, and the body site (GATT Specification Supplement 3.216).
//! Decimal text goes in, so that 37.60 stays 37.60 and nothing passes through binary fractions.

/// Where the temperature was taken: the codes of Temperature Type (2A1D).
pub const SITES: [(&str, u8); 9] = [
    ("armpit", 1),
    ("body", 2),
    ("ear", 3),
    ("finger", 4),
    ("bowel", 5),
    ("mouth", 6),
    ("rectum", 7),
    ("toe", 8),
    ("eardrum", 9),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Celsius,
    Fahrenheit,
}

/// `mantissa` × 10^`exponent` degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temperature {
    pub mantissa: i32,
    pub exponent: i8,
    pub unit: Unit,
    pub site: Option<u8>,
}

const FAHRENHEIT: u8 = 0x01;
const HAS_TYPE: u8 = 0x04;
/// Larger mantissas do not fit, and the topmost and lowest few are codes such as "not a number".
const LARGEST_MANTISSA: i32 = 0x7F_FFFD;

/// Reads decimal text such as `37.6`; `None` when it is no number that a FLOAT can hold.
pub fn decimal(text: &str) -> Option<(i32, i8)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits_only = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits_only || (fraction.is_empty() && text.ends_with('.')) {
        return None;
    }
    let mantissa: i32 = format!("{whole}{fraction}").parse().ok()?;
    let exponent = -i8::try_from(fraction.len()).ok()?;
    (mantissa.abs() <= LARGEST_MANTISSA).then_some((mantissa, exponent))
}

pub fn encode(temperature: &Temperature) -> Vec<u8> {
    let mut flags = 0;
    if temperature.unit == Unit::Fahrenheit {
        flags |= FAHRENHEIT;
    }
    if temperature.site.is_some() {
        flags |= HAS_TYPE;
    }
    let [low, middle, high, _] = temperature.mantissa.to_le_bytes();
    let mut bytes = vec![flags, low, middle, high, temperature.exponent.to_le_bytes()[0]];
    bytes.extend(temperature.site);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unit: Unit, site: Option<u8>, expected: &str) {
        let (mantissa, exponent) = decimal(text).expect("a number");
        let bytes = encode(&Temperature { mantissa, exponent, unit, site });
        assert_eq!(bytes, crate::control::hex::parse(expected).unwrap(), "{text}");
    }

    /// From a public parser's test, and the arithmetic of HTS 1.0 and IEEE 11073.
    #[test]
    fn published_measurements_are_encoded_byte_for_byte() {
        check("36.6", Unit::Celsius, Some(3), "046e0100ff03");
        check("37.0", Unit::Celsius, None, "00720100ff");
        check("36.000", Unit::Celsius, None, "00a08c00fd");
    }

    #[test]
    fn fahrenheit_and_frost_have_their_bits() {
        check("99.7", Unit::Fahrenheit, Some(6), "05e50300ff06");
        check("-1", Unit::Celsius, None, "00ffffff00");
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", ".", "37.", ".5", "warm", "3 7", "1e3", "99999999", "37.-6"] {
            assert_eq!(decimal(text), None, "`{text}`");
        }
    }
}
