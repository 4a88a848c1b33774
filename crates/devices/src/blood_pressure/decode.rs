//! The codec for `ble_blood_pressure`, field by field.

use super::value::{self, Indication, Unit};
use crate::{Fields, Wrong, decode::Undecoded, gatt::characteristic};

/// Measurement and cuff pressure look alike, so one of them has to be named.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    match (characteristic(name)?, bytes.len()) {
        (Some(0x2A35), _) => {
            let indication = value::decode(bytes)?;
            let [systolic, diastolic, mean] = indication.pressures;
            let fields = Fields::default()
                .with("unit", unit(&indication))
                .with("systolic", systolic)
                .with("diastolic", diastolic)
                .with("map", mean);
            Ok(rest(fields, &indication))
        }
        (Some(0x2A36), _) => {
            let indication = value::read(bytes, super::quirks::Layout::Standard)?;
            let [cuff_pressure, ..] = indication.pressures;
            let fields = Fields::default()
                .with("unit", unit(&indication))
                .with("cuff_pressure", cuff_pressure);
            Ok(rest(fields, &indication))
        }
        (Some(0x2A49), _) | (None, 2) => {
            let features = bytes.try_into().map_err(|_| Wrong::Length)?;
            Ok(Fields::default().with("features", u16::from_le_bytes(features)))
        }
        _ => Err(Undecoded::NoSuchCharacteristic),
    }
}

fn unit(indication: &Indication) -> &'static str {
    match indication.unit {
        Unit::MmHg => "mmHg",
        Unit::KiloPascal => "kPa",
    }
}

fn rest(fields: Fields, indication: &Indication) -> Fields {
    fields
        .with("timestamp", indication.time)
        .with("pulse_rate", indication.pulse)
        .with("user_id", indication.user)
        .with("status", indication.status)
}
