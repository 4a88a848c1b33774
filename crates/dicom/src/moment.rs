//! Dates and times of day as DICOM writes them, in one offset for all of a study.

use clinical::Timestamp;
use jiff::{
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use crate::Unfit;

/// The offset of a study's beginning. Summer time may end in a visit; its study has one offset all the same, because
/// (0008,0201) says one for the whole file, and Study Date and Time are the same in every file of a study.
#[derive(Clone, Copy)]
pub struct Clock(Offset);

/// One point in time, in that offset.
pub struct Moment {
    local: DateTime,
    offset: String,
}

impl Clock {
    /// # Errors
    /// [`Unfit::Time`].
    pub fn of(began: Timestamp, zone: &TimeZone) -> Result<Self, Unfit> {
        let seconds = zone.to_offset(instant(began)?).seconds();
        // Before standard time, offsets had seconds; DICOM's have none.
        Offset::from_seconds(seconds - seconds % 60).map(Self).map_err(|_| Unfit::Time)
    }

    /// # Errors
    /// [`Unfit::Time`]: DICOM's years have four digits.
    pub fn at(self, time: Timestamp) -> Result<Moment, Unfit> {
        let local = self.0.to_datetime(instant(time)?);
        if local.year() < 0 {
            return Err(Unfit::Time);
        }
        Ok(Moment { local, offset: self.offset() })
    }

    /// Timezone Offset From UTC (PS3.3 section C.12.1.1.8): `+0100`.
    pub fn offset(self) -> String {
        let minutes = self.0.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
    }
}

impl Moment {
    /// DA (PS3.5 section 6.2).
    pub fn date(&self) -> String {
        self.local.strftime("%Y%m%d").to_string()
    }

    /// TM, to the millisecond.
    pub fn time(&self) -> String {
        self.local.strftime("%H%M%S.%3f").to_string()
    }

    /// DT, with the offset.
    pub fn date_time(&self) -> String {
        format!("{}{}{}", self.date(), self.time(), self.offset)
    }
}

fn instant(time: Timestamp) -> Result<jiff::Timestamp, Unfit> {
    jiff::Timestamp::from_millisecond(time.millis()).map_err(|_| Unfit::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, began: &str, time: &str, expected: &str) {
        let zone = TimeZone::get(zone).unwrap();
        let clock = Clock::of(began.parse().unwrap(), &zone).unwrap();
        assert_eq!(clock.at(time.parse().unwrap()).unwrap().date_time(), expected);
        assert!(expected.ends_with(&clock.offset()));
    }

    #[test]
    fn times_are_local_and_say_their_offset() {
        let noon = "2026-11-22T12:00:00.007Z";
        check("UTC", noon, noon, "20261122120000.007+0000");
        check("Europe/Berlin", noon, noon, "20261122130000.007+0100");
        check("America/St_Johns", noon, noon, "20261122083000.007-0330");
        check("Asia/Kolkata", noon, noon, "20261122173000.007+0530");
    }

    #[test]
    fn a_visit_in_which_summer_time_ends_keeps_its_offset() {
        let (began, later) = ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
        check("Europe/Berlin", began, later, "20261025033000.000+0200");
    }

    #[test]
    fn a_time_beyond_the_calendar_is_refused() {
        for millis in [i64::MIN, i64::MAX, -100_000_000_000_000] {
            let time = Timestamp::from_millis(millis);
            let clock = Clock::of(Timestamp::from_millis(0), &TimeZone::UTC).unwrap();
            assert!(matches!(clock.at(time), Err(Unfit::Time)), "{millis}");
        }
    }
}
