//! The room microphone or the stethoscope, or silence in its place.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use gst::prelude::*;

use super::{heads, lock};
use crate::{
    MicrophoneSource,
    encoder::{SOUND_CAPS, SoundEncoder},
    keeper::{Kept, Pulse},
    pipeline::{BuildError, each_sample, element, launch, retire},
    studio::Events,
    track::Track,
};

const END: &str = "appsink name=out sync=false async=false enable-last-sample=false \
                   max-buffers=20 drop=true";

pub(crate) struct Microphone {
    track: Track,
    source: MicrophoneSource,
    encoder: Arc<SoundEncoder>,
    events: Events,
    works: Arc<AtomicBool>,
    silence: Mutex<Option<Silence>>,
    /// The pipeline before has stopped when the next one is built.
    borrowed: Mutex<heads::Borrowed>,
    told_lost: AtomicBool,
}

impl Microphone {
    pub(crate) fn new(
        track: Track,
        source: MicrophoneSource,
        encoder: Arc<SoundEncoder>,
        events: Events,
    ) -> Self {
        let microphone = Self {
            track,
            source,
            encoder,
            events,
            works: Arc::default(),
            silence: Mutex::default(),
            borrowed: Mutex::default(),
            told_lost: AtomicBool::new(false),
        };
        microphone.keep_silence();
        microphone
    }

    /// Whether there is a device to keep.
    pub(crate) fn exists(&self) -> bool {
        self.source != MicrophoneSource::None
    }

    fn keep_silence(&self) {
        match Silence::keep(&self.encoder, &self.works) {
            Ok(silence) => *lock(&self.silence) = Some(silence),
            // The physician hears nothing either way.
            Err(error) => tracing::error!(%error, "No silence"),
        }
    }
}

impl Kept for Microphone {
    fn what(&self) -> &'static str {
        self.track.what()
    }

    fn build(&self, pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        let what = self.what();
        let missing = BuildError::Missing { what, element: "source" };
        let head = heads::microphone(&self.source).ok_or(missing)?;
        let description = format!("{head} ! audioconvert ! audioresample ! {SOUND_CAPS} ! {END}");
        let pipeline = launch(what, &description)?;
        *lock(&self.borrowed) = heads::aim_microphone(&pipeline, what, &self.source)?;
        let (pulse, works) = (Arc::clone(pulse), Arc::clone(&self.works));
        let encoder = Arc::clone(&self.encoder);
        each_sample(&element(&pipeline, what, "out")?, move |sound| {
            works.store(true, Ordering::Release);
            pulse.beat();
            encoder.take(sound);
        });
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        true
    }

    fn starts_over(&self) -> bool {
        matches!(self.source, MicrophoneSource::File { .. })
    }

    fn lost(&self) {
        self.works.store(false, Ordering::Release);
        self.encoder.device_lost();
        if lock(&self.silence).is_none() {
            self.keep_silence();
        }
        self.told_lost.store(true, Ordering::Relaxed);
        (self.events)(self.track.lost());
    }

    fn back(&self) {
        drop(lock(&self.silence).take());
        if self.told_lost.swap(false, Ordering::Relaxed) {
            (self.events)(self.track.back());
        }
    }
}

/// Feeds silence as long as it lives: a peer needs sound to make its offer, and a browser takes
/// a stream that stops for a broken one.
struct Silence {
    pipeline: gst::Pipeline,
}

impl Silence {
    fn keep(encoder: &Arc<SoundEncoder>, works: &Arc<AtomicBool>) -> Result<Self, BuildError> {
        let description = format!(
            "audiotestsrc wave=silence is-live=true samplesperbuffer=960 ! {SOUND_CAPS} ! {END}"
        );
        let silence = Self { pipeline: launch("silence", &description)? };
        let (encoder, works) = (Arc::clone(encoder), Arc::clone(works));
        each_sample(&element(&silence.pipeline, "silence", "out")?, move |sound| {
            if !works.load(Ordering::Acquire) {
                encoder.silence(sound);
            }
        });
        silence.pipeline.set_state(gst::State::Playing).map_err(|error| BuildError::Refused {
            what: "silence",
            attempt: "play",
            source: gst::glib::bool_error!("{error}"),
        })?;
        Ok(silence)
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        retire("silence", &self.pipeline);
    }
}
