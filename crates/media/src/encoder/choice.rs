//! The encoders of the room's picture: the one that costs the cart least, and one for browsers that do not know its format.
//!
//! Firefox has H.264 only once it has downloaded a plugin, which a hospital's network may not allow; every browser has VP8
//! (RFC 7742, section 5). An encoder without viewers gets no picture and takes no time.

use std::sync::Arc;

use super::{Codec, VideoEncoder};
use crate::{fan_out::FanOut, timeline::Timeline};

pub(crate) struct VideoEncoders {
    best: Arc<VideoEncoder>,
    /// `None`: `best` has the format that every browser knows.
    common: Option<Arc<VideoEncoder>>,
}

impl VideoEncoders {
    pub(crate) fn new(best: Codec, timeline: &Timeline, fan_out: &Arc<FanOut>) -> Self {
        let encoder =
            |codec| Arc::new(VideoEncoder::new(codec, timeline.clone(), Arc::clone(fan_out)));
        let common = (best != Codec::COMMON).then(|| encoder(Codec::COMMON));
        Self { best: encoder(best), common }
    }

    /// For a browser of which nothing is known.
    pub(crate) fn best(&self) -> &Arc<VideoEncoder> {
        &self.best
    }

    /// For a browser that refused the format of this one; `None`: there is no other.
    pub(crate) fn instead_of(&self, refused: &VideoEncoder) -> Option<&Arc<VideoEncoder>> {
        self.common.as_ref().filter(|common| common.codec() != refused.codec())
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<VideoEncoder>> {
        [&self.best].into_iter().chain(&self.common)
    }

    /// Whether there is anybody to encode for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.all().any(|encoder| encoder.is_wanted())
    }

    /// Takes a raw picture that was captured just now.
    pub(crate) fn take(&self, sample: &gst::Sample) {
        for encoder in self.all() {
            encoder.take(sample);
        }
    }
}
