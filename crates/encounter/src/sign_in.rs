//! How often a PIN may be tried. Compares no PIN and knows no hash.
//!
//! A try is counted before it is judged: whoever cuts the power while the hash is computed has used
//! it up. The caller keeps the counters durably between [`SignIn::try_pin`] and the comparison.

use clinical::Timestamp;
use serde::{Deserialize, Serialize};

/// After this many wrong PINs in a row a supervisor has to unlock the account.
const TRIES: u32 = 10;
/// The delay after the first wrong PIN; it doubles with each further one.
const FIRST_DELAY_MS: i64 = 1_000;
/// A nurse who mistypes must get on with the work: no delay is longer.
const LONGEST_DELAY_MS: i64 = 60_000;

/// One nurse's tries. Serialised, it outlives a restart; the default has counted nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    tries_in_a_row: u32,
    last_try: Option<Timestamp>,
}

/// Whether a PIN may be tried now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Keep the counters, then compare; a right PIN is told to [`SignIn::right`].
    Compare,
    /// Not before this many milliseconds are over.
    Wait {
        ms: i64,
    },
    Locked,
}

impl SignIn {
    /// Somebody wants to try a PIN. `Compare` has counted the try.
    #[must_use]
    pub fn try_pin(&mut self, now: Timestamp) -> Verdict {
        if self.tries_left() == 0 {
            return Verdict::Locked;
        }
        let ms = self.wait_ms(now);
        if ms > 0 {
            return Verdict::Wait { ms };
        }
        self.tries_in_a_row += 1;
        self.last_try = Some(now);
        Verdict::Compare
    }

    /// The PIN that was tried was right: nothing is held against the nurse any more.
    pub fn right(&mut self) {
        *self = Self::default();
    }

    /// How many wrong PINs are left before the account is locked.
    pub fn tries_left(&self) -> u32 {
        TRIES.saturating_sub(self.tries_in_a_row)
    }

    /// Until the next try is taken, in milliseconds; 0 where it may be now.
    pub fn wait_ms(&self, now: Timestamp) -> i64 {
        let Some(last_try) = self.last_try else { return 0 };
        let passed = now.millis_since(last_try);
        // The clock was set back: the time that really passed is unknown, and the next try counts
        // from the new clock. Waiting for the old time to come again could take years.
        if passed < 0 { 0 } else { (self.delay_ms() - passed).max(0) }
    }

    fn delay_ms(&self) -> i64 {
        let doublings = self.tries_in_a_row.saturating_sub(1).min(TRIES);
        (FIRST_DELAY_MS << doublings).min(LONGEST_DELAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

    fn after_wrong_pins(count: u32) -> (SignIn, Timestamp) {
        let (mut sign_in, mut now) = (SignIn::default(), NOW);
        for _ in 0..count {
            now = now.plus_millis(sign_in.wait_ms(now));
            assert_eq!(sign_in.try_pin(now), Verdict::Compare);
        }
        (sign_in, now)
    }

    #[test]
    fn the_delay_doubles_up_to_a_minute() {
        let delays: Vec<_> = (0..10)
            .map(|count| {
                let (sign_in, now) = after_wrong_pins(count);
                sign_in.wait_ms(now) / 1_000
            })
            .collect();
        assert_eq!(delays, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_try_within_the_delay_is_not_taken_and_not_counted() {
        let (mut sign_in, now) = after_wrong_pins(3);
        let before = sign_in.clone();
        assert_eq!(sign_in.try_pin(now.plus_millis(3_999)), Verdict::Wait { ms: 1 });
        assert_eq!(sign_in, before);
        assert_eq!(sign_in.try_pin(now.plus_millis(4_000)), Verdict::Compare);
    }

    #[test]
    fn ten_wrong_pins_lock_the_account_for_good() {
        let (mut sign_in, now) = after_wrong_pins(10);
        assert_eq!(sign_in.tries_left(), 0);
        assert_eq!(sign_in.try_pin(now.plus_millis(i64::MAX / 2)), Verdict::Locked);
    }

    #[test]
    fn a_right_pin_forgets_the_wrong_ones() {
        let (mut sign_in, now) = after_wrong_pins(9);
        assert_eq!(sign_in.tries_left(), 1);
        sign_in.right();
        assert_eq!(sign_in, SignIn::default());
        assert_eq!(sign_in.try_pin(now), Verdict::Compare);
    }

    #[test]
    fn a_restart_forgives_nothing() {
        let (sign_in, now) = after_wrong_pins(7);
        let kept = serde_json::to_string(&sign_in).unwrap();
        let mut sign_in: SignIn = serde_json::from_str(&kept).unwrap();
        assert_eq!(sign_in.try_pin(now.plus_millis(1)), Verdict::Wait { ms: 59_999 });
        assert_eq!(sign_in.tries_left(), 3);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out_for_years() {
        let (mut sign_in, now) = after_wrong_pins(9);
        let ten_years_ago = now.plus_millis(-10 * 365 * 24 * 60 * 60 * 1_000);
        assert_eq!(sign_in.try_pin(ten_years_ago), Verdict::Compare);
        assert_eq!(sign_in.try_pin(ten_years_ago), Verdict::Locked);
    }
}
