//! Every codec by name: what a technician's bytes say, without a device.

use std::fmt;

use crate::{
    Wrong, bci, blood_pressure, cgm, contec, emay,
    fields::{Field, Fields},
    gatt, glucose, heart_rate, ieee11073, microlife, nonin, omron_eeprom, omron_hid, oximeter,
    pelco_d, polar, racp, scale, suntech, thermometer, uvc_status, visca, yonker,
};

/// Why bytes could not be printed as fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecoded {
    NoSuchProtocol,
    /// The protocol has several kinds of frame, and this is none of them.
    NoSuchCharacteristic,
    Malformed(Wrong),
}

impl fmt::Display for Undecoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchProtocol => f.write_str("no such protocol"),
            Self::NoSuchCharacteristic => f.write_str("the protocol has no such characteristic"),
            Self::Malformed(wrong) => write!(f, "malformed: {wrong}"),
        }
    }
}

impl std::error::Error for Undecoded {}

impl From<Wrong> for Undecoded {
    fn from(wrong: Wrong) -> Self {
        Self::Malformed(wrong)
    }
}

/// What the bytes of one frame (for a stream: of some frames) say. `characteristic` tells which kind
/// of frame it is, where the protocol has more than one: for Bluetooth, four digits such as `2A35`.
pub fn decode(
    protocol: &str,
    characteristic: Option<&str>,
    bytes: &[u8],
) -> Result<Fields, Undecoded> {
    let (_, codec) =
        PROTOCOLS.iter().find(|(name, _)| *name == protocol).ok_or(Undecoded::NoSuchProtocol)?;
    codec(characteristic, bytes)
}

/// The names that [`decode`] knows.
pub fn protocols() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.iter().map(|(name, _)| *name)
}

type Codec = fn(Option<&str>, &[u8]) -> Result<Fields, Undecoded>;

static PROTOCOLS: &[(&str, Codec)] = &[
    ("ble_blood_pressure", blood_pressure::decode),
    ("ble_body_composition", scale::decode_composition),
    ("ble_cgm", cgm::decode),
    ("ble_glucose", glucose::decode),
    ("ble_health_thermometer", thermometer::decode),
    ("ble_heart_rate", heart_rate::decode),
    ("ble_pulse_oximeter_plx", oximeter::decode),
    ("ble_racp", racp::decode),
    ("ble_time", gatt::decode_time),
    ("ble_weight_scale", scale::decode_weight),
    ("contec_cms50_bci_live", bci::decode),
    ("contec_cms50_new_firmware", contec::decode),
    ("contec_cms50_stored", contec::decode_stored),
    ("emay_sleepo2", emay::decode),
    ("ieee11073_float", float),
    ("ieee11073_sfloat", sfloat),
    ("microlife_ble", microlife::decode),
    ("nonin_serial_df2", nonin::df2),
    ("nonin_serial_df7", nonin::df7),
    ("nonin_text", nonin::text),
    ("omron_790it_hid", omron_hid::decode),
    ("omron_ble_eeprom_record", omron_eeprom::decode),
    ("pelco_d", pelco_d::decode),
    ("polar_pmd_ecg", polar::decode),
    ("suntech_nibp_serial", suntech::decode),
    ("uvc_status_interrupt", uvc_status::decode),
    ("visca", visca::decode),
    ("visca_over_ip", visca::decode_over_ip),
    ("yonker_ble", yonker::decode),
];

fn float(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let bytes = bytes.try_into().map_err(|_| Wrong::Length)?;
    Ok(Fields::default().with("value", Field::from(ieee11073::float(bytes))))
}

fn sfloat(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let bytes = bytes.try_into().map_err(|_| Wrong::Length)?;
    Ok(Fields::default().with("value", Field::from(ieee11073::sfloat(bytes))))
}

#[cfg(test)]
mod tests;
