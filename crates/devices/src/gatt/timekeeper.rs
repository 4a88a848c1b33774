//! Finds out how far a device's clock is off, and sets it.
//!
//! What the device has stored carries the time of the clock as it was found; what it measures after
//! the clock is set carries the right one. The two are told apart by the time itself. Where it may be
//! either, no time is given, and a person decides whose the reading is.

use clinical::{Quality, Timestamp};

use super::time::{CurrentTime, date_time};
use crate::{
    Action, Channel, Clock, Malformation, Millis, Report, Wrong, clock::DeviceClock,
    date_time::DateTime,
};

/// Current Time (0x2A2B) of the Current Time Service. Every other channel that a driver names as a
/// device's clock has the shorter Date Time (0x2A08).
pub(crate) const CURRENT_TIME: Channel = Channel::sig(0x1805, 0x2A2B);

/// Devices count in whole seconds, and a write takes a moment.
const LEEWAY_MS: i64 = 2_000;

/// Of a clock that was fast by more than this, a record would have to be made that long ago, within
/// the very minutes since the clock was set, to be taken for a new one.
const MISTAKEN_UP_TO_MS: i64 = 24 * 3_600_000;

/// The clock of one device since the link is open.
#[derive(Debug)]
pub(super) struct Timekeeper {
    /// As the device showed it before anybody set it.
    found: DeviceClock,
    /// Right in any case.
    right: DeviceClock,
    /// Where the device may have a clock; the first is being asked.
    asking: &'static [Channel],
    set: Option<Set>,
    /// What was found and set on an earlier link: a device whose link is cut hands out the rest of its
    /// old records on the next one.
    ///
    /// Forgotten when the cart's program ends. Of a meter that is asked for its records nothing is
    /// left behind then (see `later`). A cuff or thermometer sends all that it has and hangs up, so
    /// its clock is set at once: what a cut link left in one that was fast is put right only as long
    /// as the program lives.
    earlier: Option<Setting>,
    /// It is set when the records have come, and not before: what is left in the device when the link
    /// is cut still goes by the clock that the next link finds.
    pub(super) later: bool,
    /// Where it waits to be set.
    due: Option<Channel>,
}

/// A clock as it was found, and when it was put right, by the wall.
#[derive(Clone, Copy, Debug)]
struct Setting {
    found: DeviceClock,
    at: Timestamp,
}

/// The clock was told the right time; the device has not refused.
#[derive(Clone, Copy, Debug)]
struct Set {
    channel: Channel,
    /// What was written, by the wall.
    from: Timestamp,
}

impl Timekeeper {
    /// `clocks`: where the device may have a clock, the best one first.
    pub(super) fn new(now: Millis, cart: Clock, clocks: &'static [Channel]) -> Self {
        let clock = DeviceClock::new(now, cart);
        Self {
            found: clock,
            right: clock,
            asking: clocks,
            set: None,
            earlier: None,
            later: false,
            due: None,
        }
    }

    /// On the next link to the same device.
    pub(super) fn again(self, now: Millis, cart: Clock, clocks: &'static [Channel]) -> Self {
        let earlier = self.setting();
        Self { earlier, ..Self::new(now, cart, clocks) }
    }

    fn setting(&self) -> Option<Setting> {
        let set = self.set.map(|set| Setting { found: self.found, at: set.from });
        set.or(self.earlier)
    }

    pub(super) fn ask(&self) -> Option<Action> {
        self.asking.first().copied().map(Action::Read)
    }

