//! What a studio does with the stethoscope. Nothing of it does anything on a cart without one.

use std::time::Duration;

use devices::heart_sound::HeardRate;

use super::Studio;
use crate::HeardSound;

impl Studio {
    /// Whether the stethoscope's sound goes to the physician. What was heard before is forgotten.
    pub fn set_listening(&self, listening: bool) {
        if let Some(stethoscope) = &self.stethoscope {
            stethoscope.set_listening(listening);
        }
    }

    /// The chest piece lies somewhere else: what was heard before is not of that place.
    pub fn listen_anew(&self) {
        if let Some(stethoscope) = &self.stethoscope {
            stethoscope.begin_anew();
        }
    }

    /// Sends tones instead of the stethoscope's sound for six seconds, to show what arrives of them.
    pub fn prove_sound(&self) {
        if let Some(stethoscope) = &self.stethoscope {
            stethoscope.sound.proof.begin();
        }
    }

    /// Of the heart under the stethoscope, since the physician listens; `None`: the cart has none.
    pub fn heart_rate(&self) -> Option<HeardRate> {
        self.stethoscope.as_ref().map(|stethoscope| stethoscope.heart_rate())
    }

    /// How much of this place [`Studio::heard`] would give, gaps included.
    pub fn heard_for(&self) -> Duration {
        self.stethoscope.as_ref().map_or(Duration::ZERO, |stethoscope| stethoscope.heard_for())
    }

    /// What the card gave of this place, whatever the network did with it: the last half minute at most. `None`: nobody
    /// listens, or nothing came.
    pub fn heard(&self) -> Option<HeardSound> {
        self.stethoscope.as_ref()?.heard()
    }
}
