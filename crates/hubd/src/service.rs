//! What systemd is told: ready, alive, stopping. Without systemd nothing happens.

use std::io;

use sd_notify::NotifyState;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

/// Ends the watchdog's task when it is dropped, and with it the service's life.
pub struct Watchdog(Option<JoinHandle<()>>);

/// The watchdog is fed by a task of the same runtime that serves everybody: when that hangs, so does it.
pub fn ready_with_watchdog() -> io::Result<Watchdog> {
    sd_notify::notify(&[NotifyState::Ready])?;
    // systemd's advice (sd_watchdog_enabled(3)): twice as often as it is asked for.
    let every = sd_notify::watchdog_enabled().map(|limit| limit / 2);
    Ok(Watchdog(every.map(|every| {
        tokio::spawn(async move {
            let mut beats = interval(every);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beats.tick().await;
                if let Err(error) = sd_notify::notify(&[NotifyState::Watchdog]) {
                    tracing::warn!(%error, "Could not feed the watchdog");
                }
            }
        })
    })))
}

pub fn stopping() -> io::Result<()> {
    sd_notify::notify(&[NotifyState::Stopping])
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}
