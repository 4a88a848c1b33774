//! Tells systemd that `cartd` is ready, alive and stopping. Without systemd nothing is told.

use std::time::{Duration, Instant};

use sd_notify::NotifyState;

pub struct Systemd {
    /// A third of the time after which systemd restarts a silent service; `None`: it does not watch.
    every: Option<Duration>,
    told: Instant,
}

impl Systemd {
    pub fn new() -> Self {
        let every = sd_notify::watchdog_enabled().map(|within| within / 3);
        Self { every, told: Instant::now() }
    }

    pub fn ready(&self, status: &str) {
        tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    /// The core says this itself, so that a core that hangs is restarted.
    pub fn alive(&mut self) {
        if self.every.is_some_and(|every| self.told.elapsed() >= every) {
            self.told = Instant::now();
            tell(&[NotifyState::Watchdog]);
        }
    }

    pub fn stopping() {
        tell(&[NotifyState::Stopping]);
    }
}

/// A message that does not arrive is systemd's to notice; the cart works on.
fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "Could not tell systemd");
    }
}
