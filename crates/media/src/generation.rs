//! Where the numbers of the connections begin in a program that has just started.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Fifths of a second since 2025 fit into 32 bits until 2052.
const COUNTED_FROM: Duration = Duration::from_secs(1_735_689_600);
const STEPS_PER_SECOND: u128 = 5;

/// A browser ignores generations below the one it has seen, also those of a program that was
/// started anew within the same call. Time rises faster than connections or programs are made.
pub(crate) fn generation_now() -> u32 {
    // A clock before 2025 is not set yet. A program that restarts within a call then counts from 1,
    // and the physician has to reload the page.
    let counted = SystemTime::now().duration_since(UNIX_EPOCH + COUNTED_FROM);
    let since = counted.unwrap_or(Duration::ZERO);
    u32::try_from(since.as_millis() * STEPS_PER_SECOND / 1_000).unwrap_or(u32::MAX / 2)
}