    /// `None`: the bytes are meant for somebody else.
    pub(super) fn bytes(
        &mut self,
        now: Millis,
        channel: Channel,
        bytes: &[u8],
    ) -> Option<Vec<Action>> {
        if self.asking.first() != Some(&channel) {
            return None;
        }
        self.asking = &[];
        let shown = match channel {
            CURRENT_TIME => CurrentTime::from_bytes(bytes).map(CurrentTime::timestamp),
            _ => date_time(bytes).map(DateTime::timestamp),
        };
        let right = match shown {
            // Who does not keep to the standard when it tells the time may not do so when it is told.
            Err(wrong @ Wrong::Length) => {
                let malformation = Malformation::new(wrong, bytes);
                return Some(vec![Action::Report(Report::Malformed(malformation))]);
            }
            Ok(Some(shown)) => {
                self.found.device_shows(now, shown);
                !self.found.is_off()
            }
            // A clock that was never set may show a date that does not exist.
            Ok(None) | Err(_) => false,
        };
        if right {
            return Some(Vec::new());
        }
        self.due = Some(channel);
        let now_or_later = if self.later { None } else { self.put_right(now) };
        Some(now_or_later.into_iter().collect())
    }

    /// Sets a clock that was found wrong, once.
    pub(super) fn put_right(&mut self, now: Millis) -> Option<Action> {
        let channel = self.due.take()?;
        Some(self.set(now, channel))
    }

    fn set(&mut self, now: Millis, channel: Channel) -> Action {
        let wall = self.right.wall(now);
        self.set = Some(Set { channel, from: wall });
        let bytes = match channel {
            CURRENT_TIME => CurrentTime::of_wall(wall).to_bytes(),
            _ => DateTime::of_wall(wall).to_bytes().to_vec(),
        };
        Action::Write { channel, bytes }
    }

    /// Without a clock there the next place is asked; a clock that cannot be set stays as it is.
    pub(super) fn refused(&mut self, channel: Channel) -> Option<Action> {
        self.set.take_if(|set| set.channel == channel);
        let (_, others) = self.asking.split_first().filter(|(first, _)| **first == channel)?;
        self.asking = others;
        self.ask()
    }

    /// When it was by the cart's clock, and whether the device's clock was off by more than a minute.
    /// No time: the old clock and the new one may both have shown this.
    pub(super) fn judge(
        &self,
        now: Millis,
        shown: Timestamp,
    ) -> (Option<Timestamp>, Option<Quality>) {
        let Some(setting) = self.setting() else { return found(&self.found, shown) };
        let latest = self.right.wall(now).plus_millis(LEEWAY_MS);
        let since = (setting.at.plus_millis(-LEEWAY_MS)..=latest).contains(&shown);
        match (since, setting.may_have_shown(shown)) {
            (true, true) => (None, None),
            // On this link the clock is right since it was set; on a later one it was looked at.
            (true, false) if self.set.is_some() => (Some(self.right.corrected(shown)), None),
            (true, false) => found(&self.found, shown),
            (false, _) => found(&setting.found, shown),
        }
    }
}

impl Setting {
    /// Whether the clock, as it was found, may have shown this before it was set.
    fn may_have_shown(&self, shown: Timestamp) -> bool {
        let ahead = self.found.ahead_ms();
        shown.plus_millis(-ahead) <= self.at.plus_millis(LEEWAY_MS)
            && (LEEWAY_MS..=MISTAKEN_UP_TO_MS).contains(&ahead)
    }
}

