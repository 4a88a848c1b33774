//! The cart's clock, as a driver is told it, and how far a device's own clock is off.

use clinical::Timestamp;

use crate::Millis;

/// The cart's clock at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub utc: Timestamp,
    /// What the clock on the wall shows more than UTC. Devices show what the wall shows.
    pub ahead_minutes: i16,
}

impl Clock {
    /// What the wall shows, written as if it were UTC.
    pub fn wall(self) -> Timestamp {
        self.utc.plus_millis(i64::from(self.ahead_minutes) * 60_000)
    }
}

/// The clock of one device beside that of the cart, since the link is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceClock {
    cart: Clock,
    at: Millis,
    /// How far the device is ahead, once it has said what it shows.
    ahead_ms: Option<i64>,
}

/// More than a person notices; the reading is told to be corrected.
const WORTH_TELLING_MS: i64 = 60_000;

impl DeviceClock {
    pub(crate) fn new(now: Millis, cart: Clock) -> Self {
        Self { cart, at: now, ahead_ms: None }
    }

    /// What the wall shows at `now`, written as if it were UTC.
    pub(crate) fn wall(&self, now: Millis) -> Timestamp {
        let since = i64::try_from(now.saturating_sub(self.at)).unwrap_or(i64::MAX);
        self.cart.wall().plus_millis(since)
    }

    /// The device has said what its clock shows at `now`.
    pub(crate) fn device_shows(&mut self, now: Millis, shown: Timestamp) {
        self.ahead_ms = Some(shown.millis_since(self.wall(now)));
    }

    /// A device that does not say what its clock shows is taken to show what the wall shows.
    pub(crate) fn corrected(&self, device_time: Timestamp) -> Timestamp {
        let zone_ms = i64::from(self.cart.ahead_minutes) * 60_000;
        device_time.plus_millis(-zone_ms - self.ahead_ms.unwrap_or(0))
    }

    /// How far the device is ahead of the wall; 0 while it has not said what it shows.
    pub(crate) fn ahead_ms(&self) -> i64 {
        self.ahead_ms.unwrap_or(0)
    }

    /// Whether the device is known to go wrong by more than a person would not notice.
    pub(crate) fn is_off(&self) -> bool {
        self.ahead_ms.is_some_and(|ahead| ahead.abs() > WORTH_TELLING_MS)
    }
}

/// 2026-11-22T07:42:00Z, in a place that is an hour ahead.
#[cfg(test)]
pub(crate) const TEST: Clock =
    Clock { utc: Timestamp::from_millis(1_795_333_320_000), ahead_minutes: 60 };

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_device_that_shows_the_wall_s_time_is_corrected_by_the_zone() {
        let clock = DeviceClock::new(1_000, TEST);
        assert_eq!(clock.wall(3_000), TEST.utc.plus_millis(HOUR + 2_000));
        assert_eq!(clock.corrected(clock.wall(3_000)), TEST.utc.plus_millis(2_000));
        assert!(!clock.is_off());
    }

    #[test]
    fn a_device_that_is_a_year_off_is_put_right() {
        let mut clock = DeviceClock::new(0, TEST);
        let year = 365 * 24 * HOUR;
        clock.device_shows(5_000, clock.wall(5_000).plus_millis(-year));
        assert!(clock.is_off());
        let measured = clock.wall(4_000).plus_millis(-year);
        assert_eq!(clock.corrected(measured), TEST.utc.plus_millis(4_000));
    }
}
