//! Numbers as devices say them: a mantissa and a power of ten, never a binary fraction.
//!
//! 37.6 stays 37.6 from the thermometer to the chart; through `f32` it becomes 37.599998.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use ts_rs::TS;

/// `mantissa × 10^exponent`. Equality is of value: 370 × 10⁻¹ equals 37.
#[derive(Clone, Copy, TS)]
#[ts(type = "string")]
pub struct Decimal {
    mantissa: i64,
    exponent: i8,
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a decimal number")]
pub struct ParseDecimalError(String);

impl Decimal {
    pub const fn new(mantissa: i64, exponent: i8) -> Self {
        Self { mantissa, exponent }
    }

    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    pub const fn exponent(self) -> i8 {
        self.exponent
    }

    /// For comparing with limits and for drawing; the record keeps the decimal.
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 * 10f64.powi(i32::from(self.exponent))
    }

    /// Rounded to `places` decimals and counted in units of the last of them, halves away from zero:
    /// 36.96 with one place is 370. What does not fit is the bound of the type.
    pub const fn in_units(self, places: u8) -> i64 {
        let shift = self.exponent as i32 + places as i32;
        let Some(factor) = 10i128.checked_pow(shift.unsigned_abs()) else {
            return if shift < 0 { 0 } else { self.mantissa.saturating_mul(i64::MAX) };
        };
        let mantissa = self.mantissa as i128;
        let units = if shift < 0 {
            (mantissa + mantissa.signum() * (factor / 2)) / factor
        } else {
            mantissa.saturating_mul(factor)
        };
        if units > i64::MAX as i128 {
            i64::MAX
        } else if units < i64::MIN as i128 {
            i64::MIN
        } else {
            units as i64
        }
    }

    /// The mantissa without trailing zeros, so that equal values have one form.
    fn canonical(self) -> (i64, i32) {
        let (mut mantissa, mut exponent) = (self.mantissa, i32::from(self.exponent));
        if mantissa == 0 {
            return (0, 0);
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        (mantissa, exponent)
    }
}

impl From<u16> for Decimal {
    fn from(value: u16) -> Self {
        Self::new(i64::from(value), 0)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self == other {
            Some(Ordering::Equal)
        } else {
            self.to_f64().partial_cmp(&other.to_f64())
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        if self.exponent >= 0 {
            let zeros = if self.mantissa == 0 { 0 } else { self.exponent as usize };
            return write!(f, "{sign}{digits}{}", "0".repeat(zeros));
        }
        let places = usize::from(self.exponent.unsigned_abs());
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let wrong = || ParseDecimalError(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if unsigned.is_empty() || !digits(unsigned) || !digits(fraction) {
            return Err(wrong());
        }
        let exponent = i8::try_from(fraction.len()).map_err(|_| wrong())?;
        let mantissa = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        Ok(Self::new(mantissa, -exponent))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mantissa: i64, exponent: i8, text: &str) {
        let decimal = Decimal::new(mantissa, exponent);
        assert_eq!(decimal.to_string(), text);
        assert_eq!(text.parse::<Decimal>().unwrap(), decimal);
    }

    #[test]
    fn a_decimal_is_written_with_the_places_it_was_given() {
        check(376, -1, "37.6");
        check(36000, -3, "36.000");
        check(5, -2, "0.05");
        check(-5, -1, "-0.5");
        check(12, 1, "120");
        check(0, 3, "0");
    }

    #[test]
    fn equality_is_of_value() {
        assert_eq!(Decimal::new(370, -1), Decimal::new(37, 0));
        assert!(Decimal::new(376, -1) > Decimal::new(37, 0));
    }

    #[test]
    fn rounding_goes_to_the_nearest_and_halves_go_away_from_zero() {
        for (text, places, units) in [
            ("36.96", 1, 370),
            ("36.949", 1, 369),
            ("36.95", 1, 370),
            ("-0.5", 0, -1),
            ("-0.49", 0, 0),
            ("37", 1, 370),
            ("120", 0, 120),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().in_units(places), units, "{text}");
        }
    }

    #[test]
    fn what_is_too_large_or_too_small_to_count_is_a_bound_or_nothing() {
        assert_eq!(Decimal::new(1, i8::MAX).in_units(1), i64::MAX);
        assert_eq!(Decimal::new(-3, 20).in_units(0), i64::MIN);
        assert_eq!(Decimal::new(0, i8::MAX).in_units(0), 0);
        assert_eq!(Decimal::new(i64::MAX, i8::MIN).in_units(0), 0);
    }

    #[test]
    fn words_and_signs_alone_are_refused() {
        for text in ["", "-", ".5", "1e3", "NaN", "+1", "1.-2"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
