//! What an oximeter says whose protocol has no checksum: it counts when two packets in a row say the
//! same. They come sixty times a second, so that is early enough.

use super::{Live, Sample};
use crate::{Action, Millis, Report};

#[derive(Debug)]
pub(crate) struct Unchecked {
    pub(crate) live: Live,
    /// What the packet before said.
    before: Option<Sample>,
}

impl Unchecked {
    /// For an oximeter that sends this many packets per second.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { live: Live::new(per_second), before: None }
    }

    /// `raw`: the packet that holds the sample. What there is to report goes to `actions`.
    pub(crate) fn packet(
        &mut self,
        now: Millis,
        sample: Sample,
        raw: &[u8],
        actions: &mut Vec<Action>,
    ) {
        self.live.heard(now);
        if self.before.replace(sample) != Some(sample) {
            return;
        }
        let measured = self.live.sample(&sample, raw, actions);
        actions.extend(measured.map(|measured| Action::Report(Report::value(measured))));
    }
}
