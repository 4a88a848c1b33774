//! How fast the rate goes up again while nothing queues.

use std::time::Duration;

/// One step up is taken this often.
pub(crate) const STEP: Duration = Duration::from_millis(100);

/// In thousandths of the capacity.
const SURPASSED: u64 = 1_350;

/// The factor of one step in thousandths: fast where the link is known to be free, slow near the
/// rate at which it last filled, and faster again the longer that is ago. Near 500 kb/s this
/// costs one pause of 90-170 ms in about seven seconds.
pub(crate) fn factor(rate: u32, capacity: Option<u32>, since_overload: Duration) -> u64 {
    let Some(capacity) = capacity.filter(|capacity| *capacity > 0) else {
        return 1_080;
    };
    let share = u64::from(rate) * 1_000 / u64::from(capacity);
    if surpassed(rate, capacity) {
        1_080
    } else if since_overload >= Duration::from_secs(6) {
        1_050
    } else if share < 750 {
        1_040
    } else if since_overload >= Duration::from_secs(4) {
        1_020
    } else {
        1_005
    }
}

/// The link carries more than it did when it was last full.
pub(crate) fn surpassed(rate: u32, capacity: u32) -> bool {
    u64::from(rate) * 1_000 > u64::from(capacity) * SURPASSED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_grows_slowly_only_near_the_rate_that_filled_the_link() {
        for (rate, capacity, seconds, thousandths) in [
            (500_000, None, 0, 1_080),
            (300_000, Some(500_000), 1, 1_040),
            (450_000, Some(500_000), 1, 1_005),
            (450_000, Some(500_000), 4, 1_020),
            (450_000, Some(500_000), 6, 1_050),
            (300_000, Some(500_000), 6, 1_050),
            (700_000, Some(500_000), 1, 1_080),
        ] {
            let since = Duration::from_secs(seconds);
            assert_eq!(factor(rate, capacity, since), thousandths, "{rate} {capacity:?} {seconds}");
        }
    }
}
