//! The one encoder of one sound: the room's or the stethoscope's.

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
    proof::Proof,
    timeline::{Timeline, stamp},
    track::Track,
};

/// Hears along, before anything is encoded.
pub(crate) trait Listener: Send + Sync {
    /// Signed 16-bit little-endian samples, and their time where the device gave them one: it goes on without a
    /// gap as long as nothing is lost.
    fn hear(&self, s16le: &[u8], time: Option<Duration>);

    /// The device is away. What comes next has other times, after a gap.
    fn lost(&self);
}

pub(crate) struct SoundEncoder {
    track: Track,
    listener: Option<Box<dyn Listener>>,
    timeline: Timeline,
    fan_out: Arc<FanOut>,
    inlet: Inlet,
    clock: Mutex<SoundClock>,
    muted: AtomicBool,
    pub(crate) meter: Meter,
    pub(crate) proof: Proof,
}

impl SoundEncoder {
    pub(crate) fn new(
        track: Track,
        timeline: Timeline,
        fan_out: Arc<FanOut>,
        listener: Option<Box<dyn Listener>>,
    ) -> Self {
        Self {
            track,
            listener,
            timeline,
            fan_out,
            inlet: Inlet::default(),
            clock: Mutex::default(),
            muted: AtomicBool::new(false),
            meter: Meter::default(),
            proof: Proof::default(),
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
        let Some(buffer) = sample.buffer() else { return };
        let Ok(map) = buffer.map_readable() else { return };
        self.meter.measure(&map);
        if let Some(listener) = &self.listener {
            let time = buffer.pts().map(|time| Duration::from_nanos(time.nseconds()));
            listener.hear(&map, time);
        }
        drop(map);
        if let Some(buffer) = sample.buffer_owned() {
            self.push(buffer, sample);
        }
    }

    /// The device gives nothing any more.
    pub(crate) fn device_lost(&self) {
        self.meter.clear();
        if let Some(listener) = &self.listener {
            listener.lost();
        }
    }

    /// As much silence as there is sound in the sample.
    pub(crate) fn silence(&self, sample: &gst::Sample) {
        let length = sample.buffer().map_or(0, gst::BufferRef::size);
        self.push(gst::Buffer::from_slice(vec![0u8; length]), sample);
    }

    fn push(&self, mut buffer: gst::Buffer, sample: &gst::Sample) {
        // Here, where the way to the physician begins that is the same for all of its sound.
        if let Some(tones) = self.proof.instead_of(buffer.size()) {
            buffer = gst::Buffer::from_slice(tones);
        }
        let (true, Some(caps)) = (self.fan_out.wants(self.track), sample.caps()) else { return };
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
        self.track.encoder()
    }

    fn build(&self, _pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        let what = self.what();
        let description = format!(
            "appsrc name=in is-live=true format=time max-buffers=10 leaky-type=downstream \
             caps={SOUND_CAPS} ! {} \
             ! appsink name=out sync=false async=false enable-last-sample=false",
            self.track.opus()
        );
        let pipeline = launch(what, &description)?;
        self.timeline.govern(&pipeline);
        let (track, fan_out) = (self.track, Arc::clone(&self.fan_out));
        each_sample(&element(&pipeline, what, "out")?, move |packet| fan_out.sound(track, packet));
        self.inlet.connect(element(&pipeline, what, "in")?);
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        false
    }

    fn lost(&self) {}

    fn back(&self) {}
}
