//! Waiting for something to become true, with a name for what was waited for and an end to it.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// Between two looks. What is measured is read from marks of the programs themselves, so that a look
/// may come late; a look at a page or a screen costs it time, so that looks must not come often.
const LOOK: Duration = Duration::from_millis(100);

/// Looks until there is something.
///
/// # Errors
/// Nothing within `limit`, or a look failed.
pub async fn until<T, F>(what: &str, limit: Duration, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let begin = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if begin.elapsed() > limit {
            bail!("waited {} s in vain: {what}", limit.as_secs());
        }
        tokio::time::sleep(LOOK).await;
    }
}

pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
