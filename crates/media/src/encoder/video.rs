//! The one encoder of the room's picture.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use gst::prelude::*;

use super::{Codec, Inlet, key_wish::KeyWish};
use crate::{
    fan_out::FanOut,
    keeper::{Kept, Pulse},
    pipeline::{BuildError, each_sample, element, launch, pad},
    timeline::{Timeline, stamp},
};

const WHAT: &str = "video encoder";

pub(crate) struct VideoEncoder {
    codec: Codec,
    timeline: Timeline,
    fan_out: Arc<FanOut>,
    inlet: Inlet,
    key_wish: Mutex<KeyWish>,
    /// Where a key frame is asked for: the encoder's output, against the stream.
    ask: Mutex<Option<gst::Pad>>,
}

impl VideoEncoder {
    pub(crate) fn new(codec: Codec, timeline: Timeline, fan_out: Arc<FanOut>) -> Self {
        Self {
            codec,
            timeline,
            fan_out,
            inlet: Inlet::default(),
            key_wish: Mutex::default(),
            ask: Mutex::default(),
        }
    }

    pub(crate) fn codec(&self) -> Codec {
        self.codec
    }

    /// Whether there is anybody to encode for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.fan_out.is_wanted()
    }

    /// Takes a raw picture that was captured just now.
    pub(crate) fn take(&self, sample: &gst::Sample) {
        if !self.is_wanted() {
            return;
        }
        let (Some(mut buffer), Some(caps)) = (sample.buffer_owned(), sample.caps()) else { return };
        stamp(&mut buffer, self.timeline.now());
        if self.key_wish().take(Instant::now()) {
            self.ask_for_key_frame();
        }
        self.inlet.push(buffer, caps);
    }

    /// A viewer's picture is damaged.
    pub(crate) fn wish_key_frame(&self) {
        self.key_wish().soon();
    }

    /// A viewer has no picture.
    pub(crate) fn need_key_frame(&self) {
        self.key_wish().at_once();
    }

    fn ask_for_key_frame(&self) {
        let pad = self.ask.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let event = gst_video::UpstreamForceKeyUnitEvent::builder().all_headers(true).build();
        if pad.is_some_and(|pad| !pad.send_event(event)) {
            // The encoder is about to stop or to start, and starts with a key frame.
            tracing::debug!("The encoder took no wish for a key frame");
        }
    }

    fn key_wish(&self) -> MutexGuard<'_, KeyWish> {
        self.key_wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept for VideoEncoder {
    fn what(&self) -> &'static str {
        WHAT
    }

    fn build(&self, _pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        // Two waiting pictures are 66 ms; an encoder that is slower must skip, not queue.
        let description = format!(
            "appsrc name=in is-live=true format=time max-buffers=2 leaky-type=downstream \
             ! {} ! appsink name=out sync=false async=false enable-last-sample=false",
            self.codec.encode()
        );
        let pipeline = launch(WHAT, &description)?;
        self.timeline.govern(&pipeline);
        let encoder: gst::Element = element(&pipeline, WHAT, "encoder")?;
        *self.ask.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(pad(&encoder, WHAT, "src")?);
        let fan_out = Arc::clone(&self.fan_out);
        each_sample(&element(&pipeline, WHAT, "out")?, move |unit| fan_out.picture(unit));
        self.inlet.connect(element(&pipeline, WHAT, "in")?);
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        false
    }

    fn lost(&self) {}

    fn back(&self) {
        self.need_key_frame();
    }
}
