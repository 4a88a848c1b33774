//! The Temperature Measurement characteristic (Bluetooth Health Thermometer Service 1.0, 3.1).

use clinical::{BodySite, Decimal, Timestamp};

use crate::{
    Malformation, Wrong,
    date_time::DateTime,
    ieee11073::{Number, float},
};

const FAHRENHEIT: u8 = 0x01;
const TIME: u8 = 0x02;
const SITE: u8 = 0x04;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Indication {
    /// `None`: the thermometer says that it could not measure.
    pub(super) celsius: Option<Decimal>,
    pub(super) time: Option<Timestamp>,
    pub(super) site: Option<BodySite>,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Indication, Malformation> {
    let cut = || Malformation::new(Wrong::Length, bytes);
    let (&[flags], rest) = bytes.split_first_chunk().ok_or_else(cut)?;
    let (number, rest) = rest.split_first_chunk().ok_or_else(cut)?;
    let (time, rest) = optional::<7>(flags & TIME != 0, rest).ok_or_else(cut)?;
    let (site, rest) = optional::<1>(flags & SITE != 0, rest).ok_or_else(cut)?;
    if !rest.is_empty() {
        return Err(cut());
    }
    let celsius = match float(*number) {
        Number::Special(_) => None,
        Number::Value(value) if flags & FAHRENHEIT == 0 => Some(value),
        Number::Value(value) => {
            let converted = from_fahrenheit(value);
            Some(converted.ok_or_else(|| Malformation::new(Wrong::Implausible, bytes))?)
        }
    };
    let site = site.and_then(|&[site]| body_site(site));
    let time = time.and_then(|time| DateTime::from_bytes(*time).ok()?.timestamp());
    Ok(Indication { celsius, time, site })
}

/// A field that a flag announces. The outer `None`: announced, but cut short.
fn optional<const N: usize>(there: bool, bytes: &[u8]) -> Option<(Option<&[u8; N]>, &[u8])> {
    if !there {
        return Some((None, bytes));
    }
    bytes.split_first_chunk().map(|(field, rest)| (Some(field), rest))
}

/// Temperature Type (0x2A1D); other numbers are reserved.
pub(super) fn body_site(number: u8) -> Option<BodySite> {
    Some(match number {
        1 => BodySite::Armpit,
        2 => BodySite::Body,
        3 => BodySite::Ear,
        4 => BodySite::Finger,
        5 => BodySite::GastroIntestinal,
        6 => BodySite::Mouth,
        7 => BodySite::Rectum,
        8 => BodySite::Toe,
        9 => BodySite::Tympanum,
        _ => return None,
    })
}

/// Rounded, half away from zero, to hundredths: a tenth of a degree Fahrenheit is 0.056 °C, so no
/// two readings of the thermometer become one, and each can be told from the chart again.
/// `None` where no thermometer measures.
fn from_fahrenheit(fahrenheit: Decimal) -> Option<Decimal> {
    let scale = 10_i64.pow(u32::from(fahrenheit.exponent().unsigned_abs().min(9)));
    let (mantissa, denominator) = match fahrenheit.exponent() {
        -9..=-1 => (fahrenheit.mantissa(), scale),
        0..=9 => (fahrenheit.mantissa().checked_mul(scale)?, 1),
        _ => return None,
    };
    // 24 bits times 10⁹ leave room for these factors in 64 bits.
    let numerator = (mantissa - 32 * denominator).checked_mul(500)?;
    let divisor = 9 * denominator;
    let half = divisor / 2 * numerator.signum();
    let hundredths = (numerator + half) / divisor;
    Some(if hundredths % 10 == 0 {
        Decimal::new(hundredths / 10, -1)
    } else {
        Decimal::new(hundredths, -2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::{bytes, hex, vectors};

    fn check(bytes: &str, expected: &str) {
        let said = match decode(&hex(bytes)) {
            Err(malformation) => malformation.what.to_string(),
            Ok(Indication { celsius, time, site }) => [
                Some(celsius.map_or("failed".to_owned(), |celsius| celsius.to_string())),
                time.map(|time| time.to_string()),
                site.map(|site| format!("{site:?}")),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        };
        assert_eq!(said, expected, "{bytes}");
    }

    #[test]
    fn indications_of_public_sources_decode_as_they_say() {
        for vector in vectors(include_str!("../../testdata/health_thermometer.json")) {
            check(vector["hex"].as_str().unwrap(), vector["expect"]["reads"].as_str().unwrap());
            assert!(bytes(&vector).len() >= 5);
        }
    }

    #[test]
    fn fahrenheit_becomes_celsius_without_binary_fractions() {
        check("01 da0300ff", "37.0");
        check("01 db0300ff", "37.06");
        check("01 c80300ff", "36.0");
        check("01 620000 00", "36.67");
        check("01 d40000 00", "100.0");
        check("01 ffffff ff", "-17.83");
    }

    #[test]
    fn a_number_that_no_thermometer_has_is_refused() {
        check("01 2075387b", "implausible");
    }

    #[test]
    fn a_date_that_is_unknown_or_does_not_exist_is_none() {
        check("02 720100ff 0000 0c05 0b321b", "37.0");
        check("02 720100ff dc07 0005 0b321b", "37.0");
        check("02 720100ff e907 021d 0b321b", "37.0");
        check("02 720100ff e807 021d 173b3b", "37.0 2024-02-29T23:59:59.000Z");
        check("02 720100ff b207 0101 000000", "37.0 1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_value_cut_short_is_no_value() {
        check("", "length");
        check("00 7201", "length");
        check("02 720100ff dc07", "length");
        check("04 720100ff", "length");
        check("00 720100ff 00", "length");
    }
}
