//! The room camera: small and 720p pictures as they come, the full one for whoever asks.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use hub_api::View;

use super::{
    crop, heads, lock,
    picture_tail::{self, TAIL},
    slate::Slate,
};
use crate::{
    CameraSource, FrameSlot, MediaEvent,
    encoder::VideoEncoders,
    keeper::{Kept, Pulse},
    pipeline::{BuildError, each_sample, element, launch},
    studio::Events,
};

const WHAT: &str = "camera";

pub(crate) struct Camera {
    source: CameraSource,
    encoders: Arc<VideoEncoders>,
    self_view: Arc<FrameSlot>,
    events: Events,
    /// Set by the camera's first picture, so that none of the slate comes between two of it.
    works: Arc<AtomicBool>,
    newest: Arc<Mutex<Option<gst::Sample>>>,
    /// What of it the physician sees.
    view: Arc<Mutex<View>>,
    slate: Mutex<Option<Slate>>,
    /// The pipeline before has stopped when the next one is built.
    borrowed: Mutex<heads::Borrowed>,
    told_lost: AtomicBool,
}

impl Camera {
    /// The slate is there from the beginning, so that a call can begin without a camera.
    pub(crate) fn new(
        source: CameraSource,
        encoders: Arc<VideoEncoders>,
        self_view: Arc<FrameSlot>,
        events: Events,
    ) -> Self {
        let camera = Self {
            source,
            encoders,
            self_view,
            events,
            works: Arc::default(),
            newest: Arc::default(),
            view: Arc::new(Mutex::new(View::WHOLE)),
            slate: Mutex::default(),
            borrowed: Mutex::default(),
            told_lost: AtomicBool::new(false),
        };
        camera.show_slate();
        camera
    }

    /// The newest picture at full resolution; `None` while the camera is away.
    pub(crate) fn newest(&self) -> Option<gst::Sample> {
        lock(&self.newest).clone()
    }

    /// What is sent now: nothing is cut out of the slate.
    pub(crate) fn view(&self) -> View {
        if self.works.load(Ordering::Acquire) { *lock(&self.view) } else { View::WHOLE }
    }

    pub(crate) fn set_view(&self, view: View) {
        *lock(&self.view) = view.within_the_picture();
    }

    fn show_slate(&self) {
        match Slate::show(&self.encoders, &self.self_view, &self.works) {
            Ok(slate) => *lock(&self.slate) = Some(slate),
            // The call goes on with the last picture, which the kiosk marks as frozen.
            Err(error) => tracing::error!(%error, "No slate"),
        }
    }
}

impl Kept for Camera {
    fn what(&self) -> &'static str {
        WHAT
    }

    fn build(&self, pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        let description = format!(
            "{} {TAIL} picture. ! appsink name=full sync=false async=false \
             enable-last-sample=false max-buffers=1 drop=true",
            heads::camera(&self.source)
        );
        let pipeline = launch(WHAT, &description)?;
        *lock(&self.borrowed) = heads::aim_camera(&pipeline, WHAT, &self.source)?;
        picture_tail::connect(&pipeline, WHAT, &self.encoders, &self.self_view, || true)?;
        let view = Arc::clone(&self.view);
        crop::follow(&element(&pipeline, WHAT, "view")?, WHAT, move || *lock(&view))?;
        let (pulse, works) = (Arc::clone(pulse), Arc::clone(&self.works));
        let newest = Arc::clone(&self.newest);
        each_sample(&element(&pipeline, WHAT, "full")?, move |picture| {
            works.store(true, Ordering::Release);
            *lock(&newest) = Some(picture.clone());
            pulse.beat();
        });
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        true
    }

    fn starts_over(&self) -> bool {
        matches!(self.source, CameraSource::File { .. })
    }

    fn lost(&self) {
        self.works.store(false, Ordering::Release);
        *lock(&self.newest) = None;
        if lock(&self.slate).is_none() {
            self.show_slate();
        }
        self.told_lost.store(true, Ordering::Relaxed);
        (self.events)(MediaEvent::CameraLost);
    }

    fn back(&self) {
        drop(lock(&self.slate).take());
        if self.told_lost.swap(false, Ordering::Relaxed) {
            (self.events)(MediaEvent::CameraBack);
        }
    }
}
