//! Encodes once, for all viewers of a format: two encoders for the room's picture, one for its sound.
//!
//! Knows neither cameras nor peers: raw pieces come in, [`FanOut`](crate::fan_out::FanOut) takes
//! what comes out. A viewer more costs a payloader and its encryption, no second encoder.

mod choice;
mod codec;
mod helm;
mod key_wish;
mod scale;
mod sound;
mod sound_clock;
mod video;

use std::sync::{Mutex, PoisonError};

pub(crate) use choice::VideoEncoders;
pub(crate) use codec::Codec;
pub(crate) use sound::{Listener, SoundEncoder};
pub(crate) use video::VideoEncoder;

/// Sound as it goes between our pipelines.
pub(crate) const SOUND_CAPS: &str =
    "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1";

/// Where pieces enter a pipeline that may be away at the moment.
#[derive(Default)]
pub(crate) struct Inlet {
    source: Mutex<Option<gst_app::AppSrc>>,
}

impl Inlet {
    pub(crate) fn connect(&self, source: gst_app::AppSrc) {
        *self.source.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }

    /// Never blocks. What comes while the pipeline is away or stopping is of the moment and lost.
    pub(crate) fn push(&self, buffer: gst::Buffer, caps: &gst::CapsRef) {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(source) = source else { return };
        let sample = gst::Sample::builder().buffer(&buffer).caps(&caps.to_owned()).build();
        if let Err(error) = source.push_sample(&sample) {
            tracing::trace!(%error, "A pipeline takes nothing now");
        }
    }
}
