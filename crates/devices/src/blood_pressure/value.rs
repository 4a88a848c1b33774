//! Blood Pressure Measurement (0x2A35) and Intermediate Cuff Pressure (0x2A36), which share one layout
//! (Bluetooth Blood Pressure Service 1.1, 3.1 and 3.2).

use clinical::Decimal;

use super::quirks::Layout;
use crate::{
    Number, Wrong,
    date_time::DateTime,
    gatt::{Reader, Shown},
    ieee11073::sfloat,
};

/// Bits of the first byte; the others are reserved and mean nothing to a client.
mod flag {
    pub(super) const KILOPASCAL: u8 = 0x01;
    pub(super) const TIME: u8 = 0x02;
    pub(super) const PULSE: u8 = 0x04;
    pub(super) const USER: u8 = 0x08;
    pub(super) const STATUS: u8 = 0x10;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    MmHg,
    KiloPascal,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Indication {
    pub(super) unit: Unit,
    /// Systolic, diastolic and mean; or the pressure of the cuff and two that are not used.
    pub(super) pressures: [Number; 3],
    /// It has a time, which may be no date that exists.
    dated: bool,
    /// `None` also for a date that does not exist.
    pub(super) time: Option<DateTime>,
    /// Per minute.
    pub(super) pulse: Option<Number>,
    /// Which of the cuff's users; 255 is none of them.
    pub(super) user: Option<u8>,
    pub(super) status: Option<u16>,
}

impl Indication {
    pub(super) fn shown(&self) -> Shown {
        Shown::in_field(self.dated, self.time)
    }

    /// Millimetres of mercury; `None`: the cuff says that there is no value.
    pub(super) fn mmhg(&self, pressure: Number) -> Option<Decimal> {
        let pressure = pressure.value()?;
        Some(match self.unit {
            Unit::MmHg => pressure,
            Unit::KiloPascal => from_kilopascal(pressure),
        })
    }
}

/// As the standard has it. One deviation cannot be mistaken and is read for what it is: that of the
/// Beurer BM85, whose user byte is not announced and whose last fields are big-endian.
pub(super) fn decode(bytes: &[u8]) -> Result<Indication, Wrong> {
    let standard = read(bytes, Layout::Standard);
    if standard == Err(Wrong::Length) && is_bm85(bytes) {
        return read(bytes, Layout::Bm85);
    }
    standard
}

/// One byte more than the flags announce, and behind it fields that make sense as big-endian only: a
/// pulse without exponent, and a status in the low byte. That byte may have the reserved bit 6, as in
/// one of the captures.
fn is_bm85(bytes: &[u8]) -> bool {
    let announced = flag::PULSE | flag::STATUS;
    let fits = |flags: u8| flags & (announced | flag::USER) == announced;
    let Ok(indication) = read(bytes, Layout::Bm85) else { return false };
    let whole = |pulse: Number| pulse.value().is_none_or(|pulse| pulse.exponent() == 0);
    bytes.first().copied().is_some_and(fits)
        && indication.pulse.is_some_and(whole)
        && indication.status.is_some_and(|status| status <= 0x00FF)
}

pub(super) fn read(bytes: &[u8], layout: Layout) -> Result<Indication, Wrong> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8()?;
    let there = |bit: u8| flags & bit != 0;
    let bm85 = layout == Layout::Bm85;
    let word = |reader: &mut Reader<'_>| {
        let mut word: [u8; 2] = reader.take()?;
        if bm85 {
            word.reverse();
        }
        Ok(word)
    };
    let indication = Indication {
        unit: if there(flag::KILOPASCAL) { Unit::KiloPascal } else { Unit::MmHg },
        pressures: [reader.sfloat()?, reader.sfloat()?, reader.sfloat()?],
        dated: there(flag::TIME),
        time: reader.when(there(flag::TIME), Reader::date_time)?.flatten(),
        pulse: reader.when(there(flag::PULSE), word)?.map(sfloat),
        user: reader.when(there(flag::USER) || bm85, Reader::u8)?,
        status: reader.when(there(flag::STATUS), word)?.map(u16::from_le_bytes),
    };
    reader.end()?;
    Ok(indication)
}

