//! The stethoscope: its own way from the card to the physician, and what its sound says of the heart.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use devices::heart_sound::{HeardRate, HeartSounds};

use crate::{
    MicrophoneSource, StethoscopeSource, capture::Microphone, encoder::SoundEncoder,
    fan_out::FanOut, studio::Events, timeline::Timeline, track::Track,
};

pub(crate) struct Stethoscope {
    pub(crate) capture: Arc<Microphone>,
    pub(crate) sound: Arc<SoundEncoder>,
    heart: Heart,
    fan_out: Arc<FanOut>,
}

impl Stethoscope {
    /// `None`: the cart has none.
    pub(crate) fn new(
        source: StethoscopeSource,
        timeline: Timeline,
        fan_out: &Arc<FanOut>,
        events: &Events,
    ) -> Option<Self> {
        let source = match source {
            // The card itself: every other name of ALSA's converts or mixes.
            StethoscopeSource::Card { name } => {
                MicrophoneSource::Alsa { device: format!("hw:CARD={name},DEV=0") }
            }
            StethoscopeSource::S16Tcp(peer) => MicrophoneSource::S16Tcp(peer),
            StethoscopeSource::None => return None,
        };
        let heart = Heart::default();
        let (track, listener) = (Track::Stethoscope, heart.clone());
        let listener = Box::new(move |sound: &[u8]| listener.hear(sound));
        let sound =
            Arc::new(SoundEncoder::new(track, timeline, Arc::clone(fan_out), Some(listener)));
        let capture = Microphone::new(track, source, Arc::clone(&sound), Arc::clone(events));
        Some(Self { capture: Arc::new(capture), sound, heart, fan_out: Arc::clone(fan_out) })
    }

    pub(crate) fn set_listening(&self, listening: bool) {
        // What the chest piece lay on before is not what is listened to now.
        self.heart.sounds().forget();
        self.fan_out.set_listening(listening);
    }

    pub(crate) fn heart_rate(&self) -> HeardRate {
        self.heart.sounds().rate()
    }
}

#[derive(Clone, Default)]
struct Heart(Arc<Mutex<HeartSounds>>);

impl Heart {
    fn hear(&self, s16le: &[u8]) {
        let (samples, _) = s16le.as_chunks::<2>();
        self.sounds().hear(samples.iter().map(|sample| i16::from_le_bytes(*sample)));
    }

    fn sounds(&self) -> MutexGuard<'_, HeartSounds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
