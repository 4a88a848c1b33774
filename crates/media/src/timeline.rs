//! The one clock of all pipelines, so that a moment means the same in each of them.
//!
//! A picture goes through three pipelines (camera, encoder, peer). The camera's own times are worth
//! nothing outside of it (a file starts at 0, a TCP stream counts frames), so a picture gets its time
//! when it leaves the camera, in the running time that all other pipelines share.

use gst::prelude::*;

#[derive(Clone)]
pub(crate) struct Timeline {
    clock: gst::Clock,
    base: gst::ClockTime,
}

impl Timeline {
    pub(crate) fn start() -> Self {
        let clock = gst::SystemClock::obtain();
        let base = clock.time();
        Self { clock, base }
    }

    /// The running time of every governed pipeline.
    pub(crate) fn now(&self) -> gst::ClockTime {
        self.clock.time().saturating_sub(self.base)
    }

    /// Must come before the pipeline plays.
    pub(crate) fn govern(&self, pipeline: &gst::Pipeline) {
        pipeline.use_clock(Some(&self.clock));
        pipeline.set_start_time(gst::ClockTime::NONE);
        pipeline.set_base_time(self.base);
    }
}

/// The buffer of a sample with its time as running time. `None` for a sample without a time.
///
/// x264enc shifts its times by 1000 hours and repairs that in the segment; a buffer that went on
/// without this would wait for ever in the next pipeline.
pub(crate) fn in_running_time(sample: &gst::Sample) -> Option<gst::Buffer> {
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let mut buffer = sample.buffer_owned()?;
    let time = segment.to_running_time(buffer.pts()?)?;
    stamp(&mut buffer, time);
    Some(buffer)
}

pub(crate) fn stamp(buffer: &mut gst::Buffer, time: gst::ClockTime) {
    let buffer = buffer.make_mut();
    buffer.set_pts(time);
    buffer.set_dts(gst::ClockTime::NONE);
    buffer.set_duration(gst::ClockTime::NONE);
}
