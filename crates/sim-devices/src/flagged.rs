//! The layout that the health profiles share: flags say which optional fields follow, in a fixed order.
//!
//! Each device writes its fields as a table; this puts them together. Numbers are decimal text or
//! mantissa and exponent, and never pass through binary fractions.

use crate::thermometer::measurement::decimal;
use jiff::civil::DateTime;

/// A field that may be missing, and its bit among the flags.
pub type Optional = (u32, Option<Vec<u8>>);

/// Flags of `width` bytes: `marks`, and the bit of each optional field that is there. Then what is
/// always there, then the optional fields in the table's order.
pub fn flagged(width: usize, marks: u32, always: &[u8], optional: &[Optional]) -> Vec<u8> {
    let present = optional.iter().filter(|(_, field)| field.is_some());
    let flags = present.fold(marks, |flags, (bit, _)| flags | 1 << bit);
    let mut bytes = flags.to_le_bytes()[..width].to_vec();
    bytes.extend(always);
    bytes.extend(optional.iter().filter_map(|(_, field)| field.as_deref()).flatten());
    bytes
}

/// An SFLOAT (IEEE 11073-20601) that is no number.
pub const NOT_A_NUMBER: [u8; 2] = [0xFF, 0x07];
/// The mantissas beyond are codes such as [`NOT_A_NUMBER`].
const LARGEST_MANTISSA: i32 = 2045;

/// 12 bits of mantissa below 4 bits of exponent. `None`: it does not fit.
pub fn sfloat(mantissa: i32, exponent: i8) -> Option<[u8; 2]> {
    let fits = mantissa.abs() <= LARGEST_MANTISSA && (-8..8).contains(&exponent);
    let bits = (mantissa & 0x0FFF) | (i32::from(exponent) & 0x0F) << 12;
    fits.then(|| (bits as u16).to_le_bytes())
}

/// Of decimal text such as `36.6`.
pub fn sfloat_of(text: &str) -> Option<[u8; 2]> {
    let (mantissa, exponent) = decimal(text)?;
    sfloat(mantissa, exponent)
}

/// How many of `step` (a decimal such as 5 and -3 for 0.005) the decimal text is, in 16 bits. `None`:
/// it is no whole number of steps.
pub fn steps_of(text: &str, step: i32, step_exponent: i8) -> Option<u16> {
    let (mantissa, exponent) = decimal(text)?;
    let places = u32::try_from(exponent.checked_sub(step_exponent)?).ok();
    let fine = match places {
        Some(places) => mantissa.checked_mul(10_i32.checked_pow(places)?)?,
        None => exact(mantissa, 10_i32.checked_pow(exponent.abs_diff(step_exponent).into())?)?,
    };
    u16::try_from(exact(fine, step)?).ok()
}

fn exact(number: i32, divisor: i32) -> Option<i32> {
    (number % divisor == 0).then_some(number / divisor)
}

/// Date Time (0x2A08).
pub fn date_time(time: DateTime) -> [u8; 7] {
    let [low, high] = time.year().to_le_bytes();
    // None of the others is negative or beyond 60.
    let [month, day, hour, minute, second] =
        [time.month(), time.day(), time.hour(), time.minute(), time.second()]
            .map(|part| part as u8);
    [low, high, month, day, hour, minute, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_are_there_have_their_bit_and_follow_in_order() {
        let table = [(1, Some(vec![7, 8])), (2, None), (9, Some(vec![9]))];
        assert_eq!(flagged(1, 1, &[5], &table[..2]), [0x03, 5, 7, 8]);
        assert_eq!(flagged(2, 0, &[], &table), [0x02, 0x02, 7, 8, 9]);
    }

    #[test]
    fn an_sfloat_is_the_decimal_that_was_written() {
        for (text, expected) in [
            ("128", Some([0x80, 0x00])),
            ("36.6", Some([0x6E, 0xF1])),
            ("-1", Some([0xFF, 0x0F])),
            ("0.001", Some([0x01, 0xD0])),
            ("2045", Some([0xFD, 0x07])),
            ("2046", None),
            ("0.000000001", None),
            ("much", None),
        ] {
            assert_eq!(sfloat_of(text), expected, "{text}");
        }
    }

    #[test]
    fn only_whole_steps_are_steps() {
        for (text, expected) in [
            ("70", Some(14_000)),
            ("74.460", Some(14_892)),
            ("74.4600", Some(14_892)),
            ("74.462", None),
            ("74.4605", None),
            ("400", None),
            ("-1", None),
        ] {
            assert_eq!(steps_of(text, 5, -3), expected, "{text}");
        }
        assert_eq!(steps_of("157.00", 1, -2), Some(15_700));
    }

    #[test]
    fn a_date_is_seven_bytes() {
        let time = jiff::civil::datetime(2026, 11, 22, 8, 42, 1, 0);
        assert_eq!(date_time(time), [0xEA, 0x07, 11, 22, 8, 42, 1]);
    }
}
