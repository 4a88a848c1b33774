//! The bytes of Glucose Measurement (0x2A18) and Glucose Measurement Context (0x2A34).
//!
//! Written from the Glucose Service 1.0.1, 3.1 and 3.2.

use crate::flagged::{date_time, flagged, sfloat};
use crate::records::Number;
use crate::thermometer::measurement::decimal;
use jiff::SignedDuration;
use jiff::civil::DateTime;

/// How people write concentrations, whether it is a molar one, and by which power of ten the
/// characteristic's unit (kg/L, mol/L) is larger.
pub const UNITS: [(&str, (bool, i8)); 2] = [("mg/dl", (false, -5)), ("mmol/l", (true, -3))];

/// Type in the low half, place in the high half: capillary whole blood of a finger; control solution.
const FINGER: u8 = 0x11;
const CONTROL_SOLUTION: u8 = 0x4A;

/// The codes of Meal.
pub const MEALS: [(&str, u8); 5] =
    [("before-meal", 1), ("after-meal", 2), ("fasting", 3), ("casual", 4), ("bedtime", 5)];

/// The bits of the flags.
const OFFSET: u32 = 0;
const CONCENTRATION: u32 = 1;
const MOLAR: u32 = 1 << 2;
const STATUS: u32 = 3;
const CONTEXT_FOLLOWS: u32 = 1 << 4;
const MEAL: u32 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub number: Number,
    /// What the meter's user saw on its clock.
    pub time: DateTime,
    /// How much of that the user has set by hand, in minutes.
    pub offset: i16,
    /// In kg/L or mol/L; `None`: the strip was spoilt.
    pub concentration: Option<Concentration>,
    pub is_control: bool,
    pub meal: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concentration {
    bytes: [u8; 2],
    is_molar: bool,
}

impl Concentration {
    /// Decimal text in one of [`UNITS`].
    pub fn read(text: &str, (is_molar, power): (bool, i8)) -> Option<Self> {
        let (mantissa, exponent) = decimal(text)?;
        Some(Self { bytes: sfloat(mantissa, exponent.checked_add(power)?)?, is_molar })
    }
}

impl Record {
    pub fn measurement(&self) -> Vec<u8> {
        let base = self.time.saturating_sub(SignedDuration::from_mins(self.offset.into()));
        let mut marks = 0;
        if self.concentration.is_some_and(|concentration| concentration.is_molar) {
            marks |= MOLAR;
        }
        if self.meal.is_some() {
            marks |= CONTEXT_FOLLOWS;
        }
        let sample = if self.is_control { CONTROL_SOLUTION } else { FINGER };
        let concentration = self
            .concentration
            .map(|concentration| [concentration.bytes.as_slice(), &[sample]].concat());
        let fields = [
            (OFFSET, Some(self.offset.to_le_bytes().to_vec())),
            (CONCENTRATION, concentration),
            (STATUS, Some(vec![0, 0])),
        ];
        let always = [self.number.to_le_bytes().as_slice(), &date_time(base)].concat();
        flagged(1, marks, &always, &fields)
    }

    pub fn context(&self) -> Option<Vec<u8>> {
        let meal = vec![self.meal?];
        Some(flagged(1, 0, &self.number.to_le_bytes(), &[(MEAL, Some(meal))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn check(text: &str, unit: usize, record: Record, expected: &str) {
        let concentration = Concentration::read(text, UNITS[unit].1);
        let record = Record { concentration, ..record };
        assert_eq!(record.measurement(), hex::parse(expected).unwrap(), "{text}");
    }

    const RECORD: Record = Record {
        number: 42,
        time: jiff::civil::datetime(2024, 3, 15, 14, 20, 45, 0),
        offset: -10,
        concentration: None,
        is_control: false,
        meal: None,
    };

    #[test]
    fn a_record_has_its_time_and_its_concentration() {
        let head = "2a00e807030f0e1e2df6ff";
        check("95", 0, RECORD, &format!("0b{head}5fb0110000"));
        check("5.3", 1, Record { meal: Some(2), ..RECORD }, &format!("1f{head}35c0110000"));
        check("120", 0, Record { is_control: true, ..RECORD }, &format!("0b{head}78b04a0000"));
        check("", 0, RECORD, &format!("09{head}0000"));
    }

    #[test]
    fn a_context_has_the_number_of_its_record() {
        let context = Record { meal: Some(2), ..RECORD }.context();
        assert_eq!(context, hex::parse("022a0002"));
        assert_eq!(RECORD.context(), None);
    }
}
