//! What a studio does with exam cameras. Nothing of it does anything on a cart without one.

use std::sync::Arc;

use clinical::ExamCamera;

use super::Studio;
use crate::FrameSlot;

impl Studio {
    /// Those that this cart was set up with, plugged in or not.
    pub fn exam_cameras(&self) -> Vec<ExamCamera> {
        self.exam.as_ref().map(|exam| exam.names()).unwrap_or_default()
    }

    /// Opens this camera for the physician and for who holds it, and closes every other one; `None` closes all.
    /// What the cart does not have shows nothing.
    pub fn examine(&self, with: Option<ExamCamera>) {
        if let Some(exam) = &self.exam {
            exam.look_through(with);
        }
    }

    /// Whether no picture comes from this camera, which is open: of one that rests or starts nothing is known.
    pub fn exam_camera_is_away(&self, camera: ExamCamera) -> bool {
        let camera = self.exam.as_ref().and_then(|exam| exam.get(camera));
        camera.is_some_and(|camera| camera.is_away())
    }

    /// What the open one sees, or the slate, at most 960x540 and 30 frames a second. `None`: the cart has no exam camera.
    pub fn exam_view(&self) -> Option<Arc<FrameSlot>> {
        self.exam.as_ref().map(|exam| Arc::clone(exam.small()))
    }
}
