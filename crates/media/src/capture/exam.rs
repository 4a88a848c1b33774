//! The exam cameras of a cart, of which one at most is looked through.

use std::sync::Arc;

use clinical::ExamCamera;

use super::{Camera, CameraOutlets};
use crate::{
    ExamCameraSource, FrameSlot, MediaEvent,
    encoder::{Codec, VideoEncoders},
    fan_out::FanOut,
    scene::Scene,
    studio::Events,
    timeline::Timeline,
};

pub(crate) struct ExamCameras {
    cameras: Vec<(ExamCamera, Arc<Camera>)>,
    encoders: Arc<VideoEncoders>,
    fan_out: Arc<FanOut>,
    small: Arc<FrameSlot>,
}

impl ExamCameras {
    /// `None` on a cart without any: then no peer has a line for them.
    pub(crate) fn new(
        sources: Vec<ExamCameraSource>,
        best: Codec,
        timeline: &Timeline,
        fan_out: &Arc<FanOut>,
        events: &Events,
    ) -> Option<Self> {
        let (encoders, small) = (
            Arc::new(VideoEncoders::new(Scene::Exam, best, timeline, fan_out)),
            Arc::<FrameSlot>::default(),
        );
        let mut cameras: Vec<(ExamCamera, Arc<Camera>)> = Vec::new();
        for ExamCameraSource { camera, source } in sources {
            if cameras.iter().any(|(known, _)| *known == camera) {
                tracing::warn!(?camera, "Two cameras of one kind: the first counts");
                continue;
            }
            let to = CameraOutlets {
                scene: Scene::Exam,
                encoders: Arc::clone(&encoders),
                small: Arc::clone(&small),
                events: Arc::clone(events),
                lost: MediaEvent::ExamCameraLost(camera),
                back: MediaEvent::ExamCameraBack(camera),
            };
            cameras.push((camera, Arc::new(Camera::held_to_the_body(source, to))));
        }
        let fan_out = Arc::clone(fan_out);
        (!cameras.is_empty()).then_some(Self { cameras, encoders, fan_out, small })
    }

    /// The one that is looked through from now on. The picture begins with a key frame of this camera: none of another
    /// camera's, and so of another place of the body, is taken for it.
    pub(crate) fn look_through(&self, wanted: Option<ExamCamera>) {
        for (camera, hand) in self.cameras.iter().filter(|(camera, _)| Some(*camera) != wanted) {
            hand.set_wanted(false);
            tracing::debug!(?camera, "Rests");
        }
        let chosen = wanted.and_then(|camera| self.get(camera));
        self.small.clear();
        self.fan_out.set_examined(chosen.is_some());
        if let Some(camera) = chosen {
            self.encoders.begin_anew();
            camera.set_wanted(true);
        }
    }

    /// `None`: this cart has no such camera.
    pub(crate) fn get(&self, wanted: ExamCamera) -> Option<&Arc<Camera>> {
        let found = self.cameras.iter().find(|(camera, _)| *camera == wanted);
        found.map(|(_, hand)| hand)
    }

    pub(crate) fn names(&self) -> Vec<ExamCamera> {
        self.cameras.iter().map(|(camera, _)| *camera).collect()
    }

    /// Of the one that is looked through, for the screen of who holds it.
    pub(crate) fn small(&self) -> &Arc<FrameSlot> {
        &self.small
    }

    pub(crate) fn encoders(&self) -> &Arc<VideoEncoders> {
        &self.encoders
    }

    pub(crate) fn cameras(&self) -> impl Iterator<Item = &Arc<Camera>> {
        self.cameras.iter().map(|(_, hand)| hand)
    }
}
