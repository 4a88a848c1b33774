//! The encoders of one picture: the one that costs the cart least, and one for browsers that do not know its format.
//!
//! Firefox has H.264 only once it has downloaded a plugin, which a hospital's network may not allow; every browser has VP8
//! (RFC 7742, section 5). An encoder without viewers gets no picture and takes no time.

use std::sync::Arc;

use super::{Codec, VideoEncoder};
use crate::{fan_out::FanOut, scene::Scene, timeline::Timeline};

pub(crate) struct VideoEncoders {
    best: Arc<VideoEncoder>,
    /// `None`: `best` has the format that every browser knows.
    common: Option<Arc<VideoEncoder>>,
}

impl VideoEncoders {
    pub(crate) fn new(
        scene: Scene,
        best: Codec,
        timeline: &Timeline,
        fan_out: &Arc<FanOut>,
    ) -> Self {
        let encoder = |codec| {
            Arc::new(VideoEncoder::new(scene, codec, timeline.clone(), Arc::clone(fan_out)))
        };
        let common = (best != Codec::COMMON).then(|| encoder(Codec::COMMON));
        Self { best: encoder(best), common }
    }

    /// For a browser of which nothing is known.
    pub(crate) fn best(&self) -> Codec {
        self.best.codec()
    }

    /// For a browser that refused this format; `None`: there is no other.
    pub(crate) fn instead_of(&self, refused: Codec) -> Option<Codec> {
        self.all().map(|encoder| encoder.codec()).find(|codec| *codec != refused)
    }

    /// The one of this format, which is one of those above.
    pub(crate) fn of(&self, codec: Codec) -> &Arc<VideoEncoder> {
        self.all().find(|encoder| encoder.codec() == codec).unwrap_or(&self.best)
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

    /// The next picture comes from another camera.
    pub(crate) fn begin_anew(&self) {
        for encoder in self.all() {
            encoder.need_key_frame();
        }
    }
}
