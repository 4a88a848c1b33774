//! The Temperature Measurement characteristic (Bluetooth Health Thermometer Service 1.0, 3.1).

use clinical::{BodySite, Decimal, Measurement, Temperature};

use crate::{
    Fields, Number, Wrong,
    date_time::DateTime,
    decode::Undecoded,
    gatt::{Reader, Shown, characteristic},
    plausible::{Plausibility, judge},
};

/// Bits of the first byte; the others are reserved and mean nothing to a client.
const FAHRENHEIT: u8 = 0x01;
const TIME: u8 = 0x02;
const SITE: u8 = 0x04;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Indication {
    fahrenheit: bool,
    temperature: Number,
    /// It has a time, which may be no date that exists.
    dated: bool,
    /// `None` also for a date that does not exist.
    time: Option<DateTime>,
    /// Temperature Type.
    site: Option<u8>,
}

impl Indication {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let indication = Self {
            fahrenheit: flags & FAHRENHEIT != 0,
            temperature: reader.float()?,
            dated: flags & TIME != 0,
            time: reader.when(flags & TIME != 0, Reader::date_time)?.flatten(),
            site: reader.when(flags & SITE != 0, Reader::u8)?,
        };
        reader.end()?;
        Ok(indication)
    }

    pub(super) fn shown(&self) -> Shown {
        Shown::in_field(self.dated, self.time)
    }

    /// `None`: the thermometer says that it could not measure.
    pub(super) fn celsius(&self) -> Result<Option<Decimal>, Wrong> {
        match self.temperature {
            Number::Value(value) if self.fahrenheit => {
                from_fahrenheit(value).map(Some).ok_or(Wrong::Implausible)
            }
            number => Ok(number.value()),
        }
    }

    pub(super) fn body_site(&self) -> Option<BodySite> {
        self.site.and_then(body_site)
    }
}

/// The codec for `ble_health_thermometer`. Measurement and intermediate temperature (0x2A1E) have one
/// layout; `value` is the temperature in degrees Celsius, if a thermometer can have measured it.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let fields = match (characteristic(name)?, bytes) {
        (Some(0x2A1D), &[site]) | (None, &[site]) => Fields::default().with("type", site),
        (Some(0x2A21), &[low, high]) | (None, &[low, high]) => {
            Fields::default().with("interval_s", u16::from_le_bytes([low, high]))
        }
        (Some(0x2A1D | 0x2A21), _) => return Err(Wrong::Length.into()),
        (Some(0x2A1C | 0x2A1E) | None, _) => temperature(&Indication::read(bytes)?),
        _ => return Err(Undecoded::NoSuchCharacteristic),
    };
    Ok(fields)
}

fn temperature(indication: &Indication) -> Fields {
    let possible = |celsius: &Decimal| {
        let temperature = Temperature { celsius: *celsius, site: None };
        judge(&Measurement::Temperature(temperature)) != Plausibility::Impossible
    };
    Fields::default()
        .with("unit", if indication.fahrenheit { "[degF]" } else { "Cel" })
        .with("temperature", indication.temperature)
        .with("timestamp", indication.time)
        .with("type", indication.site)
        .with("value", indication.celsius().ok().flatten().filter(possible))
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
        let indication = Indication::read(&hex(bytes));
        let celsius = indication.as_ref().map_err(|wrong| *wrong).and_then(Indication::celsius);
        let said = match (indication, celsius) {
            (Err(wrong), _) | (_, Err(wrong)) => wrong.to_string(),
            (Ok(indication), Ok(celsius)) => [
                Some(celsius.map_or("failed".to_owned(), |celsius| celsius.to_string())),
                indication.time.and_then(DateTime::timestamp).map(|time| time.to_string()),
                indication.body_site().map(|site| format!("{site:?}")),
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
    fn value(name: Option<&str>, bytes: &str, expected: &str) {
        let said = decode(name, &hex(bytes)).unwrap();
        let fields = [said.get("unit"), said.get("temperature"), said.get("value")];
        assert_eq!(format!("{fields:?}"), expected, "{bytes}");
    }

    #[test]
    fn only_what_a_thermometer_can_measure_is_a_value() {
        value(
            Some("2A1C"),
            "01 db0300ff",
            r#"[Some(Text("[degF]")), Some(Number(98.7)), Some(Number(37.06))]"#,
        );
        value(
            Some("2A1E"),
            "00 feff7f00",
            r#"[Some(Text("Cel")), Some(Text("+INF")), Some(Absent)]"#,
        );
        value(None, "00 02008000", r#"[Some(Text("Cel")), Some(Text("-INF")), Some(Absent)]"#);
        value(None, "00 01008000", r#"[Some(Text("Cel")), Some(Text("RFU")), Some(Absent)]"#);
        value(None, "01 ffff7f00", r#"[Some(Text("[degF]")), Some(Text("NaN")), Some(Absent)]"#);
        value(None, "00 2c0100fe", r#"[Some(Text("Cel")), Some(Number(3.00)), Some(Absent)]"#);
    }

    #[test]
    fn the_other_values_of_the_service_have_one_length_each() {
        let field = |name, bytes: &str, key| decode(name, &hex(bytes)).unwrap().get(key).cloned();
        assert_eq!(field(Some("2A1D"), "09", "type"), Some(9_u8.into()));
        assert_eq!(field(Some("2A21"), "2c01", "interval_s"), Some(300_u16.into()));
        assert_eq!(decode(Some("2A1D"), &[1, 2]), Err(Wrong::Length.into()));
        assert_eq!(decode(Some("2A21"), &[1]), Err(Wrong::Length.into()));
        assert_eq!(decode(Some("2A37"), &[0, 1]), Err(Undecoded::NoSuchCharacteristic));
    }
}
