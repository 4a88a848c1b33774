//! Date Time (0x2A08), as Bluetooth devices show it: a civil time without zone, parts of it unknown.

use clinical::Timestamp;

use crate::{Wrong, fields::Field};

/// A year, month or day of 0 is unknown (Bluetooth GATT Specification Supplement, 3.70).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTime {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
}

impl DateTime {
    /// A date that does not exist, such as the 30th of February, is a field out of its range.
    pub(crate) fn from_bytes(
        [low, high, month, day, hour, minute, second]: [u8; 7],
    ) -> Result<Self, Wrong> {
        let year = u16::from_le_bytes([low, high]);
        let time = Self { year, month, day, hour, minute, second };
        let last_day = match (year, month) {
            // The leap day of an unknown year may exist.
            (0, 2) => 29,
            (_, 0) => 31,
            _ => days_in(year, month),
        };
        let exists = (year == 0 || (1582..=9999).contains(&year))
            && month <= 12
            && day <= last_day
            && hour < 24
            && minute < 60
            && second < 60;
        if exists { Ok(time) } else { Err(Wrong::Field) }
    }

    pub(crate) fn to_bytes(self) -> [u8; 7] {
        let [low, high] = self.year.to_le_bytes();
        [low, high, self.month, self.day, self.hour, self.minute, self.second]
    }

    /// What the wall shows, written as if it were UTC.
    pub(crate) fn of_wall(wall: Timestamp) -> Self {
        let seconds = wall.millis().div_euclid(1000);
        let (day_number, in_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date_of(day_number);
        let part = |value: i64| u8::try_from(value).expect("a part of a day is small");
        Self {
            year: u16::try_from(year).unwrap_or(0),
            month: part(month),
            day: part(day),
            hour: part(in_day / 3600),
            minute: part(in_day / 60 % 60),
            second: part(in_day % 60),
        }
    }

    /// Written as if it were UTC; `None` when a part of the date is unknown.
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        if self.year == 0 || self.month == 0 || self.day == 0 {
            return None;
        }
        let days = days_since_1970(self.year.into(), self.month.into(), self.day.into());
        let hours = days * 24 + i64::from(self.hour);
        let seconds = (hours * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        Some(Timestamp::from_millis(seconds * 1000))
    }

    /// 1 is Monday, 7 is Sunday, 0 is unknown (Day of Week, 0x2A09).
    pub(crate) fn weekday(self) -> u8 {
        self.timestamp().map_or(0, |time| {
            // 1970-01-01 was a Thursday.
            let days = time.millis().div_euclid(86_400_000);
            u8::try_from((days + 3).rem_euclid(7) + 1).expect("a week has seven days")
        })
    }
}

impl From<DateTime> for Field {
    fn from(time: DateTime) -> Self {
        let DateTime { year, month, day, hour, minute, second } = time;
        Self::Text(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// In the Gregorian calendar; years begin in March here, so that the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// The way back: year, month, day. Years begin in March here too, in eras of 400 years.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, in_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (year + era * 400, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(year: u16, rest: [u8; 5], expected: Option<&str>) {
        let [low, high] = year.to_le_bytes();
        let [month, day, hour, minute, second] = rest;
        let time = DateTime::from_bytes([low, high, month, day, hour, minute, second]).unwrap();
        let said = time.timestamp().map(|time| time.to_string());
        assert_eq!(said.as_deref(), expected);
    }

    #[test]
    fn a_whole_date_is_a_time_and_a_partial_one_is_none() {
        check(2024, [2, 29, 23, 59, 59], Some("2024-02-29T23:59:59.000Z"));
        check(1970, [1, 1, 0, 0, 0], Some("1970-01-01T00:00:00.000Z"));
        check(0, [2, 29, 0, 0, 0], None);
        check(2024, [0, 1, 0, 0, 0], None);
        check(2024, [1, 0, 0, 0, 0], None);
    }

    #[test]
    fn a_date_that_does_not_exist_is_refused() {
        for wrong in [[2, 30, 0, 0, 0], [13, 1, 0, 0, 0], [1, 1, 24, 0, 0], [1, 1, 0, 60, 0]] {
            let [month, day, hour, minute, second] = wrong;
            let bytes = [0xE9, 0x07, month, day, hour, minute, second];
            assert_eq!(DateTime::from_bytes(bytes), Err(Wrong::Field), "{wrong:?}");
        }
    }

    #[test]
    fn the_week_begins_on_monday() {
        let wednesday = DateTime::from_bytes([0xE9, 0x07, 1, 15, 14, 30, 45]).unwrap();
        assert_eq!(wednesday.weekday(), 3);
    }

    proptest! {
        #[test]
        fn a_time_survives_the_way_to_the_device_and_back(seconds in -12_000_000_000_i64..250_000_000_000) {
            let wall = Timestamp::from_millis(seconds * 1000);
            let bytes = DateTime::of_wall(wall).to_bytes();
            prop_assert_eq!(DateTime::from_bytes(bytes).unwrap().timestamp(), Some(wall));
        }
    }
}
