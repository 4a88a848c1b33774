//! How long to wait before a link is opened again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// A link that held for this long was sound; its loss is the first of a new row.
const STABLE: Duration = Duration::from_secs(60);

/// Doubles with every failure in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// `random` is any number. It spreads the waits, so that a ward's carts that lose one camera or
    /// gateway at once do not come back at once.
    pub(crate) fn next(&mut self, random: u64) -> Duration {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(6)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let percent = u32::try_from(75 + random % 26).expect("at most 100");
        doubled * percent / 100
    }

    pub(crate) fn was_up(&mut self, held: Duration) {
        if held >= STABLE {
            self.failures = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(backoff: &mut Backoff, random: u64) -> Vec<u128> {
        (0..9).map(|_| backoff.next(random).as_millis()).collect()
    }

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let waits = waits(&mut Backoff::default(), 25);
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    }

    #[test]
    fn chance_shortens_a_wait_by_a_quarter_at_most() {
        assert_eq!(Backoff::default().next(0), Duration::from_millis(375));
        assert!(Backoff::default().next(u64::MAX) <= FIRST);
    }

    #[test]
    fn only_a_link_that_held_begins_anew() {
        let mut backoff = Backoff::default();
        waits(&mut backoff, 25);
        backoff.was_up(Duration::from_secs(59));
        assert_eq!(backoff.next(25), LONGEST);
        backoff.was_up(Duration::from_secs(60));
        assert_eq!(backoff.next(25), FIRST);
    }
}
