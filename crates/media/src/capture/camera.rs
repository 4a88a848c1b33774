//! A camera: small and 720p pictures as they come, the full one for whoever asks.
//!
//! The room's is captured as long as the program lives. An exam camera's light burns and its picture takes a part of the
//! processor, so it is opened while somebody looks through it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use hub_api::View;

use super::{crop, heads, lock, picture_tail, slate::Slate};
use crate::{
    CameraSource, FrameSlot, MediaEvent,
    encoder::VideoEncoders,
    keeper::{Kept, Pulse},
    pipeline::{BuildError, each_sample, element, launch},
    scene::Scene,
    studio::Events,
};

/// Where a camera's pictures go, and what is told of it.
pub(crate) struct CameraOutlets {
    pub(crate) scene: Scene,
    pub(crate) encoders: Arc<VideoEncoders>,
    pub(crate) small: Arc<FrameSlot>,
    pub(crate) events: Events,
    pub(crate) lost: MediaEvent,
    pub(crate) back: MediaEvent,
}

pub(crate) struct Camera {
    source: CameraSource,
    to: CameraOutlets,
    wanted: Arc<AtomicBool>,
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
    pub(crate) fn of_the_room(source: CameraSource, to: CameraOutlets) -> Self {
        let camera = Self::new(source, to, true);
        camera.show_slate();
        camera
    }

    /// Rests until it is wanted.
    pub(crate) fn held_to_the_body(source: CameraSource, to: CameraOutlets) -> Self {
        Self::new(source, to, false)
    }

    fn new(source: CameraSource, to: CameraOutlets, wanted: bool) -> Self {
        Self {
            source,
            to,
            wanted: Arc::new(AtomicBool::new(wanted)),
            works: Arc::default(),
            newest: Arc::default(),
            view: Arc::new(Mutex::new(View::WHOLE)),
            slate: Mutex::default(),
            borrowed: Mutex::default(),
            told_lost: AtomicBool::new(false),
        }
    }

    /// From the moment it is not, none of its pictures is taken for one of now.
    pub(crate) fn set_wanted(&self, wanted: bool) {
        self.wanted.store(wanted, Ordering::Release);
        if !wanted {
            self.works.store(false, Ordering::Release);
            *lock(&self.newest) = None;
        }
    }

    /// The newest picture at full resolution; `None` while the camera is away or rests.
    pub(crate) fn newest(&self) -> Option<gst::Sample> {
        lock(&self.newest).clone()
    }

    /// It is wanted and gives no picture: neither before the first one nor while it rests.
    pub(crate) fn is_away(&self) -> bool {
        self.told_lost.load(Ordering::Relaxed)
    }

    /// What is sent now: nothing is cut out of the slate.
    pub(crate) fn view(&self) -> View {
        if self.works.load(Ordering::Acquire) { *lock(&self.view) } else { View::WHOLE }
    }

    pub(crate) fn set_view(&self, view: View) {
        *lock(&self.view) = view.within_the_picture();
    }

    fn show_slate(&self) {
        let (works, wanted) = (Arc::clone(&self.works), Arc::clone(&self.wanted));
        let goes_on = move || wanted.load(Ordering::Acquire) && !works.load(Ordering::Acquire);
        match Slate::show(self.to.scene, &self.to.encoders, &self.to.small, goes_on) {
            Ok(slate) => *lock(&self.slate) = Some(slate),
            // The call goes on with the last picture, which the kiosk marks as frozen.
            Err(error) => tracing::error!(%error, "No slate"),
        }
    }
}

impl Kept for Camera {
    fn what(&self) -> &'static str {
        self.to.scene.camera()
    }

    fn build(&self, pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        let what = self.what();
        let description = format!(
            "{} {} picture. ! appsink name=full sync=false async=false \
             enable-last-sample=false max-buffers=1 drop=true",
            heads::camera(&self.source),
            picture_tail::tail(self.to.scene)
        );
        let pipeline = launch(what, &description)?;
        *lock(&self.borrowed) = heads::aim_camera(&pipeline, what, &self.source)?;
        let wanted = Arc::clone(&self.wanted);
        let goes_on = move || wanted.load(Ordering::Acquire);
        picture_tail::connect(&pipeline, what, &self.to.encoders, &self.to.small, goes_on.clone())?;
        let view = Arc::clone(&self.view);
        crop::follow(&element(&pipeline, what, "view")?, what, move || *lock(&view))?;
        let (pulse, works) = (Arc::clone(pulse), Arc::clone(&self.works));
        let newest = Arc::clone(&self.newest);
        each_sample(&element(&pipeline, what, "full")?, move |picture| {
            pulse.beat();
            if goes_on() {
                works.store(true, Ordering::Release);
                *lock(&newest) = Some(picture.clone());
            }
        });
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        true
    }

    fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    fn rested(&self) {
        drop(lock(&self.slate).take());
        *lock(&self.newest) = None;
        self.told_lost.store(false, Ordering::Relaxed);
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
        (self.to.events)(self.to.lost.clone());
    }

    fn back(&self) {
        drop(lock(&self.slate).take());
        if self.told_lost.swap(false, Ordering::Relaxed) {
            (self.to.events)(self.to.back.clone());
        }
    }
}
