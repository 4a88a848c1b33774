//! Plays the physician's sound, and measures it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gst::prelude::*;

use crate::{
    MediaEvent, SpeakerSink,
    encoder::{Inlet, SOUND_CAPS},
    keeper::{Kept, Pulse},
    loudness::Meter,
    pipeline::{BuildError, element, launch},
    studio::Events,
};

const WHAT: &str = "speaker";

pub(crate) struct Speaker {
    sink: SpeakerSink,
    inlet: Inlet,
    events: Events,
    told_lost: AtomicBool,
    pub(crate) meter: Meter,
}

impl Speaker {
    pub(crate) fn new(sink: SpeakerSink, events: Events) -> Self {
        let told_lost = AtomicBool::new(false);
        Self { sink, inlet: Inlet::default(), events, told_lost, meter: Meter::default() }
    }

    /// Whether there is a device to keep.
    pub(crate) fn exists(&self) -> bool {
        self.sink != SpeakerSink::None
    }

    /// Takes decoded sound, as [`SOUND_CAPS`] says.
    pub(crate) fn take(&self, sample: &gst::Sample) {
        let (Some(mut buffer), Some(caps)) = (sample.buffer_owned(), sample.caps()) else { return };
        if let Ok(map) = buffer.map_readable() {
            self.meter.measure(&map);
        }
        // It is played as it comes; its time in the peer's pipeline means nothing here.
        buffer.make_mut().set_pts(gst::ClockTime::NONE);
        buffer.make_mut().set_dts(gst::ClockTime::NONE);
        self.inlet.push(buffer, caps);
    }
}

impl Kept for Speaker {
    fn what(&self) -> &'static str {
        WHAT
    }

    fn build(&self, _pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        // The peer's jitter buffer has evened the sound out. What a slow device leaves over 100 ms
        // is dropped, the older half first: late speech is worse than a click.
        let description = format!(
            "appsrc name=in is-live=true format=time do-timestamp=true max-buffers=10 \
             leaky-type=downstream caps={SOUND_CAPS} \
             ! queue leaky=downstream max-size-time=100000000 max-size-buffers=0 max-size-bytes=0 \
             ! audioconvert ! audioresample \
             ! alsasink name=sink sync=false buffer-time=40000 latency-time=10000"
        );
        let pipeline = launch(WHAT, &description)?;
        if let SpeakerSink::Alsa { device } = &self.sink {
            element::<gst::Element>(&pipeline, WHAT, "sink")?.set_property("device", device);
        }
        self.inlet.connect(element(&pipeline, WHAT, "in")?);
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        false
    }

    fn lost(&self) {
        self.told_lost.store(true, Ordering::Relaxed);
        (self.events)(MediaEvent::SpeakerLost);
    }

    fn back(&self) {
        if self.told_lost.swap(false, Ordering::Relaxed) {
            (self.events)(MediaEvent::SpeakerBack);
        }
    }
}
