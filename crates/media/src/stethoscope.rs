//! The stethoscope: its own way from the card to the physician, what its sound says of the heart, and what of it
//! can be kept.

use std::{
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use devices::heart_sound::{HeardRate, HeartSounds};

use crate::{
    MicrophoneSource, StethoscopeSource,
    capture::Microphone,
    encoder::{Listener, SoundEncoder},
    fan_out::FanOut,
    studio::Events,
    timeline::Timeline,
    track::Track,
    wav::wav,
};

mod memory;

use memory::Memory;

pub(crate) struct Stethoscope {
    pub(crate) capture: Arc<Microphone>,
    pub(crate) sound: Arc<SoundEncoder>,
    hearing: Arc<Hearing>,
    fan_out: Arc<FanOut>,
}

/// What was heard at one place, half a minute of it at most.
#[derive(Clone, PartialEq, Eq)]
pub struct HeardSound {
    /// 48 kHz, mono, 16 bits.
    pub wav: Vec<u8>,
    pub length: Duration,
    /// From the first sample, where silence stands for what did not come. In order and apart from each other.
    pub gaps: Vec<Range<Duration>>,
    /// How long ago the first sample was heard.
    pub since: Duration,
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
        let hearing = Arc::new(Hearing::new(timeline.clone()));
        let (track, listener) = (Track::Stethoscope, Box::new(Arc::clone(&hearing)));
        let sound =
            Arc::new(SoundEncoder::new(track, timeline, Arc::clone(fan_out), Some(listener)));
        let capture = Microphone::new(track, source, Arc::clone(&sound), Arc::clone(events));
        Some(Self { capture: Arc::new(capture), sound, hearing, fan_out: Arc::clone(fan_out) })
    }

    /// Said again, it changes nothing.
    pub(crate) fn set_listening(&self, listening: bool) {
        if self.hearing.listening.swap(listening, Ordering::Relaxed) != listening {
            // What the chest piece lay on before is not what is listened to now.
            self.hearing.begin_anew();
        }
        self.fan_out.set_listening(listening);
    }

    pub(crate) fn begin_anew(&self) {
        self.hearing.begin_anew();
    }

    pub(crate) fn heart_rate(&self) -> HeardRate {
        lock(&self.hearing.heart).rate()
    }

    pub(crate) fn heard_for(&self) -> Duration {
        lock(&self.hearing.memory).length()
    }

    pub(crate) fn heard(&self) -> Option<HeardSound> {
        let memory = lock(&self.hearing.memory);
        let remembered = memory.remembered(self.hearing.now())?;
        let samples = remembered.samples.iter().copied();
        let (gaps, since) = (remembered.gaps, remembered.since);
        Some(HeardSound { wav: wav(samples), length: memory.length(), gaps, since })
    }
}

/// Listens along on the thread of the capture.
struct Hearing {
    timeline: Timeline,
    heart: Mutex<HeartSounds>,
    memory: Mutex<Memory>,
    /// Nothing is remembered while nobody listens.
    listening: AtomicBool,
}

impl Hearing {
    fn new(timeline: Timeline) -> Self {
        let listening = AtomicBool::new(false);
        Self { timeline, heart: Mutex::default(), memory: Mutex::default(), listening }
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.timeline.now().nseconds())
    }

    fn begin_anew(&self) {
        lock(&self.heart).forget();
        lock(&self.memory).forget();
    }
}

impl Listener for Arc<Hearing> {
    fn hear(&self, s16le: &[u8], time: Option<Duration>) {
        let (samples, _) = s16le.as_chunks::<2>();
        let samples = samples.iter().map(|sample| i16::from_le_bytes(*sample));
        lock(&self.heart).hear(samples.clone());
        if self.listening.load(Ordering::Relaxed) {
            lock(&self.memory).hear(samples, time, self.now());
        }
    }

    fn lost(&self) {
        lock(&self.memory).lost();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
