//! The only place where this program reads the wall clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinical::Timestamp;

pub fn now() -> Timestamp {
    // A clock before 1970 is one that was never set; 0 is as wrong and as harmless.
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// How long from now to `then`; nothing when it has passed.
pub fn until(then: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(then.millis_since(now())).unwrap_or(0))
}
