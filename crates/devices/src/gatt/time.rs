//! The values of the Current Time Service (0x1805, Bluetooth CTS 1.1) and of its relatives.

use clinical::Timestamp;

use super::{characteristic, reader::Reader};
use crate::{Fields, Wrong, date_time::DateTime, decode::Undecoded};

/// Current Time (0x2A2B).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CurrentTime {
    pub(super) time: DateTime,
    /// 1 is Monday, 7 is Sunday, 0 is unknown.
    weekday: u8,
    /// 1/256 of a second.
    fractions: u8,
    /// Why the clock was changed last: 1 by hand, 2 by a better clock, 4 time zone, 8 summer time.
    adjust_reason: u8,
}

/// The cart is the better clock.
const EXTERNAL_REFERENCE: u8 = 0x02;

impl CurrentTime {
    /// What the wall shows, written as if it were UTC.
    pub(super) fn of_wall(wall: Timestamp) -> Self {
        let time = DateTime::of_wall(wall);
        let millis = wall.millis().rem_euclid(1000);
        let fractions = u8::try_from(millis * 256 / 1000).expect("less than a second");
        Self { time, weekday: time.weekday(), fractions, adjust_reason: EXTERNAL_REFERENCE }
    }

    /// A date that does not exist and an eighth day of the week are out of their range.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let (time, weekday, fractions, adjust_reason) =
            (reader.take()?, reader.u8()?, reader.u8()?, reader.u8()?);
        reader.end()?;
        if weekday > 7 {
            return Err(Wrong::Field);
        }
        Ok(Self { time: DateTime::from_bytes(time)?, weekday, fractions, adjust_reason })
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.time.to_bytes().to_vec();
        bytes.extend([self.weekday, self.fractions, self.adjust_reason]);
        bytes
    }

    /// Written as if it were UTC; `None` when a part of the date is unknown.
    pub(super) fn timestamp(self) -> Option<Timestamp> {
        let millis = i64::from(self.fractions) * 1000 / 256;
        Some(self.time.timestamp()?.plus_millis(millis))
    }
}

/// Date Time (0x2A08).
pub(super) fn date_time(bytes: &[u8]) -> Result<DateTime, Wrong> {
    DateTime::from_bytes(bytes.try_into().map_err(|_| Wrong::Length)?)
}

/// The codec for `ble_time`. Without a characteristic the length tells which one it is, except of one
/// byte, which two of them have.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let fields = match (characteristic(name)?, bytes.len()) {
        (Some(0x2A09), _) => Fields::default().with("weekday", day_of_week(bytes)?),
        (Some(0x2A0A), _) | (None, 8) => day_date_time(bytes)?,
        (Some(0x2A0C), _) | (None, 9) => exact_time(bytes)?,
        (Some(0x2A08), _) | (None, 7) => Fields::default().with("time", date_time(bytes)?),
        (Some(0x2A2B), _) | (None, 10) => current_time(bytes)?,
        (Some(0x2A0D), _) => Fields::default().with("dst", daylight_saving(bytes)?),
        (Some(0x2A0E), _) => Fields::default().with("minutes", zone_minutes(bytes)?),
        (Some(0x2A0F), _) | (None, 2) => local_time(bytes)?,
        (Some(0x2A14), _) | (None, 4) => reference_time(bytes)?,
        _ => return Err(Undecoded::NoSuchCharacteristic),
    };
    Ok(fields)
}

fn current_time(bytes: &[u8]) -> Result<Fields, Wrong> {
    let CurrentTime { time, weekday, fractions, adjust_reason } = CurrentTime::from_bytes(bytes)?;
    Ok(Fields::default()
        .with("time", time)
        .with("weekday", weekday)
        .with("fractions256", fractions)
        .with("adjust_reason", adjust_reason))
}

/// Day of Week (0x2A09).
fn day_of_week(bytes: &[u8]) -> Result<u8, Wrong> {
    match *bytes {
        [day @ 0..=7] => Ok(day),
        [_] => Err(Wrong::Field),
        _ => Err(Wrong::Length),
    }
}

/// Day Date Time (0x2A0A).
fn day_date_time(bytes: &[u8]) -> Result<Fields, Wrong> {
    let (day, time) = bytes.split_last().ok_or(Wrong::Length)?;
    Ok(Fields::default().with("time", date_time(time)?).with("weekday", day_of_week(&[*day])?))
}

/// Exact Time 256 (0x2A0C).
fn exact_time(bytes: &[u8]) -> Result<Fields, Wrong> {
    let (fractions, rest) = bytes.split_last().ok_or(Wrong::Length)?;
    Ok(day_date_time(rest)?.with("fractions256", *fractions))
}

/// DST Offset (0x2A0D) in quarters of an hour: none, half an hour, one, two; 255 is unknown.
fn daylight_saving(bytes: &[u8]) -> Result<u8, Wrong> {
    match *bytes {
        [code @ (0 | 2 | 4 | 8 | 255)] => Ok(code),
        [_] => Err(Wrong::Field),
        _ => Err(Wrong::Length),
    }
}

/// Time Zone (0x2A0E): quarters of an hour ahead of UTC, from -12 to +14 hours; -128 is unknown.
fn zone_minutes(bytes: &[u8]) -> Result<Option<i16>, Wrong> {
    let &[quarters] = bytes else { return Err(Wrong::Length) };
    match quarters.cast_signed() {
        -128 => Ok(None),
        quarters @ -48..=56 => Ok(Some(i16::from(quarters) * 15)),
        _ => Err(Wrong::Field),
    }
}

