//! Tells systemd that the screen lives. Fed by a timer of the event loop: when that hangs, it stops.

use std::time::Duration;

use sd_notify::NotifyState;
use slint::{Timer, TimerMode};

/// The timers run as long as this is kept.
pub struct Supervision {
    _ready: Timer,
    _watchdog: Option<Timer>,
}

pub fn start() -> Supervision {
    let ready = Timer::default();
    // Runs when the event loop does: then there is a window.
    ready.start(TimerMode::SingleShot, Duration::ZERO, || tell(&NotifyState::Ready));
    Supervision { _ready: ready, _watchdog: sd_notify::watchdog_enabled().map(feed) }
}

fn feed(limit: Duration) -> Timer {
    let watchdog = Timer::default();
    // sd_watchdog_enabled(3) advises half of the limit.
    watchdog.start(TimerMode::Repeated, limit / 2, || tell(&NotifyState::Watchdog));
    watchdog
}

fn tell(state: &NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(std::slice::from_ref(state)) {
        tracing::warn!(%error, "Could not reach systemd");
    }
}