/// 1 kPa = 7.50062 mmHg. Rounded, half away from zero, to tenths: a cuff measures to 3 mmHg.
fn from_kilopascal(pressure: Decimal) -> Decimal {
    // 12 bits, times the factor, times the highest power of ten of an SFLOAT, fit in 64 bits.
    let product = pressure.mantissa() * 750_062;
    let places = i32::from(pressure.exponent()) - 4;
    let power = 10_i64.pow(places.unsigned_abs());
    let tenths = if places >= 0 {
        product * power
    } else {
        (product + power / 2 * product.signum()) / power
    };
    Decimal::new(tenths, -1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Special, testdata::hex};

    fn kilopascal(mantissa: i64, exponent: i8, expected: &str) {
        assert_eq!(from_kilopascal(Decimal::new(mantissa, exponent)).to_string(), expected);
    }

    #[test]
    fn kilopascal_become_millimetres_without_binary_fractions() {
        kilopascal(16, 0, "120.0");
        kilopascal(107, -1, "80.3");
        kilopascal(1_600, -2, "120.0");
        kilopascal(-1, 0, "-7.5");
        kilopascal(0, -8, "0.0");
        kilopascal(2_047, 7, "153537691400.0");
        kilopascal(-2_047, -8, "0.0");
    }

    fn refused(bytes: &str) {
        assert_eq!(decode(&hex(bytes)), Err(Wrong::Length), "{bytes}");
    }

    #[test]
    fn a_value_cut_short_or_too_long_is_refused() {
        refused("");
        refused("00");
        refused("00 7c00 5600 61");
        refused("00 7c00 5600 6100 00");
        refused("04 7c00 5600 6100 33");
        refused("10 7c00 5600 6100 00");
        refused("1e 8a00 5800 7800 0000 0411 14293b 3c00 01 27");
    }

    #[test]
    fn only_what_the_bm85_does_is_taken_for_a_bm85() {
        let measured = decode(&hex("56 7100 4900 0000 ea07 080b 143800 0041 01 0000")).unwrap();
        assert_eq!(measured.pulse, Some(Number::Value(65_u16.into())));
        assert_eq!(measured.user, Some(1));
        // Captured too (tests of derdilla/blood-pressure-monitor-fl, "a high pulse").
        let measured = decode(&hex("56 7700 4600 0000 ea07 080b 143900 0057 01 0040")).unwrap();
        assert_eq!(measured.pulse, Some(Number::Value(87_u16.into())));
        assert_eq!(measured.status, Some(0x0040));
        // Little-endian fields, a user who is announced, two bytes too many, no pulse, no status.
        refused("56 7100 4900 0000 ea07 080b 143800 4100 01 0000");
        refused("56 7100 4900 0000 ea07 080b 143800 0041 01 2700");
        refused("5e 7100 4900 0000 ea07 080b 143800 0041 01 0000 00");
        refused("56 7100 4900 0000 ea07 080b 143800 0041 01 0000 00");
        refused("52 7100 4900 0000 ea07 080b 143800 01 0000");
        refused("46 7100 4900 0000 ea07 080b 143800 0041 01");
    }

    #[test]
    fn reserved_flags_and_impossible_dates_cost_nothing_but_themselves() {
        let measured = decode(&hex("e2 7c00 5600 6100 e807 021e 11111b")).unwrap();
        assert_eq!((measured.time, measured.pulse, measured.status), (None, None, None));
        assert_eq!(measured.mmhg(measured.pressures[0]), Some(124_u16.into()));
    }

    #[test]
    fn what_is_no_number_stays_none() {
        for (code, special) in [
            ("ff07", Special::NotANumber),
            ("0008", Special::NotAtThisResolution),
            ("fe07", Special::PlusInfinity),
            ("0208", Special::MinusInfinity),
            ("0108", Special::Reserved),
        ] {
            let measured = decode(&hex(&format!("05 {code} {code} {code} {code}"))).unwrap();
            assert_eq!(measured.pressures, [Number::Special(special); 3]);
            assert_eq!(measured.pulse, Some(Number::Special(special)));
            assert_eq!(measured.mmhg(measured.pressures[0]), None);
        }
    }

    proptest! {
        #[test]
        fn every_pressure_in_kilopascal_is_converted(mantissa in -2_048_i64..2_048, exponent in -8_i8..8) {
            let converted = from_kilopascal(Decimal::new(mantissa, exponent));
            let exact = Decimal::new(mantissa, exponent).to_f64() * 7.50062;
            prop_assert!((converted.to_f64() - exact).abs() <= 0.0501 + exact.abs() * 1e-12);
        }
    }
}
