//! How often the patient breathes: a tap for each breath over half a minute, or a number that is typed.
//!
//! Knows no page and sends nothing. A count that anything disturbed is no count.

use clinical::{Finding, Timestamp};

/// Half of the minute that the rate is of: nurses count so, and double.
pub const COUNTED_MS: i64 = 30_000;
const HALVES: u16 = 2;
/// The clock ticks every second. A longer silence, or a step back, means that the time was set or the
/// screen stood still: nobody knows then how long was counted, or which taps were lost.
const LONGEST_SILENCE_MS: i64 = 3_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    #[default]
    NotStarted,
    Running {
        started: Timestamp,
        /// When time was last seen to pass.
        seen: Timestamp,
        taps: u16,
    },
    Over {
        taps: u16,
    },
    Spoiled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreathsPress {
    /// Starts the half minute, or starts it again.
    Start,
    Tap,
    Digit(u8),
    Delete,
}

/// Either counted or typed: the later one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaths {
    pub count: Count,
    pub typed: Option<u16>,
}

/// What was counted or typed and can be observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub per_minute: u16,
    /// Breaths in the half minute; `None` where the number was typed.
    pub counted: Option<u16>,
}

impl Rate {
    /// `None`: nobody breathes so often.
    fn new(per_minute: u16, counted: Option<u16>) -> Option<Self> {
        Finding::RespiratoryRate { per_minute }
            .is_possible()
            .then_some(Self { per_minute, counted })
    }
}

impl Breaths {
    pub fn press(&mut self, press: BreathsPress, now: Timestamp) {
        match (press, &mut self.count) {
            (BreathsPress::Start, count) => {
                *count = Count::Running { started: now, seen: now, taps: 0 };
                self.typed = None;
            }
            (BreathsPress::Tap, Count::Running { taps, .. }) => *taps = taps.saturating_add(1),
            // A key beside the counting finger takes no count away.
            (BreathsPress::Digit(_) | BreathsPress::Delete, Count::Running { .. })
            | (BreathsPress::Tap, _) => {}
            (BreathsPress::Digit(digit), count) => {
                let typed = self.typed.unwrap_or(0) * 10 + u16::from(digit);
                if Rate::new(typed, None).is_some() {
                    *count = Count::NotStarted;
                    self.typed = Some(typed);
                }
            }
            (BreathsPress::Delete, _) => {
                self.typed = self.typed.map(|typed| typed / 10).filter(|left| *left > 0);
            }
        }
    }

    /// To be told of every input, before what it asks for.
    pub fn pass_time(&mut self, now: Timestamp) {
        let Count::Running { started, seen, taps } = &mut self.count else { return };
        if !(0..=LONGEST_SILENCE_MS).contains(&now.millis_since(*seen)) {
            self.count = Count::Spoiled;
        } else if now.millis_since(*started) >= COUNTED_MS {
            self.count = Count::Over { taps: *taps };
        } else {
            *seen = now;
        }
    }

    /// No tap in half a minute is a count that was forgotten; who sees no breath types 0.
    pub fn rate(&self) -> Option<Rate> {
        match (self.typed, self.count) {
            (Some(typed), _) => Rate::new(typed, None),
            (None, Count::Over { taps }) if taps > 0 => {
                Rate::new(taps.saturating_mul(HALVES), Some(taps))
            }
            (
                None,
                Count::Over { .. } | Count::NotStarted | Count::Running { .. } | Count::Spoiled,
            ) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BreathsPress::{Delete, Digit, Start, Tap};

    const START: Timestamp = Timestamp::from_millis(1_000_000);

    /// Taps at these moments after the start, while the clock ticks every second until the last one.
    fn counted(taps: &[i64], last_tick: i64) -> Breaths {
        let mut breaths = Breaths::default();
        breaths.press(Start, START);
        for at in (0..=last_tick).step_by(500) {
            breaths.pass_time(START.plus_millis(at));
            if taps.contains(&at) {
                breaths.press(Tap, START.plus_millis(at));
            }
        }
        breaths
    }

    fn rate(per_minute: u16, counted: Option<u16>) -> Option<Rate> {
        Some(Rate { per_minute, counted })
    }

    #[test]
    fn nine_breaths_in_half_a_minute_are_eighteen_in_a_minute() {
        let taps: Vec<i64> = (1..=9).map(|breath| breath * 3_000).collect();
        let running = counted(&taps, 29_500);
        assert!(matches!(running.count, Count::Running { taps: 9, .. }), "{running:?}");
        assert_eq!(running.rate(), None, "half a minute is not over");
        assert_eq!(counted(&taps, 30_000).rate(), rate(18, Some(9)));
    }

    #[test]
    fn a_tap_after_the_half_minute_is_not_counted() {
        assert_eq!(counted(&[1_000, 29_500, 30_000, 31_000], 32_000).rate(), rate(4, Some(2)));
    }

    #[test]
    fn a_count_without_a_tap_says_nothing() {
        let none = counted(&[], 31_000);
        assert_eq!((none.count, none.rate()), (Count::Over { taps: 0 }, None));
    }

    #[test]
    fn more_than_anybody_breathes_is_no_rate() {
        let taps: Vec<i64> = (0..50).map(|tap| tap * 500).collect();
        assert_eq!(counted(&taps, 30_000).rate(), None);
        assert_eq!(counted(&taps[..49], 30_000).rate(), rate(98, Some(49)));
    }

    #[test]
    fn a_clock_that_is_set_or_a_screen_that_stood_still_spoils_the_count() {
        for step in [-1, LONGEST_SILENCE_MS + 1] {
            let mut breaths = counted(&[1_000, 2_000], 10_000);
            breaths.pass_time(START.plus_millis(10_000 + step));
            breaths.press(Tap, START);
            assert_eq!((breaths.count, breaths.rate()), (Count::Spoiled, None), "{step}");
        }
    }

    #[test]
    fn counting_again_forgets_the_count_before() {
        let mut breaths = counted(&[1_000, 2_000], 30_000);
        breaths.press(Start, START);
        assert!(matches!(breaths.count, Count::Running { taps: 0, .. }), "{breaths:?}");
        assert_eq!(breaths.rate(), None);
    }

    #[test]
    fn a_typed_number_stands_in_place_of_a_count_and_the_other_way_round() {
        let mut breaths = counted(&[1_000], 30_000);
        for press in [Digit(1), Digit(6), Digit(4)] {
            breaths.press(press, START);
        }
        assert_eq!(breaths.rate(), rate(16, None), "a third digit is too many");
        breaths.press(Delete, START);
        assert_eq!(breaths.rate(), rate(1, None));
        breaths.press(Delete, START);
        assert_eq!(breaths.rate(), None);
        breaths.press(Digit(0), START);
        assert_eq!(breaths.rate(), rate(0, None), "no breath at all is typed, not counted");
        breaths.press(Start, START);
        breaths.press(Digit(7), START);
        assert_eq!(breaths.rate(), None, "keys are dead while it counts");
    }
}
