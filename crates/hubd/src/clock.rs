//! The only place of the hub that reads the wall clock.

use std::{
    sync::LazyLock,
    time::{Instant, SystemTime},
};

use clinical::Timestamp;
use outbox::Moment;

pub fn now() -> Timestamp {
    // A clock before 1970 is a machine without one; its times are then all the same, and visibly wrong.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Since the first call of this: by a clock that nobody sets.
pub fn moment() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Moment::from_millis(i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX))
}
