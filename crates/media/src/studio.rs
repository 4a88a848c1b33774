//! The whole of media behind one handle.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use clinical::{CallId, ExamCamera};
use hub_api::{CartOnChannel, Relays, Signal, View};

use crate::{
    FrameSlot, Levels, MediaConfig, MediaEvent, StillPicture,
    calls::{Calls, Order},
    capture::{Camera, CameraOutlets, ExamCameras, Microphone},
    encoder::{Codec, SoundEncoder, VideoEncoders},
    fan_out::FanOut,
    keeper::{Keeper, Kept},
    peer::Workshop,
    remote::Remote,
    requirements,
    scene::Scene,
    speaker::Speaker,
    stethoscope::Stethoscope,
    still,
    timeline::Timeline,
    track::Track,
};

mod examining;
mod listening;

/// Orders and news are carried out within milliseconds; so many waiting means a hung thread.
const WAITING_ORDERS: usize = 256;

pub(crate) type Events = Arc<dyn Fn(MediaEvent) + Send + Sync>;

/// Captures as long as it lives. Every question returns at once, except `still`; dropping it takes
/// the pipelines down and waits for that.
pub struct Studio {
    orders: SyncSender<Order>,
    calls: Option<JoinHandle<()>>,
    camera: Arc<Camera>,
    sound: Arc<SoundEncoder>,
    speaker: Arc<Speaker>,
    /// Keeps silence where there is no device to keep.
    _microphone: Arc<Microphone>,
    stethoscope: Option<Arc<Stethoscope>>,
    exam: Option<ExamCameras>,
    self_view: Arc<FrameSlot>,
    remote_view: Arc<FrameSlot>,
    /// Taken down after the calls, so that no peer sees its encoder go.
    _keepers: Vec<Keeper>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartStudioError {
    #[error("could not start GStreamer")]
    Gstreamer(#[from] gst::glib::Error),
    #[error("the GStreamer element `{element}` is missing (Debian: {package})")]
    MissingElement { element: &'static str, package: &'static str },
    #[error("could not start a media thread")]
    Thread(#[from] std::io::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum StillError {
    #[error("the camera is away")]
    CameraAway,
    #[error("could not encode the camera's picture: {reason}")]
    Encode { reason: String },
}

impl Studio {
    /// `events` is called on media threads; it must return at once and may call this studio.
    pub fn start(
        config: MediaConfig,
        events: impl Fn(MediaEvent) + Send + Sync + 'static,
    ) -> Result<Self, StartStudioError> {
        gst::init()?;
        let codec = requirements::check()?;
        let parts = Parts::new(config, codec, Arc::new(events));
        let keepers = parts.keep()?;
        let (orders, inbox) = sync_channel(WAITING_ORDERS);
        let calls = spawn(Calls::new(parts.workshop(orders.clone())), inbox)?;
        Ok(Self {
            orders,
            calls: Some(calls),
            camera: parts.camera,
            sound: parts.sound,
            speaker: parts.speaker,
            _microphone: parts.microphone,
            stethoscope: parts.stethoscope,
            exam: parts.exam,
            self_view: parts.self_view,
            remote_view: parts.remote_view,
            _keepers: keepers,
        })
    }

    /// Builds one peer connection ahead, so that `join` only has to send its offer. For the
    /// moment the ringing starts.
    pub fn prepare(&self) {
        self.order(Order::Prepare);
    }

    /// The call was answered: offers a peer connection, and another one whenever it breaks,
    /// until `leave`. Generations are numbered in here, above those of an earlier run. All of them may use these relays.
    pub fn join(&self, call: CallId, relays: Relays) {
        self.order(Order::Join(call, relays));
    }

    /// What the physician's browser signalled. Signals of another call are ignored.
    pub fn signal(&self, call: CallId, signal: Signal) {
        self.order(Order::Signal(call, signal));
    }

    /// The call is over, or ringing was taken back.
    pub fn leave(&self) {
        self.order(Order::Leave);
    }

    /// Says it on the data channel. Lost when none is open: it is of the moment.
    pub fn say(&self, message: &CartOnChannel) {
        self.order(Order::Say(message.clone()));
    }

    /// The newest picture of the room or of this exam camera. Takes some 50 ms at 1080p: not for the thread of the screen.
    pub fn still(&self, of: Option<ExamCamera>) -> Result<StillPicture, StillError> {
        let camera = match of {
            None => Some(&self.camera),
            Some(camera) => self.exam.as_ref().and_then(|exam| exam.get(camera)),
        };
        let newest = camera.and_then(|camera| camera.newest());
        still::encode(&newest.ok_or(StillError::CameraAway)?)
    }

    /// The part of the camera's picture that goes to the physician; the nearest that is within it. Stills and the self view stay whole.
    pub fn look(&self, view: View) {
        self.camera.set_view(view);
    }

    pub fn view(&self) -> View {
        self.camera.view()
    }

    /// The own camera or the slate, small, at most 15 frames a second.
    pub fn self_view(&self) -> Arc<FrameSlot> {
        Arc::clone(&self.self_view)
    }

    /// The physician. Empty outside of a call.
    pub fn remote_view(&self) -> Arc<FrameSlot> {
        Arc::clone(&self.remote_view)
    }

    pub fn levels(&self) -> Levels {
        Levels {
            microphone_dbfs: self.sound.meter.dbfs(),
            stethoscope_dbfs: self.stethoscope.as_ref().and_then(|one| one.sound.meter.dbfs()),
            physician_dbfs: self.speaker.meter.dbfs(),
            physician_sound_age: self.speaker.meter.age(),
        }
    }

    /// While muted the physician hears silence.
    pub fn set_muted(&self, microphone: bool) {
        self.sound.set_muted(microphone);
    }

    fn order(&self, order: Order) {
        match self.orders.try_send(order) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tracing::error!("The call thread hangs; lost an order"),
            Err(TrySendError::Disconnected(_)) => tracing::error!("The call thread is gone"),
        }
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // Waits for room: peers must close before their encoders do.
        if self.orders.send(Order::Stop).is_err() {
            tracing::error!("The call thread was gone already");
        }
        if self.calls.take().is_some_and(|calls| calls.join().is_err()) {
            tracing::error!("The call thread had panicked");
        }
    }
}

fn spawn(calls: Calls, inbox: Receiver<Order>) -> Result<JoinHandle<()>, std::io::Error> {
    std::thread::Builder::new().name("media-calls".to_owned()).spawn(move || calls.run(&inbox))
}

/// Everything between a device and a peer.
struct Parts {
    timeline: Timeline,
    events: Events,
    fan_out: Arc<FanOut>,
    video: Arc<VideoEncoders>,
    sound: Arc<SoundEncoder>,
    camera: Arc<Camera>,
    microphone: Arc<Microphone>,
    stethoscope: Option<Arc<Stethoscope>>,
    exam: Option<ExamCameras>,
    speaker: Arc<Speaker>,
    self_view: Arc<FrameSlot>,
    remote_view: Arc<FrameSlot>,
}

impl Parts {
    fn new(config: MediaConfig, codec: Codec, events: Events) -> Self {
        let timeline = Timeline::start();
        let fan_out = Arc::new(FanOut::default());
        let self_view: Arc<FrameSlot> = Arc::default();
        let video = Arc::new(VideoEncoders::new(Scene::Room, codec, &timeline, &fan_out));
        let encoder = SoundEncoder::new(Track::Room, timeline.clone(), Arc::clone(&fan_out), None);
        let sound = Arc::new(encoder);
        let to = CameraOutlets {
            scene: Scene::Room,
            encoders: Arc::clone(&video),
            small: Arc::clone(&self_view),
            events: Arc::clone(&events),
            lost: MediaEvent::CameraLost,
            back: MediaEvent::CameraBack,
        };
        let camera = Camera::of_the_room(config.camera, to);
        let exam = ExamCameras::new(config.exam_cameras, codec, &timeline, &fan_out, &events);
        let (source, events_of) = (config.microphone, Arc::clone(&events));
        let microphone = Microphone::new(Track::Room, source, Arc::clone(&sound), events_of);
        let stethoscope =
            Stethoscope::new(config.stethoscope, timeline.clone(), &fan_out, &events).map(Arc::new);
        Self {
            timeline,
            fan_out,
            video,
            sound,
            camera: Arc::new(camera),
            microphone: Arc::new(microphone),
            stethoscope,
            exam,
            speaker: Arc::new(Speaker::new(config.speaker, Arc::clone(&events))),
            events,
            self_view,
            remote_view: Arc::default(),
        }
    }

    /// Encoders first: what captures finds them running.
    fn keep(&self) -> Result<Vec<Keeper>, std::io::Error> {
        let exam = self.exam.iter();
        let encoders = self.video.all().chain(exam.clone().flat_map(|exam| exam.encoders().all()));
        let mut keepers = encoders.map(keep).collect::<Result<Vec<_>, _>>()?;
        keepers.extend([keep(&self.sound)?, keep(&self.camera)?]);
        for camera in exam.flat_map(ExamCameras::cameras) {
            keepers.push(keep(camera)?);
        }
        if self.microphone.exists() {
            keepers.push(keep(&self.microphone)?);
        }
        if let Some(stethoscope) = &self.stethoscope {
            keepers.extend([keep(&stethoscope.sound)?, keep(&stethoscope.capture)?]);
        }
        if self.speaker.exists() {
            keepers.push(keep(&self.speaker)?);
        }
        Ok(keepers)
    }

    fn workshop(&self, news: SyncSender<Order>) -> Workshop {
        let remote = Remote::new(
            Arc::clone(&self.remote_view),
            Arc::clone(&self.speaker),
            Arc::clone(&self.events),
        );
        Workshop {
            timeline: self.timeline.clone(),
            room: Arc::clone(&self.video),
            exam: self.exam.as_ref().map(|exam| Arc::clone(exam.encoders())),
            has_stethoscope: self.stethoscope.is_some(),
            fan_out: Arc::clone(&self.fan_out),
            remote: Arc::new(remote),
            events: Arc::clone(&self.events),
            news,
        }
    }
}

fn keep(kept: &Arc<impl Kept>) -> Result<Keeper, std::io::Error> {
    Keeper::start(Arc::clone(kept))
}