/// Local Time Information (0x2A0F): zone, then summer time.
fn local_time(bytes: &[u8]) -> Result<Fields, Wrong> {
    let &[zone, daylight] = bytes else { return Err(Wrong::Length) };
    Ok(Fields::default()
        .with("minutes", zone_minutes(&[zone])?)
        .with("dst", daylight_saving(&[daylight])?))
}

/// Reference Time Information (0x2A14): where the device has its time from, how exact it is in 1/8 s
/// (254: worse than that can say, 255: unknown), and how long ago (255 days: as long or longer).
fn reference_time(bytes: &[u8]) -> Result<Fields, Wrong> {
    let &[source, accuracy, days, hours] = bytes else { return Err(Wrong::Length) };
    if hours > 23 && hours != 255 {
        return Err(Wrong::Field);
    }
    Ok(Fields::default()
        .with("source", source)
        .with("accuracy", accuracy)
        .with("days_since_update", days)
        .with("hours_since_update", hours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(name: Option<&str>, bytes: &str, expected: Result<(&str, Field), Undecoded>) {
        let said = decode(name, &hex(bytes));
        match expected {
            Err(error) => assert_eq!(said, Err(error), "{bytes}"),
            Ok((key, field)) => assert_eq!(said.unwrap().get(key), Some(&field), "{bytes}"),
        }
    }

    fn refused(wrong: Wrong) -> Result<(&'static str, Field), Undecoded> {
        Err(Undecoded::Malformed(wrong))
    }

    #[test]
    fn parts_of_a_date_may_be_unknown_but_not_impossible() {
        check(Some("2A08"), "0000 0411 14293b", Ok(("time", "0000-04-17T20:41:59".into())));
        check(Some("2A08"), "ea07 0d01 000000", refused(Wrong::Field));
        check(Some("2A2B"), "ea07 0b16 072a00 08 00 00", refused(Wrong::Field));
        check(Some("2A2B"), "ea07 0b16 072a00 07 00", refused(Wrong::Length));
        check(Some("2A2B"), "ea07 0b16 072a00 00 00 f0", Ok(("weekday", Field::Whole(0))));
    }

    #[test]
    fn a_zone_lies_between_the_edges_of_the_world() {
        check(Some("2A0E"), "d0", Ok(("minutes", Field::Whole(-720))));
        check(Some("2A0E"), "38", Ok(("minutes", Field::Whole(840))));
        check(Some("2A0E"), "80", Ok(("minutes", Field::Absent)));
        check(Some("2A0E"), "39", refused(Wrong::Field));
        check(Some("2A0E"), "cf", refused(Wrong::Field));
        check(Some("2A0E"), "", refused(Wrong::Length));
    }

    #[test]
    fn summer_time_is_one_of_four_or_unknown() {
        check(Some("2A0D"), "ff", Ok(("dst", Field::Whole(255))));
        check(Some("2A0D"), "11", refused(Wrong::Field));
        check(Some("2A0F"), "04 04", Ok(("minutes", Field::Whole(60))));
        check(Some("2A0F"), "04 03", refused(Wrong::Field));
    }

    /// The parts of Current Time, as other services have them.
    #[test]
    fn a_day_may_stand_alone_or_beside_its_date() {
        check(Some("2A09"), "07", Ok(("weekday", Field::Whole(7))));
        check(Some("2A09"), "08", refused(Wrong::Field));
        check(Some("2A0A"), "d507 0c1b 0c1f28 02", Ok(("weekday", Field::Whole(2))));
        check(None, "d507 0c1b 0c1f28 02", Ok(("time", "2005-12-27T12:31:40".into())));
        check(Some("2A0C"), "d507 0c1b 0c1f28 03 7f", Ok(("fractions256", Field::Whole(127))));
        check(Some("2A0C"), "d507 0c1b 0c1f28 7f", refused(Wrong::Length));
        check(Some("2A0A"), "d507 0c1b 0c1f28 08", refused(Wrong::Field));
        check(Some("2A0A"), "", refused(Wrong::Length));
    }

    #[test]
    fn a_reference_says_how_old_it_is() {
        check(Some("2A14"), "01 ff 00 17", Ok(("hours_since_update", Field::Whole(23))));
        check(Some("2A14"), "01 ff ff ff", Ok(("days_since_update", Field::Whole(255))));
        check(Some("2A14"), "01 ff 00 18", refused(Wrong::Field));
    }

    #[test]
    fn without_a_name_only_a_length_that_one_value_has_is_taken() {
        check(None, "ea07 0b16 072a00", Ok(("time", "2026-11-22T07:42:00".into())));
        check(None, "04", Err(Undecoded::NoSuchCharacteristic));
        check(Some("2A35"), "04", Err(Undecoded::NoSuchCharacteristic));
    }

    #[test]
    fn the_time_of_the_wall_survives_the_way_to_the_device() {
        let wall = crate::clock::TEST.wall().plus_millis(500);
        let time = CurrentTime::of_wall(wall);
        assert_eq!(time.to_bytes(), hex("ea070b16082a00 07 80 02"));
        assert_eq!(CurrentTime::from_bytes(&time.to_bytes()).unwrap().timestamp(), Some(wall));
    }
}
