//! What goes wrong on the way of a write, once or by chance.

use std::time::Duration;

/// Chances in per cent, of each write.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Turned away unread, with 503.
    pub busy: u8,
    /// Never taken in; the answer is a gateway's.
    pub lost_request: u8,
    /// Taken in; the answer is a gateway's.
    pub lost_answer: u8,
    /// Taken in after `lateness`; the answer is a gateway's.
    pub late: u8,
    pub lateness: Duration,
}

/// What happens to one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Normal,
    Busy,
    LostRequest,
    LostAnswer,
    Late,
}

impl Faults {
    /// `chance` is uniform below 100.
    pub(crate) fn fate(&self, chance: u8) -> Fate {
        let mut below = 0;
        for (per_cent, fate) in [
            (self.busy, Fate::Busy),
            (self.lost_request, Fate::LostRequest),
            (self.lost_answer, Fate::LostAnswer),
            (self.late, Fate::Late),
        ] {
            below += per_cent;
            if chance < below {
                return fate;
            }
        }
        Fate::Normal
    }
}
