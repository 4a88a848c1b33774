//! Waiting for what other threads and processes do: by being told, up to a limit, never by sleeping for luck.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// Far beyond what anything here takes on a busy machine; only a failing test waits that long.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Something that others change while a test waits for it.
pub struct Watched<T>(Arc<(Mutex<T>, Condvar)>);

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Watched<T> {
    pub fn new(value: T) -> Self {
        Self(Arc::new((Mutex::new(value), Condvar::new())))
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.0.1.notify_all();
        result
    }

    /// Waits until `look` finds something.
    #[track_caller]
    pub fn until<R>(&self, what: &str, mut look: impl FnMut(&mut T) -> Option<R>) -> R {
        let end = Instant::now() + PATIENCE;
        let mut value = self.lock();
        loop {
            if let Some(found) = look(&mut value) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain: {what}");
            value = self.0.1.wait_timeout(value, left).unwrap().0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.0.0.lock().unwrap()
    }
}

/// For what tells nobody: a file, a database.
#[track_caller]
pub fn eventually<R>(what: &str, mut look: impl FnMut() -> Option<R>) -> R {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
