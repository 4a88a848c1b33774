//! What a person sees, counts or prescribes. No device stands behind it, so it is no [`crate::Reading`]: who
//! said it is all there is to trust it by.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::news2::{Breathing, Consciousness, Spo2Scale};

/// Observed when its entry was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Observed {
    pub what: Finding,
    /// The nurse who was signed in, or the physician who prescribed it, by name.
    pub by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// Breaths, counted over a minute or as many seconds as the ward's habit is.
    RespiratoryRate {
        per_minute: u16,
    },
    /// ACVPU.
    Consciousness {
        level: Consciousness,
    },
    /// Whether oxygen is given.
    Breathing {
        of: Breathing,
    },
    Pregnancy {
        pregnant: bool,
    },
    /// By which scale NEWS2 judges the oxygen saturation: prescribed, not seen.
    OxygenScale {
        scale: Spo2Scale,
    },
}

/// Nobody counts more at a bedside. None at all is possible, and the worst there is.
const MOST_BREATHS: u16 = 99;

impl Finding {
    /// Whether a person can have observed this.
    pub fn is_possible(self) -> bool {
        match self {
            Self::RespiratoryRate { per_minute } => per_minute <= MOST_BREATHS,
            Self::Consciousness { .. }
            | Self::Breathing { .. }
            | Self::Pregnancy { .. }
            | Self::OxygenScale { .. } => true,
        }
    }
}
