//! CGM Specific Ops Control Point (0x2AAC; Bluetooth CGM Service 1.0.2, 3.7): a sensor's settings, as
//! they are asked for and answered. Carts read them for technicians; they never set them.

use super::crc::checked;
use crate::{Fields, Wrong, gatt::Reader};

/// What an op code carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operand {
    Nothing,
    /// Minutes.
    Interval,
    CalibrationNumber,
    Calibration,
    /// mg/dL, for rates mg/dL per minute.
    AlertLevel,
    /// Request and code.
    Response,
}

impl Operand {
    const fn of(op: u8) -> Option<Self> {
        Some(match op {
            0x01 | 0x03 => Self::Interval,
            0x05 => Self::CalibrationNumber,
            0x04 | 0x06 => Self::Calibration,
            // Six levels, each with set, get and the answer to get: 07 08 09, 0A 0B 0C and so on.
            0x07..=0x18 => match (op - 0x07) % 3 {
                1 => Self::Nothing,
                _ => Self::AlertLevel,
            },
            // Ask for the interval, reset the device's own alert, start and stop the session.
            0x02 | 0x19 | 0x1A | 0x1B => Self::Nothing,
            0x1C => Self::Response,
            _ => return None,
        })
    }

    const fn length(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Interval => 1,
            Self::CalibrationNumber | Self::AlertLevel | Self::Response => 2,
            Self::Calibration => 10,
        }
    }
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let op = *bytes.first().ok_or(Wrong::Length)?;
    let operand = Operand::of(op).ok_or(Wrong::Field)?;
    let (value, crc_ok) = checked(bytes, 1 + operand.length())?;
    let mut value = Reader::new(&value[1..]);
    let fields = Fields::default().with("op", op);
    let fields = match operand {
        Operand::Nothing => fields,
        Operand::Interval => fields.with("interval_min", value.u8()?),
        Operand::CalibrationNumber => fields.with("record_number", value.u16()?),
        Operand::Calibration => calibration(fields, &mut value)?,
        Operand::AlertLevel => fields.with("alert_level", value.sfloat()?),
        Operand::Response => fields.with("request", value.u8()?).with("code", value.u8()?),
    };
    Ok(fields.with("crc_ok", crc_ok))
}

fn calibration(fields: Fields, value: &mut Reader<'_>) -> Result<Fields, Wrong> {
    let fields =
        fields.with("concentration", value.sfloat()?).with("calibration_time_min", value.u16()?);
    let type_location = value.u8()?;
    Ok(fields
        .with("type", type_location & 0x0F)
        .with("location", type_location >> 4)
        .with("next_calibration_min", value.u16()?)
        .with("record_number", value.u16()?)
        .with("status", value.u8()?))
}

#[cfg(test)]
mod tests {
    use clinical::Decimal;

    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, key: &str, expected: impl Into<Field>) {
        let fields = fields(&hex(bytes)).unwrap();
        assert_eq!(fields.get(key), Some(&expected.into()), "{bytes}");
    }

    #[test]
    fn an_op_code_says_what_follows() {
        check("1c0202a709", "crc_ok", true);
        check("1c0202", "code", 2_u8);
        check("1c0202", "crc_ok", Field::Absent);
        check("090cf0", "alert_level", Decimal::new(12, -1));
        check("120a20", "alert_level", Decimal::new(10, 2));
        check("180a40", "alert_level", Decimal::new(10, 4));
        check("07ff07", "alert_level", "NaN");
        check("030a8a75", "interval_min", 10_u8);
        check("030a8a75", "crc_ok", true);
        check("08", "op", 8_u8);
    }

    #[test]
    fn a_calibration_has_all_of_its_fields() {
        let bytes = "06 0120 0a00 32 1400 0100 04 bfb2";
        check(bytes, "concentration", Decimal::new(100, 0));
        check(bytes, "calibration_time_min", 10_u16);
        check(bytes, "type", 2_u8);
        check(bytes, "location", 3_u8);
        check(bytes, "next_calibration_min", 20_u16);
        check(bytes, "record_number", 1_u16);
        check(bytes, "status", 4_u8);
        check(bytes, "crc_ok", true);
    }

    #[test]
    fn what_does_not_fit_its_op_code_is_refused() {
        for (bytes, wrong) in [
            ("", Wrong::Length),
            ("060a01", Wrong::Length),
            ("03", Wrong::Length),
            ("0300000000", Wrong::Length),
            ("00", Wrong::Field),
            ("1d", Wrong::Field),
        ] {
            assert_eq!(fields(&hex(bytes)), Err(wrong), "{bytes}");
        }
    }
}
