//! Times and dates as numbers and digits. Words around them are the window's.

use std::cmp::Ordering;

use clinical::{Patient, Sex, Timestamp};
use jiff::{civil::Date, tz::TimeZone};

use crate::ui::{Day, Moment, PatientCard, SexLook};

/// Now, in the time of the ward.
pub struct Clock<'a> {
    zone: &'a TimeZone,
    now: Timestamp,
}

impl<'a> Clock<'a> {
    pub const fn new(zone: &'a TimeZone, now: Timestamp) -> Self {
        Self { zone, now }
    }

    pub fn now(&self) -> String {
        self.time(self.now)
    }

    /// "14:05", 24 hours: hospitals chart so, also where shops do not.
    pub fn time(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(String::new, |zoned| zoned.strftime("%H:%M").to_string())
    }

    /// With its day, for what may be of another one.
    pub fn moment(&self, at: Timestamp) -> Moment {
        let date = self.zoned(at).map(|zoned| zoned.date());
        let today = date.is_some() && date == self.today();
        Moment { day: day(date, ""), time: self.time(at).into(), today }
    }

    fn today(&self) -> Option<Date> {
        self.zoned(self.now).map(|zoned| zoned.date())
    }

    /// `None` for a clock that is broken beyond the year 9999.
    fn zoned(&self, at: Timestamp) -> Option<jiff::Zoned> {
        let instant = jiff::Timestamp::from_millisecond(at.millis()).ok()?;
        Some(instant.to_zoned(self.zone.clone()))
    }

    /// In whole years; `None` where the birth date is none.
    pub fn age(&self, patient: &Patient) -> Option<i32> {
        let born: Date = patient.birth_date.parse().ok()?;
        Some(age(born, self.today()?))
    }

    pub fn patient(&self, patient: &Patient) -> PatientCard {
        let born: Option<Date> = patient.birth_date.parse().ok();
        let age = self.age(patient).unwrap_or(0);
        PatientCard {
            name: patient.name().into(),
            number: patient.number.as_str().into(),
            born: day(born, &patient.birth_date),
            age,
            sex: match patient.sex {
                Sex::Female => SexLook::Female,
                Sex::Male => SexLook::Male,
                Sex::Other => SexLook::Other,
                Sex::Unknown => SexLook::Unknown,
            },
        }
    }
}

/// "02:31", or "1:02:31" from an hour on.
pub fn lasted(millis: i64) -> String {
    let seconds = (millis / 1000).max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

fn day(date: Option<Date>, written: &str) -> Day {
    let (year, month, day) = date.map_or((0, 0, 0), |date| {
        (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
    });
    Day { year, month, day, written: written.into() }
}

/// In whole years, as people count.
fn age(born: Date, today: Date) -> i32 {
    let years = i32::from(today.year()) - i32::from(born.year());
    let birthday_is_past =
        (today.month(), today.day()).cmp(&(born.month(), born.day())) != Ordering::Less;
    (years - i32::from(!birthday_is_past)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{NOW, patient};

    fn check_age(born: &str, today: &str, expected: i32) {
        assert_eq!(age(born.parse().unwrap(), today.parse().unwrap()), expected, "{born} {today}");
    }

    #[test]
    fn an_age_counts_birthdays() {
        check_age("1958-03-14", "2026-03-13", 67);
        check_age("1958-03-14", "2026-03-14", 68);
        check_age("2026-11-22", "2026-11-22", 0);
        check_age("2004-02-29", "2026-02-28", 21);
        check_age("2030-01-01", "2026-01-01", 0);
    }

    #[test]
    fn a_birth_date_that_is_none_is_shown_as_it_was_written() {
        let zone = TimeZone::UTC;
        let card = Clock::new(&zone, NOW).patient(&patient("1", "A", "B", "1958", Sex::Female));
        assert_eq!((card.born.month, card.born.written.as_str(), card.age), (0, "1958", 0));
    }

    #[test]
    fn times_are_those_of_the_ward() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(Clock::new(&zone, NOW).now(), "09:05");
    }

    #[test]
    fn a_moment_of_the_evening_before_is_not_of_today() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let moment = Clock::new(&zone, NOW).moment(NOW.plus_millis(-10 * 3_600_000));
        let shown = (moment.day.month, moment.day.day, moment.time.as_str(), moment.today);
        assert_eq!(shown, (11, 21, "23:05", false));
        assert!(Clock::new(&zone, NOW).moment(NOW).today);
    }

    #[test]
    fn a_call_is_counted_like_a_clock() {
        assert_eq!(lasted(-5), "00:00");
        assert_eq!(lasted(151_000), "02:31");
        assert_eq!(lasted(3_751_000), "1:02:31");
    }
}
