//! What of a stream a viewer gets, and from when on.
//!
//! webrtcbin makes no offer before it knows the format, so one piece must go in early. It would be
//! the first picture a physician sees, and it may be minutes old: it only primes, and is dropped before
//! webrtcbin. The first picture shown is a key frame made after the connection stood.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Wants one key frame, for its format only.
    Prime,
    Held,
    WaitsForKey,
    Open,
}

pub(crate) struct Gate(Mutex<Stage>);

impl Gate {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Stage::Prime))
    }

    /// It has not had the piece that tells it the format.
    pub(crate) fn is_new(&self) -> bool {
        *self.stage() == Stage::Prime
    }

    /// Whether the next piece goes to the viewer's pipeline.
    pub(crate) fn admits(&self, key: bool) -> bool {
        let mut stage = self.stage();
        let admits = match *stage {
            Stage::Prime | Stage::WaitsForKey => key,
            Stage::Held => false,
            Stage::Open => true,
        };
        if admits {
            *stage = if *stage == Stage::Prime { Stage::Held } else { Stage::Open };
        }
        admits
    }

    /// Whether what is in the viewer's pipeline may reach its network.
    pub(crate) fn lets_through(&self) -> bool {
        matches!(*self.stage(), Stage::WaitsForKey | Stage::Open)
    }

    /// The connection stands.
    pub(crate) fn open(&self) {
        let mut stage = self.stage();
        if *stage != Stage::Open {
            *stage = Stage::WaitsForKey;
        }
    }

    /// Pieces were left out; what depends on them is of no use.
    pub(crate) fn wait_for_key(&self) {
        let mut stage = self.stage();
        if *stage == Stage::Open {
            *stage = Stage::WaitsForKey;
        }
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_frame_primes_and_nothing_gets_out_before_the_connection() {
        let gate = Gate::new();
        assert!(!gate.admits(false) && gate.admits(true));
        assert!(!gate.admits(true) && !gate.lets_through());
    }

    #[test]
    fn the_first_picture_on_a_connection_is_a_key_frame() {
        let gate = Gate::new();
        assert!(gate.admits(true));
        gate.open();
        assert!(gate.lets_through());
        assert!(!gate.admits(false) && gate.admits(true) && gate.admits(false));
    }

    #[test]
    fn a_viewer_that_fell_behind_goes_on_at_a_key_frame() {
        let gate = Gate::new();
        gate.open();
        assert!(gate.admits(true));
        gate.wait_for_key();
        assert!(!gate.admits(false) && gate.admits(true));
    }
}
