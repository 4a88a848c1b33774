//! Which kinds of frame a codec is given: what `cartctl decode --characteristic` takes.
//!
//! Also read by `cargo xtask fuzz`, which writes the seeds and says how a crash is replayed.

/// The kind that the first byte of an input chooses. `None`: the codec has to tell it from the bytes.
pub fn chosen(protocol: &str, byte: u8) -> Option<&'static str> {
    let kinds = kinds(protocol);
    let place = usize::from(byte) % (kinds.len() + 1);
    place.checked_sub(1).map(|place| kinds[place])
}

/// Codecs that have one kind of frame only, or tell it from the bytes always, have none here.
pub fn kinds(protocol: &str) -> &'static [&'static str] {
    match protocol {
        "ble_blood_pressure" => &["2A35", "2A36", "2A49"],
        "ble_body_composition" => &["2A9B", "2A9C", "2A9F"],
        "ble_cgm" => &["2AA7", "2AA8", "2AA9", "2AAA", "2AAB", "2AAC", "CRC"],
        "ble_glucose" => &["2A18", "2A34", "2A51"],
        "ble_health_thermometer" => &["2A1C", "2A1D", "2A1E", "2A21"],
        "ble_heart_rate" => &["2A37", "2A38", "2A39"],
        "ble_pulse_oximeter_plx" => &["2A5E", "2A5F", "2A60"],
        "ble_time" => &["2A08", "2A0D", "2A0E", "2A0F", "2A14", "2A2B"],
        "ble_weight_scale" => &["2A9D", "2A9E"],
        "contec_cms50_stored" => &["3-byte record", "command", "download"],
        "nonin_serial_df2" => &["status byte", "stream"],
        "omron_790it_hid" => &[
            "command",
            "GME response data",
            "GDC response data",
            "GMA response data",
            "VER response data",
        ],
        "omron_ble_eeprom_record" => &["14-byte LE record", "14-byte BE record"],
        "polar_pmd_ecg" => {
            &["frame type 0 samples", "frame type 1 samples", "frame type 2 samples"]
        }
        "uvc_status_interrupt" => &["VideoControl status", "VideoStreaming status"],
        "visca" => &["command", "reply"],
        _ => &[],
    }
}
