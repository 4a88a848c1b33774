//! Where the physician's picture and sound arrive, from whichever peer connection is the newest.
//!
//! During a swap two connections deliver; the older one falls silent with the newer's first piece.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{FrameSlot, MediaEvent, picture::rgba_frame, speaker::Speaker, studio::Events};

pub(crate) struct Remote {
    view: Arc<FrameSlot>,
    speaker: Arc<Speaker>,
    events: Events,
    newest: Mutex<Newest>,
}

/// Numbers of peers; a later peer has a higher one. The lock is held until a piece is where it
/// belongs, so that none of an old call comes after `forget`.
#[derive(Default)]
struct Newest {
    seen: u64,
    heard: u64,
    first_told: bool,
}

impl Remote {
    pub(crate) fn new(view: Arc<FrameSlot>, speaker: Arc<Speaker>, events: Events) -> Self {
        Self { view, speaker, events, newest: Mutex::default() }
    }

    pub(crate) fn picture(&self, peer: u64, sample: &gst::Sample) {
        let Some(frame) = rgba_frame(sample) else { return };
        let mut newest = self.newest();
        if newest.seen > peer {
            return;
        }
        newest.seen = peer;
        self.view.put(frame);
        let first = !std::mem::replace(&mut newest.first_told, true);
        drop(newest);
        if first {
            (self.events)(MediaEvent::FirstRemoteFrame);
        }
    }

    pub(crate) fn sound(&self, peer: u64, sample: &gst::Sample) {
        let mut newest = self.newest();
        if newest.heard <= peer {
            newest.heard = peer;
            self.speaker.take(sample);
        }
    }

    /// Empties the view. Peers up to this one may still deliver and are not heeded.
    pub(crate) fn forget(&self, last_peer: u64) {
        let mut newest = self.newest();
        *newest = Newest { seen: last_peer + 1, heard: last_peer + 1, first_told: false };
        self.view.clear();
        self.speaker.meter.clear();
    }

    fn newest(&self) -> MutexGuard<'_, Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
