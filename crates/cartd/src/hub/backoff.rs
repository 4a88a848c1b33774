//! Waiting between tries with full jitter, so that carts that lost the hub together do not come back together.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};

/// A hub that restarts is found again before the nurse looks up.
const FIRST: Duration = Duration::from_millis(250);
/// After an outage the cart is back within this.
const LONGEST: Duration = Duration::from_secs(10);

pub struct Backoff {
    ceiling: Duration,
}

impl Backoff {
    pub const fn new() -> Self {
        Self { ceiling: FIRST }
    }

    pub const fn reset(&mut self) {
        self.ceiling = FIRST;
    }

    /// Between nothing and the doubled wait, but never at once.
    pub fn next(&mut self) -> Duration {
        let wait = FIRST.max(self.ceiling.mul_f64(uniform()));
        self.ceiling = LONGEST.min(self.ceiling * 2);
        wait
    }
}

/// Uniform in 0…1. Without random numbers carts wait for the same time, which works and is not nice.
pub fn uniform() -> f64 {
    let mut bytes = [0; 4];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_their_bounds_and_grow() {
        let mut backoff = Backoff::new();
        let waits: Vec<_> = (0..200).map(|_| backoff.next()).collect();
        assert!(waits.iter().all(|wait| (FIRST..=LONGEST).contains(wait)), "{waits:?}");
        assert!(waits.iter().any(|wait| *wait > LONGEST / 2), "{waits:?}");
        backoff.reset();
        assert_eq!(backoff.next(), FIRST);
    }
}
