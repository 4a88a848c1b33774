//! A studio, the physicians it talks to, and the hub between them, which is this file.

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

use clinical::CallId;
use hub_api::{Relays, Signal};
use media::{
    ExamCameraSource, MediaConfig, MediaEvent, MicrophoneSource, SpeakerSink, StethoscopeSource,
    Studio,
};

use crate::physician::{Physician, Seen};

/// Far above what anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What Firefox answers to a picture of which it does not know the format, as far as it matters here.
const REFUSAL: &str = "v=0\r\no=mozilla 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
    m=video 0 UDP/TLS/RTP/SAVPF 120\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:video0\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=mid:audio1\r\n";

#[derive(Clone, Debug)]
pub enum Happening {
    Told(MediaEvent),
    FromBrowser(Signal),
    Seen(Seen),
}

pub struct World {
    pub studio: Studio,
    pub call: CallId,
    /// Whether the physician's browser does. A test says otherwise before it joins.
    pub knows_h264: bool,
    /// None, unless a test says otherwise before it joins.
    pub relays: Relays,
    /// Newest last.
    pub physicians: Vec<Physician>,
    happen: Sender<Happening>,
    happened: Receiver<Happening>,
    log: Vec<Happening>,
}

/// Waits until it is there. For what nobody tells: it is looked at every few milliseconds.
pub fn eventually<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn only(camera: &str) -> MediaConfig {
    MediaConfig {
        camera: camera.parse().unwrap(),
        microphone: MicrophoneSource::None,
        speaker: SpeakerSink::None,
        stethoscope: StethoscopeSource::None,
        exam_cameras: Vec::new(),
    }
}

impl World {
    pub fn new(camera: &str, microphone: &str) -> Self {
        Self::with_stethoscope(camera, microphone, "none")
    }

    pub fn with_stethoscope(camera: &str, microphone: &str, stethoscope: &str) -> Self {
        Self::with(MediaConfig {
            microphone: microphone.parse().unwrap(),
            stethoscope: stethoscope.parse().unwrap(),
            ..only(camera)
        })
    }

    pub fn with_exam_cameras(camera: &str, exam_cameras: Vec<ExamCameraSource>) -> Self {
        Self::with(MediaConfig { exam_cameras, ..only(camera) })
    }

    fn with(config: MediaConfig) -> Self {
        gst::init().unwrap();
        let (happen, happened) = channel();
        let tell = happen.clone();
        // After the end of a test nobody listens, and that is fine.
        let events = move |event| tell.send(Happening::Told(event)).unwrap_or(());
        let studio = Studio::start(config, events).unwrap();
        let call = CallId::new(uuid::Uuid::from_u128(7));
        Self {
            studio,
            call,
            knows_h264: true,
            relays: Relays::default(),
            physicians: Vec::new(),
            happen,
            happened,
            log: Vec::new(),
        }
    }

    /// Prepares, joins, and waits until the physician sees the room's clock.
    pub fn in_call(mut self) -> Self {
        self.studio.join(self.call, self.relays.clone());
        self.shown("the room", |clock, _| clock.is_some());
        self
    }

    /// Joins, and waits for any picture at the physician's.
    pub fn in_call_with_anything(mut self) -> Self {
        self.studio.join(self.call, self.relays.clone());
        self.shown("anything", |_, _| true);
        self
    }

    /// Carries signals until something of this kind happens, and returns it.
    pub fn until<T>(&mut self, what: &str, found: impl Fn(&Happening) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(happening) = self.happened.recv_timeout(left) else {
                let log: Vec<_> = self.log.iter().rev().take(12).collect();
                panic!("no {what} within {PATIENCE:?}; newest first: {log:#?}");
            };
            self.carry(&happening);
            self.log.push(happening.clone());
            if let Some(found) = found(&happening) {
                return found;
            }
        }
    }

    pub fn told(&mut self, event: &MediaEvent) {
        self.until(&format!("{event:?}"), |happening| {
            matches!(happening, Happening::Told(told) if told == event).then_some(())
        });
    }

    pub fn seen<T>(&mut self, what: &str, found: impl Fn(&Seen) -> Option<T>) -> T {
        self.until(what, |happening| match happening {
            Happening::Seen(seen) => found(seen),
            _ => None,
        })
    }

    /// Waits for a picture of the room at the physician's, by its clock and its brightness in the middle.
    pub fn shown(&mut self, what: &str, found: impl Fn(Option<u32>, u8) -> bool) -> Seen {
        self.seen(what, |seen| match seen {
            Seen::Shown { exam: false, clock, middle, .. } if found(*clock, *middle) => {
                Some(seen.clone())
            }
            _ => None,
        })
    }

    /// Waits until the cart has offered so many generations.
    pub fn offers(&mut self, count: usize) {
        let mut made = 0;
        while made < count {
            self.until("offer", |happening| {
                matches!(
                    happening,
                    Happening::Told(MediaEvent::Signal { signal: Signal::Offer { .. }, .. })
                )
                .then_some(())
            });
            made += 1;
        }
    }

    /// The ways to it that the cart has told so far.
    pub fn candidates_of_cart(&self) -> Vec<String> {
        let told = self.log.iter().filter_map(|happening| match happening {
            Happening::Told(MediaEvent::Signal {
                signal: Signal::Ice { candidate, .. }, ..
            }) => Some(candidate.clone()),
            _ => None,
        });
        told.filter(|candidate| !candidate.is_empty()).collect()
    }

    pub fn has_seen(&self, found: impl Fn(&Seen) -> bool) -> bool {
        self.log.iter().any(|happening| matches!(happening, Happening::Seen(seen) if found(seen)))
    }

    /// Everything that has happened so far.
    pub fn log(&self) -> &[Happening] {
        &self.log
    }

    fn carry(&mut self, happening: &Happening) {
        match happening {
            Happening::Told(MediaEvent::Signal { call, signal }) => {
                assert_eq!(*call, self.call);
                self.reach_browser(signal);
            }
            Happening::FromBrowser(signal) => self.studio.signal(self.call, signal.clone()),
            Happening::Told(_) | Happening::Seen(_) => {}
        }
    }

    fn reach_browser(&mut self, signal: &Signal) {
        match signal {
            Signal::Offer { generation, sdp } if !self.knows_h264 && sdp.contains("H264/90000") => {
                let answer = Signal::Answer { generation: *generation, sdp: REFUSAL.to_owned() };
                self.studio.signal(self.call, answer);
            }
            Signal::Offer { generation, sdp } => {
                self.physicians.push(Physician::answer(*generation, sdp, self.happen.clone()));
            }
            Signal::Ice { generation, mline, candidate } => {
                let physician = self.physicians.iter().find(|p| p.generation == *generation);
                match physician {
                    Some(physician) => physician.candidate(*mline, candidate),
                    None => assert!(!self.knows_h264, "the offer comes first"),
                }
            }
            other => panic!("a cart does not send {other:?}"),
        }
    }
}
