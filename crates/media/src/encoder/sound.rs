//! The one encoder of the room's sound.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Inlet, SOUND_CAPS, sound_clock::SoundClock};
use crate::{
    fan_out::FanOut,
    keeper::{Kept, Pulse},
    loudness::Meter,
    pipeline::{BuildError, each_sample, element, launch},
    timeline::{Timeline, stamp},
};

const WHAT: &str = "sound encoder";

pub(crate) struct SoundEncoder {
    timeline: Timeline,
    fan_out: Arc<FanOut>,
    inlet: Inlet,
    clock: Mutex<SoundClock>,
    muted: AtomicBool,
    pub(crate) meter: Meter,
}

impl SoundEncoder {
    pub(crate) fn new(timeline: Timeline, fan_out: Arc<FanOut>) -> Self {
        Self {
            timeline,
            fan_out,
            inlet: Inlet::default(),
            clock: Mutex::default(),
            muted: AtomicBool::new(false),
            meter: Meter::default(),
        }
    }

    pub(crate) fn set_muted(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    /// Takes sound of the microphone, as [`SOUND_CAPS`] says.
    pub(crate) fn take(&self, sample: &gst::Sample) {
        if self.muted.load(Ordering::Relaxed) {
            self.meter.clear();
            self.silence(sample);
            return;
        }
        let Some(map) = sample.buffer().and_then(|buffer| buffer.map_readable().ok()) else {
            return;
        };
        self.meter.measure(&map);
        drop(map);
        if let Some(buffer) = sample.buffer_owned() {
            self.push(buffer, sample);
        }
    }

    /// As much silence as there is sound in the sample.
    pub(crate) fn silence(&self, sample: &gst::Sample) {
        let length = sample.buffer().map_or(0, gst::BufferRef::size);
        self.push(gst::Buffer::from_slice(vec![0u8; length]), sample);
    }

    fn push(&self, mut buffer: gst::Buffer, sample: &gst::Sample) {
        let (true, Some(caps)) = (self.fan_out.is_wanted(), sample.caps()) else { return };
        let samples = buffer.size() as u64 / 2;
        let now = Duration::from_nanos(self.timeline.now().nseconds());
        let time = self.clock.lock().unwrap_or_else(PoisonError::into_inner).stamp(now, samples);
        if let Some(time) = time {
            // Running time of a cart that has been up for 584 years does not fit.
            stamp(&mut buffer, gst::ClockTime::from_nseconds(time.as_nanos() as u64));
            self.inlet.push(buffer, caps);
        }
    }
}

impl Kept for SoundEncoder {
    fn what(&self) -> &'static str {
        WHAT
    }

    fn build(&self, _pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        // Speech at 64 kb/s and 20 ms; in-band FEC repairs single losses without a round trip.
        let description = format!(
            "appsrc name=in is-live=true format=time max-buffers=10 leaky-type=downstream \
             caps={SOUND_CAPS} \
             ! opusenc audio-type=generic bitrate=64000 frame-size=20 dtx=false inband-fec=true \
             packet-loss-percentage=5 \
             ! appsink name=out sync=false async=false enable-last-sample=false"
        );
        let pipeline = launch(WHAT, &description)?;
        self.timeline.govern(&pipeline);
        let fan_out = Arc::clone(&self.fan_out);
        each_sample(&element(&pipeline, WHAT, "out")?, move |packet| fan_out.sound(packet));
        self.inlet.connect(element(&pipeline, WHAT, "in")?);
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        false
    }

    fn lost(&self) {}

    fn back(&self) {}
}
