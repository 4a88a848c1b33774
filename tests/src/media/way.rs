//! What a network does to packets in one direction, in arithmetic: a rate with a queue that drops its end, loss at random,
//! and a delay that varies without changing the order.

use super::network::{Conditions, FREE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    pub conditions: Conditions,
    /// In ms, of the way itself.
    pub delay: u32,
    /// In ms: each packet takes up to so much longer.
    pub jitter: u32,
}

impl Weather {
    pub const FINE: Self = Self { conditions: FREE, delay: 0, jitter: 0 };
}

pub struct Way {
    pub weather: Weather,
    /// When the last packet has left the queue and when it arrives, in microseconds.
    free_at: u64,
    last_arrival: u64,
    coins: u64,
}

impl Way {
    pub fn new(seed: u64) -> Self {
        let coins = 0x9e37_79b9_7f4a_7c15 ^ seed;
        Self { weather: Weather::FINE, free_at: 0, last_arrival: 0, coins }
    }

    /// When it arrives, if it does. Times in microseconds.
    pub fn carry(&mut self, bytes: u64, now: u64) -> Option<u64> {
        let Weather { conditions: Conditions { rate, queue, loss }, delay, jitter } = self.weather;
        // A router's queue holds two packets at least.
        let most = (u64::from(queue) * 1_000).max(3_000 * 8_000_000 / u64::from(rate));
        let waits = self.free_at.saturating_sub(now).min(most);
        let own = bytes * 8_000_000 / u64::from(rate);
        if waits + own > most {
            return None;
        }
        self.free_at = now + waits + own;
        if self.coin(100) < u64::from(loss) {
            return None;
        }
        let late = u64::from(delay) * 1_000 + self.coin(u64::from(jitter) * 1_000 + 1);
        self.last_arrival = self.last_arrival.max(self.free_at + late);
        Some(self.last_arrival)
    }

    /// One of so many (xorshift64): the same sequence every time.
    fn coin(&mut self, of: u64) -> u64 {
        self.coins ^= self.coins << 13;
        self.coins ^= self.coins >> 7;
        self.coins ^= self.coins << 17;
        (self.coins >> 11) % of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(rate: u32, queue: u32, loss: u32, delay: u32, jitter: u32) -> Way {
        let conditions = Conditions { rate, queue, loss };
        Way { weather: Weather { conditions, delay, jitter }, ..Way::new(7) }
    }

    #[test]
    fn a_full_queue_loses_what_comes_and_the_rest_keeps_its_rate() {
        let mut way = way(800_000, 50, 0, 20, 0);
        let arrivals: Vec<_> = (0..8).map(|_| way.carry(1_000, 0)).collect();
        let in_ms: Vec<_> = arrivals.iter().map(|at| at.map(|micros| micros / 1_000)).collect();
        assert_eq!(in_ms, [Some(30), Some(40), Some(50), Some(60), Some(70), None, None, None]);
        assert_eq!(way.carry(1_000, 1_000_000), Some(1_030_000));
    }

    #[test]
    fn jitter_changes_no_order_and_loss_is_as_told() {
        let mut way = way(100_000_000, 250, 5, 10, 30);
        let arrivals: Vec<_> = (0..10_000).map(|number| way.carry(100, number * 500)).collect();
        let lost = arrivals.iter().filter(|at| at.is_none()).count();
        assert!((400..600).contains(&lost), "{lost}");
        assert!(arrivals.iter().flatten().is_sorted());
        let late = |(number, at): (u64, &Option<u64>)| at.map(|at| at - number * 500);
        let most = (0..).zip(&arrivals).filter_map(late).max();
        assert!((39_000..=40_100).contains(&most.unwrap()), "{most:?}");
    }
}
