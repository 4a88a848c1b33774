//! Where the physician's picture and sound arrive, from whichever peer connection is the newest.
//!
//! During a swap two connections deliver; the older one falls silent with the newer's first piece.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use crate::{FrameSlot, MediaEvent, picture::rgba_frame, speaker::Speaker, studio::Events};

pub(crate) struct Remote {
    view: Arc<FrameSlot>,
    speaker: Arc<Speaker>,
    events: Events,
    /// Numbers of peers; a later peer has a higher one.
    seen: AtomicU64,
    heard: AtomicU64,
    first_told: AtomicBool,
}

impl Remote {
    pub(crate) fn new(view: Arc<FrameSlot>, speaker: Arc<Speaker>, events: Events) -> Self {
        Self {
            view,
            speaker,
            events,
            seen: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            first_told: AtomicBool::new(false),
        }
    }

    pub(crate) fn picture(&self, peer: u64, sample: &gst::Sample) {
        if self.seen.fetch_max(peer, Ordering::AcqRel) > peer {
            return;
        }
        let Some(frame) = rgba_frame(sample) else { return };
        self.view.put(frame);
        if !self.first_told.swap(true, Ordering::AcqRel) {
            (self.events)(MediaEvent::FirstRemoteFrame);
        }
    }

    pub(crate) fn sound(&self, peer: u64, sample: &gst::Sample) {
        if self.heard.fetch_max(peer, Ordering::AcqRel) <= peer {
            self.speaker.take(sample);
        }
    }

    /// Empties the view. Peers up to this one may still deliver and are not heeded.
    pub(crate) fn forget(&self, last_peer: u64) {
        self.seen.fetch_max(last_peer + 1, Ordering::AcqRel);
        self.heard.fetch_max(last_peer + 1, Ordering::AcqRel);
        self.view.clear();
        self.speaker.meter.clear();
        self.first_told.store(false, Ordering::Release);
    }
}
