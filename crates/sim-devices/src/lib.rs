//! Simulated medical devices that speak the real bytes, for demonstrations and tests.
//!
//! Each device is encoded here a second time, from the public protocol facts, and shares no code
//! with the drivers of the cart: a mistake in a codec cannot cancel itself out. The cart opens the
//! serial ports and sockets as it opens real ones and does not know the difference.
//!
//! These devices are never part of the appliance image: nothing that a patient depends on may be
//! able to start them.
//!
//! From the outside in: `rig` puts all devices on their lines, `control` changes what they do,
//! `link` carries bytes (and damages them on request), and one module per device holds its
//! behaviour and, beside it, its encoding. Bluetooth devices share the server in `gatt` and are listed
//! in `peripherals`.

pub mod blood_pressure;
pub mod camera;
pub mod control;
pub mod cuff;
mod equipment;
mod flagged;
pub mod gatt;
pub mod glucose_meter;
pub mod glucose_sensor;
pub mod heart_rate;
pub mod link;
pub mod oximeter;
pub mod peripherals;
pub mod polar;
pub mod pulse_oximeter;
mod records;
pub mod rig;
pub mod scale;
pub mod sound;
pub mod thermometer;
pub mod video;
mod waves;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time since the simulation started; every behaviour takes it as an argument.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Locks, also after a panic elsewhere: one broken link must not silence the other devices.
pub(crate) fn lock<T: ?Sized>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
