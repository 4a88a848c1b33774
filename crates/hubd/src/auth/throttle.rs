//! Slows down guessing: each wrong password makes the account wait longer for its next try.
//!
//! Counts for names that nobody has just the same, so that names cannot be tried out. Time comes in.

use std::collections::HashMap;

use clinical::Timestamp;

/// Two slips of the finger are free.
const FREE_TRIES: u32 = 2;
const FIRST_WAIT_MS: i64 = 1_000;
/// Longer would let a stranger lock a physician out of their work.
const LONGEST_WAIT_MS: i64 = 60_000;
/// A name that was left alone for so long starts anew.
const FORGOTTEN_AFTER_MS: i64 = 15 * 60_000;
/// 4 MiB of names. Above it nobody new may fail, until some are forgotten.
const MAX_NAMES: usize = 20_000;

#[derive(Default)]
pub struct Throttle(HashMap<String, Tries>);

struct Tries {
    wrong: u32,
    last: Timestamp,
}

impl Throttle {
    /// Counts a try, before its password is looked at, so that many at once are not one. `Err`: how many
    /// milliseconds to wait first.
    pub fn begin(&mut self, name: &str, now: Timestamp) -> Result<(), i64> {
        self.0.retain(|_, tries| !tries.is_forgotten(now));
        if let Some(tries) = self.0.get_mut(name) {
            let left = tries.wait_ms() - now.millis_since(tries.last);
            if left > 0 {
                return Err(left);
            }
            *tries = Tries { wrong: tries.wrong.saturating_add(1), last: now };
            return Ok(());
        }
        if self.0.len() == MAX_NAMES {
            return Err(LONGEST_WAIT_MS);
        }
        self.0.insert(name.to_owned(), Tries { wrong: 1, last: now });
        Ok(())
    }

    /// The password was right.
    pub fn succeeded(&mut self, name: &str) {
        self.0.remove(name);
    }
}

impl Tries {
    fn wait_ms(&self) -> i64 {
        match self.wrong.checked_sub(FREE_TRIES + 1) {
            None => 0,
            Some(doublings) => (FIRST_WAIT_MS << doublings.min(16)).min(LONGEST_WAIT_MS),
        }
    }

    fn is_forgotten(&self, now: Timestamp) -> bool {
        // A clock that was set back would make somebody wait for as long as it was wrong.
        !(0..FORGOTTEN_AFTER_MS).contains(&now.millis_since(self.last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

    #[test]
    fn every_wrong_password_after_the_third_doubles_the_wait() {
        let (mut throttle, mut now) = (Throttle::default(), NOW);
        let mut waits = Vec::new();
        for _ in 0..10 {
            let wait = throttle.begin("weiss", now).err().unwrap_or(0);
            waits.push(wait / 1_000);
            now = now.plus_millis(wait);
            if wait > 0 {
                throttle.begin("weiss", now).unwrap();
            }
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60]);
    }

    #[test]
    fn the_right_password_ends_the_wait_for_the_next_time() {
        let mut throttle = Throttle::default();
        for _ in 0..3 {
            throttle.begin("weiss", NOW).unwrap();
        }
        assert!(throttle.begin("weiss", NOW).is_err());
        throttle.succeeded("weiss");
        assert!(throttle.begin("weiss", NOW).is_ok());
    }

    #[test]
    fn names_do_not_wait_for_each_other_and_are_forgotten() {
        let mut throttle = Throttle::default();
        for _ in 0..3 {
            throttle.begin("weiss", NOW).unwrap();
        }
        assert!(throttle.begin("amari", NOW).is_ok());
        assert!(throttle.begin("weiss", NOW.plus_millis(FORGOTTEN_AFTER_MS)).is_ok());
        assert_eq!(throttle.0.len(), 1);
    }
}
