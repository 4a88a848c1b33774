//! What moves in the room by itself, so that a frozen picture can be told from a quiet room.

mod breath;
mod monitor;
mod wall_clock;

use super::layer::Layer;
use super::scene::Scene;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::path::Path;
use std::time::Duration;

/// The time, for things that move and for things that show it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub since_start: Duration,
    pub wall: DateTime,
}

/// A part of the scene that changes.
pub trait Living: Send {
    fn layer(&self) -> &Layer;

    /// Draws itself anew when it looks different by now; says whether it did.
    fn refresh(&mut self, moment: &Moment) -> bool;
}

/// Everything that the scene has a place for.
pub fn inhabitants(scene: &Scene) -> Vec<Box<dyn Living>> {
    let mut living: Vec<Box<dyn Living>> = Vec::new();
    living.extend(breath::Breath::in_scene(scene).map(|b| Box::new(b) as Box<dyn Living>));
    living.extend(monitor::Monitor::in_scene(scene).map(|m| Box::new(m) as Box<dyn Living>));
    living.extend(wall_clock::WallClock::in_scene(scene).map(|c| Box::new(c) as Box<dyn Living>));
    living
}

/// The clock on the wall shows the local time of this machine.
pub struct Calendar(TimeZone);

impl Calendar {
    pub fn local() -> Self {
        // A machine without this file keeps universal time.
        let zone = std::fs::read(Path::new("/etc/localtime"))
            .ok()
            .and_then(|bytes| TimeZone::tzif("local", &bytes).ok());
        Self(zone.unwrap_or(TimeZone::UTC))
    }

    pub fn moment(&self, since_start: Duration) -> Moment {
        let wall = jiff::Timestamp::now().to_zoned(self.0.clone()).datetime();
        Moment { since_start, wall }
    }
}
