//! The only place of the hub that reads the wall clock.

use std::time::SystemTime;

use clinical::Timestamp;

pub fn now() -> Timestamp {
    // A clock before 1970 is a machine without one; its times are then all the same, and visibly wrong.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
