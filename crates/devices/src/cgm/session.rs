//! What a sensor says of itself and of its session: CGM Feature (0x2AA8), Status (0x2AA9), Session
//! Start Time (0x2AAA) and Session Run Time (0x2AAB; Bluetooth CGM Service 1.0.2, 3.2 to 3.5).

use super::{crc::checked, measurement::Annunciation};
use crate::{Fields, Wrong, date_time::DateTime, gatt::Reader};

/// Whether the sensor adds a CRC to what it sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Crc {
    /// It has not said so; the length tells.
    #[default]
    Unknown,
    Always,
    Never,
}

impl Crc {
    /// A CRC too many or too few is a length that this sensor does not have.
    pub(super) fn allows(self, crc_ok: Option<bool>) -> Result<(), Wrong> {
        match (self, crc_ok) {
            (Self::Unknown, _) | (Self::Always, Some(_)) | (Self::Never, None) => Ok(()),
            (Self::Always, None) | (Self::Never, Some(_)) => Err(Wrong::Length),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    bits: u32,
    /// Fluid in the low half, place in the high half.
    type_location: u8,
    crc_ok: Option<bool>,
}

impl Feature {
    const E2E_CRC: u32 = 1 << 12;

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let (bits, type_location, crc) = (reader.u24()?, reader.u8()?, reader.u16()?);
        reader.end()?;
        let crc_ok = match (bits & Self::E2E_CRC != 0, crc) {
            (true, _) => checked(bytes, 4)?.1,
            // What a sensor without CRC has to send in its place.
            (false, 0xFFFF) => None,
            (false, _) => return Err(Wrong::Field),
        };
        Ok(Self { bits, type_location, crc_ok })
    }

    pub(super) fn is_damaged(self) -> bool {
        self.crc_ok == Some(false)
    }

    pub(super) fn crc(self) -> Crc {
        if self.bits & Self::E2E_CRC == 0 { Crc::Never } else { Crc::Always }
    }

    /// The fluid, by the numbers of the Glucose Service.
    pub(super) fn fluid(self) -> u8 {
        self.type_location & 0x0F
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// Since the session began.
    pub(super) minutes: u16,
    annunciation: Annunciation,
    pub(super) crc_ok: Option<bool>,
}

impl Status {
    pub(super) fn decode(bytes: &[u8], crc: Crc) -> Result<Self, Wrong> {
        let (value, crc_ok) = checked(bytes, 5)?;
        crc.allows(crc_ok)?;
        let mut value = Reader::new(value);
        let minutes = value.u16()?;
        let annunciation = Annunciation {
            status: Some(value.u8()?),
            cal_temp: Some(value.u8()?),
            warning: Some(value.u8()?),
        };
        Ok(Self { minutes, annunciation, crc_ok })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// By the clock on the wall; a part of it is unknown while nobody has set it.
    pub(super) wall: Option<DateTime>,
    quarter_hours: i8,
    /// The code of DST Offset (0x2A0D), in quarters of an hour but for 255.
    dst: u8,
    pub(super) crc_ok: Option<bool>,
}

impl Start {
    pub(super) fn decode(bytes: &[u8], crc: Crc) -> Result<Self, Wrong> {
        let (value, crc_ok) = checked(bytes, 9)?;
        crc.allows(crc_ok)?;
        let mut value = Reader::new(value);
        Ok(Self {
            wall: value.date_time()?,
            quarter_hours: value.u8()?.cast_signed(),
            dst: value.u8()?,
            crc_ok,
        })
    }
}

pub(super) fn feature_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let feature = Feature::decode(bytes)?;
    Ok(Fields::default()
        .with("features", feature.bits)
        .with("type_location", feature.type_location)
        .with("type", feature.fluid())
        .with("location", feature.type_location >> 4)
        .with("crc_ok", feature.crc_ok))
}

pub(super) fn status_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let status = Status::decode(bytes, Crc::Unknown)?;
    let fields = Fields::default().with("time_offset", status.minutes);
    Ok(status.annunciation.fields(fields).with("crc_ok", status.crc_ok))
}

pub(super) fn start_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let start = Start::decode(bytes, Crc::Unknown)?;
    Ok(Fields::default()
        .with("time", start.wall)
        .with("tz_quarter_hours", start.quarter_hours)
        .with("dst", start.dst)
        .with("crc_ok", start.crc_ok))
}

pub(super) fn run_time_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let (value, crc_ok) = checked(bytes, 2)?;
    let hours = Reader::new(value).u16()?;
    Ok(Fields::default().with("session_run_time_h", hours).with("crc_ok", crc_ok))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    type Decoder = fn(&[u8]) -> Result<Fields, Wrong>;

    fn check(decoder: Decoder, bytes: &str, key: &str, expected: impl Into<Field>) {
        let fields = decoder(&hex(bytes)).unwrap();
        assert_eq!(fields.get(key), Some(&expected.into()), "{bytes}");
    }

    #[test]
    fn a_sensor_without_crc_says_so_by_its_bit_and_by_all_ones() {
        check(feature_fields, "6e8e0116ffff", "crc_ok", Field::Absent);
        check(feature_fields, "6e9e0116afbe", "crc_ok", false);
        assert_eq!(feature_fields(&hex("6e8e0116afbe")), Err(Wrong::Field));
        assert_eq!(feature_fields(&hex("6e9e0116")), Err(Wrong::Length));
    }

    #[test]
    fn a_status_has_its_three_octets() {
        check(status_fields, "0600010203", "status", 1_u8);
        check(status_fields, "0600010203", "cal_temp", 2_u8);
        check(status_fields, "0600010203", "warning", 3_u8);
        check(status_fields, "0600010101a7e0", "crc_ok", false);
        assert_eq!(status_fields(&hex("060001010101")), Err(Wrong::Length));
    }

    #[test]
    fn a_start_is_printed_as_the_sensor_shows_it() {
        check(start_fields, "000004180d08180802", "time", "0000-04-24T13:08:24");
        check(start_fields, "e207041f0d08180802", "time", Field::Absent);
        check(start_fields, "e20704180d0818f404", "tz_quarter_hours", -12_i8);
        check(start_fields, "e20704180d08180804e0c3", "crc_ok", false);
        assert_eq!(start_fields(&hex("e20704180d08180804e0")), Err(Wrong::Length));
        assert_eq!(run_time_fields(&hex("020001")), Err(Wrong::Length));
    }

    #[test]
    fn a_sensor_that_always_sends_a_crc_cannot_leave_it_out() {
        let status = hex("0600010101");
        assert!(Status::decode(&status, Crc::Unknown).is_ok());
        assert!(Status::decode(&status, Crc::Never).is_ok());
        assert_eq!(Status::decode(&status, Crc::Always), Err(Wrong::Length));
        let start = hex("e20704180d08180804e0c2");
        assert!(Start::decode(&start, Crc::Always).is_ok());
        assert_eq!(Start::decode(&start, Crc::Never), Err(Wrong::Length));
    }
}