fn found(clock: &DeviceClock, shown: Timestamp) -> (Option<Timestamp>, Option<Quality>) {
    (Some(clock.corrected(shown)), clock.is_off().then_some(Quality::ClockOff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::TEST, testdata::hex};

    const DATE_TIME: Channel = Channel::sig(0x1810, 0x2A08);
    const MINUTE: i64 = 60_000;

    fn keeper() -> Timekeeper {
        Timekeeper::new(0, TEST, &[CURRENT_TIME, DATE_TIME])
    }

    fn shows(keeper: &mut Timekeeper, ahead_ms: i64) -> Vec<Action> {
        let bytes = CurrentTime::of_wall(TEST.wall().plus_millis(ahead_ms)).to_bytes();
        keeper.bytes(0, CURRENT_TIME, &bytes).unwrap()
    }

    fn right_time() -> Action {
        Action::Write { channel: CURRENT_TIME, bytes: hex("ea070b16082a00 07 00 02") }
    }

    #[test]
    fn a_clock_that_is_right_is_left_alone() {
        let mut keeper = keeper();
        assert_eq!(keeper.ask(), Some(Action::Read(CURRENT_TIME)));
        assert_eq!(shows(&mut keeper, 59_000), []);
        let measured = TEST.wall().plus_millis(-10 * MINUTE);
        let (time, remark) = keeper.judge(5_000, measured);
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(-10 * MINUTE - 59_000)), None));
    }

    #[test]
    fn a_clock_a_year_off_is_set_and_what_it_stored_is_put_right() {
        let mut keeper = keeper();
        let year = 365 * 24 * 60 * MINUTE;
        assert_eq!(shows(&mut keeper, -year), [right_time()]);
        let stored = TEST.wall().plus_millis(-year - MINUTE);
        let (time, remark) = keeper.judge(5_000, stored);
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(-MINUTE)), Some(Quality::ClockOff)));
    }

    #[test]
    fn what_is_measured_after_the_clock_is_set_needs_no_correction() {
        let mut keeper = keeper();
        shows(&mut keeper, -90 * MINUTE);
        let (time, remark) = keeper.judge(60_000, TEST.wall().plus_millis(50_000));
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(50_000)), None));
    }

    #[test]
    fn what_a_fast_clock_may_have_shown_before_it_was_set_has_no_time() {
        let mut keeper = keeper();
        shows(&mut keeper, 7 * MINUTE);
        // Just stored, or just measured: both are possible.
        assert_eq!(keeper.judge(60_000, TEST.wall().plus_millis(50_000)), (None, None));
        // Nobody has measured with the old clock since.
        let later = 8 * MINUTE;
        let (time, remark) = keeper.judge(9 * 60_000, TEST.wall().plus_millis(later));
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(later)), None));
    }

    #[test]
    fn the_rest_of_old_records_on_the_next_link_is_put_right_too() {
        let mut keeper = keeper();
        shows(&mut keeper, -90 * MINUTE);
        let mut keeper = keeper.again(30_000, TEST, &[CURRENT_TIME]);
        assert_eq!(shows(&mut keeper, 0), []);
        let (time, remark) = keeper.judge(31_000, TEST.wall().plus_millis(-91 * MINUTE));
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(-MINUTE)), Some(Quality::ClockOff)));
    }

    #[test]
    fn a_clock_that_cannot_be_set_goes_on_as_it_was() {
        let mut keeper = keeper();
        shows(&mut keeper, 90 * MINUTE);
        assert_eq!(keeper.refused(CURRENT_TIME), None);
        let shown = TEST.wall().plus_millis(90 * MINUTE + 1_000);
        let (time, remark) = keeper.judge(1_000, shown);
        assert_eq!((time, remark), (Some(TEST.utc.plus_millis(1_000)), Some(Quality::ClockOff)));
    }

    #[test]
    fn a_clock_that_was_never_set_is_set() {
        for unset in ["0000 0000 000000 00 00 00", "ffff ffff ffffff ff ff ff"] {
            let said = keeper().bytes(0, CURRENT_TIME, &hex(unset));
            assert_eq!(said, Some(vec![right_time()]), "{unset}");
        }
    }

    #[test]
    fn a_device_without_the_one_clock_is_asked_for_the_other() {
        let mut keeper = keeper();
        assert_eq!(keeper.refused(CURRENT_TIME), Some(Action::Read(DATE_TIME)));
        assert_eq!(keeper.bytes(0, CURRENT_TIME, &[]), None);
        let said = keeper.bytes(0, DATE_TIME, &hex("d007 0101 000000"));
        let bytes = hex("ea070b16082a00");
        assert_eq!(said, Some(vec![Action::Write { channel: DATE_TIME, bytes }]));
        assert_eq!(keeper.refused(DATE_TIME), None);
    }

    #[test]
    fn a_time_cut_short_is_told_and_nothing_is_written() {
        let said = keeper().bytes(0, CURRENT_TIME, &[0xEA, 7]).unwrap();
        assert!(matches!(&said[..], [Action::Report(Report::Malformed(_))]), "{said:?}");
    }
}
