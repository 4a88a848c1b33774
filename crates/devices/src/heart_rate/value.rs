//! Heart Rate Measurement (0x2A37) and its companions (Bluetooth Heart Rate Service 1.0, 3.1 to 3.3).

use crate::{
    Fields, Wrong,
    decode::Undecoded,
    gatt::{Reader, characteristic},
};

/// Bits of the first byte; the others are reserved and mean nothing to a client.
mod flag {
    pub(super) const WIDE: u8 = 0x01;
    pub(super) const CONTACT: u8 = 0x02;
    pub(super) const CONTACT_SUPPORTED: u8 = 0x04;
    pub(super) const ENERGY: u8 = 0x08;
    pub(super) const INTERVALS: u8 = 0x10;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beat {
    /// Per minute; 0 when the strap has not found it.
    pub(super) rate: u16,
    /// `None`: the strap cannot tell.
    pub(super) contact: Option<bool>,
    /// Kilojoules since the last reset.
    energy: Option<u16>,
    /// From beat to beat, 1/1024 s, oldest first. Announced without any, it is an empty list: the
    /// heart has not beaten since the last value.
    intervals: Option<Vec<u16>>,
}

impl Beat {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let there = |bit: u8| flags & bit != 0;
        let rate = if there(flag::WIDE) { reader.u16()? } else { reader.u8()?.into() };
        let contact = there(flag::CONTACT_SUPPORTED).then(|| there(flag::CONTACT));
        let energy = reader.when(there(flag::ENERGY), Reader::u16)?;
        let intervals = reader.when(there(flag::INTERVALS), intervals)?;
        reader.end()?;
        Ok(Self { rate, contact, energy, intervals })
    }
}

fn intervals(reader: &mut Reader<'_>) -> Result<Vec<u16>, Wrong> {
    let mut intervals = Vec::new();
    while !reader.is_empty() {
        intervals.push(reader.u16()?);
    }
    Ok(intervals)
}

/// The codec for `ble_heart_rate`. A single byte may be a sensor's place or a command, so one of them
/// has to be named.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let fields = match (characteristic(name)?, bytes) {
        (None, [_]) => return Err(Undecoded::NoSuchCharacteristic),
        (Some(0x2A37) | None, _) => {
            let Beat { rate, contact, energy, intervals } = Beat::read(bytes)?;
            Fields::default()
                .with("bpm", rate)
                .with("sensor_contact", contact)
                .with("energy_kj", energy)
                .with("rr_1_1024s", intervals)
        }
        // 0 other, 1 chest, 2 wrist, 3 finger, 4 hand, 5 ear lobe, 6 foot.
        (Some(0x2A38), &[place]) => Fields::default().with("body_sensor_location", place),
        (Some(0x2A39), [0x01]) => Fields::default().with("command", "reset energy expended"),
        (Some(0x2A39), [_]) => return Err(Wrong::Field.into()),
        (Some(0x2A38 | 0x2A39), _) => return Err(Wrong::Length.into()),
        _ => return Err(Undecoded::NoSuchCharacteristic),
    };
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, contact: Option<bool>, intervals: Option<&[u16]>) {
        let beat = Beat::read(&hex(bytes)).unwrap();
        assert_eq!(beat.contact, contact, "{bytes}");
        assert_eq!(beat.intervals.as_deref(), intervals, "{bytes}");
    }

    fn refused(bytes: &str) {
        assert_eq!(Beat::read(&hex(bytes)), Err(Wrong::Length), "{bytes}");
    }

    #[test]
    fn contact_is_known_only_if_the_strap_can_tell() {
        check("00 48", None, None);
        check("02 48", None, None);
        check("04 48", Some(false), None);
        check("06 48", Some(true), None);
        check("e6 48", Some(true), None);
    }

    #[test]
    fn intervals_follow_in_pairs_of_bytes_or_not_at_all() {
        check("10 48", None, Some(&[]));
        check("10 48 5503 0004", None, Some(&[853, 1024]));
        check("18 48 0100 5503", None, Some(&[853]));
        refused("10 48 55");
        refused("10 48 5503 00");
    }

    #[test]
    fn a_value_cut_short_or_too_long_is_refused() {
        for bytes in ["", "00", "01 48", "08 48 01", "00 48 00", "08 48 0100 5503"] {
            refused(bytes);
        }
    }

    #[test]
    fn the_companions_have_to_be_named() {
        let place = decode(Some("2A38"), &[1]).unwrap();
        assert_eq!(place.get("body_sensor_location"), Some(&Field::Whole(1)));
        assert!(decode(Some("2A39"), &[1]).is_ok());
        assert_eq!(decode(Some("2A39"), &[2]), Err(Wrong::Field.into()));
        assert_eq!(decode(Some("2A38"), &[]), Err(Wrong::Length.into()));
        assert_eq!(decode(None, &[1]), Err(Undecoded::NoSuchCharacteristic));
        assert_eq!(decode(Some("2A35"), &[0, 72]), Err(Undecoded::NoSuchCharacteristic));
        assert_eq!(decode(None, &[0, 72]).unwrap().get("bpm"), Some(&Field::Whole(72)));
    }
}
