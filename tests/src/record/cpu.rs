//! How long processors worked, which a busy machine changes less than how long something took.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};
use rustix::{
    param::clock_ticks_per_second,
    time::{ClockId, clock_gettime},
};

/// For this thread, since it began.
pub fn of_this_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Both are never negative for such a clock, and nanoseconds are below a second.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// For a program with its threads, since it began: proc(5), `/proc/PID/stat`, fields 14 and 15.
///
/// # Errors
/// There is no such program.
pub fn of_program(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name of the program may hold spaces; it ends with the last parenthesis.
    let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat has a name in it")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |field: usize| -> Result<u64> {
        // Field 3 is the first behind the name.
        Ok(fields.get(field - 3).context("/proc/PID/stat is short")?.parse()?)
    };
    let ticks = ticks(14)? + ticks(15)?;
    Ok(Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64))
}
