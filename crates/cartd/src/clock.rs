//! The only place where this program reads the wall clock.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use clinical::Timestamp;
use devices::Clock;
use jiff::tz::TimeZone;
use outbox::Moment;

pub fn now() -> Timestamp {
    // A clock before 1970 is one that was never set; 0 is as wrong and as harmless.
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// With what the clock on the ward's wall shows, for devices that have a clock of their own.
pub fn with_wall() -> Clock {
    let utc = now();
    Clock { utc, ahead_minutes: ahead_minutes(&TimeZone::system(), utc) }
}

/// How far the wall is ahead of UTC at this moment: summer time is not the whole year's.
fn ahead_minutes(zone: &TimeZone, utc: Timestamp) -> i16 {
    let Ok(instant) = jiff::Timestamp::from_millisecond(utc.millis()) else { return 0 };
    // No zone is more than 26 hours from UTC.
    i16::try_from(zone.to_offset(instant).seconds() / 60).unwrap_or(0)
}

/// Since the first call of this: by a clock that nobody sets.
pub fn moment() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Moment::from_millis(i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX))
}

/// How long from now to `then`; nothing when it has passed.
pub fn until(then: Moment) -> Duration {
    Duration::from_millis(u64::try_from(then.millis_since(moment())).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, utc: &str, expected: i16) {
        let zone = TimeZone::get(zone).unwrap();
        assert_eq!(ahead_minutes(&zone, utc.parse().unwrap()), expected);
    }

    #[test]
    fn the_wall_is_ahead_by_the_zone_and_the_season() {
        check("UTC", "2026-07-01T12:00:00Z", 0);
        check("Europe/Berlin", "2026-01-01T12:00:00Z", 60);
        check("Europe/Berlin", "2026-07-01T12:00:00Z", 120);
        check("America/St_Johns", "2026-01-01T12:00:00Z", -210);
    }
}
