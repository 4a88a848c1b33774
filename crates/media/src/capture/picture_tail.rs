//! What happens to a raw picture, of a camera and of the slate alike: small for the cart's own screen,
//! the physician's part of it, at most 720p, for the encoders.

use std::sync::Arc;

use crate::{
    FrameSlot,
    encoder::VideoEncoders,
    picture::rgba_frame,
    pipeline::{BuildError, each_sample, element, gate, pad},
    scene::Scene,
};

/// Follows a raw picture; its last branch, for the cart's screen, is in [`tail`]. More branches may be taken from the tee named `picture`.
///
/// Even sizes, because I420 has half as many colours; square pixels, because browsers assume
/// them; never larger than the source, and cut before it is made smaller, so that a part has the camera's own
/// pixels. Queues of one leak the older picture: newest wins.
const TAIL: &str = "\
    ! videoconvert n-threads=1 ! tee name=picture allow-not-linked=true \
    picture. ! queue name=wanted leaky=downstream max-size-buffers=1 max-size-time=0 max-size-bytes=0 \
    ! videorate drop-only=true ! video/x-raw,framerate=[0/1,30/1] \
    ! videocrop name=view ! videoscale n-threads=1 ! videoconvert n-threads=1 \
    ! video/x-raw,format=I420,width=[2,1280,2],height=[2,720,2],pixel-aspect-ratio=1/1 \
    ! appsink name=call sync=false async=false enable-last-sample=false max-buffers=1 drop=true \
    picture. ! queue leaky=downstream max-size-buffers=1 max-size-time=0 max-size-bytes=0 ! videorate drop-only=true";

/// The whole of it, for pictures of this scene.
pub(super) fn tail(scene: Scene) -> String {
    // A glance at oneself, or what a hand is led by.
    let (rate, width, height) = match scene {
        Scene::Room => (15, 480, 270),
        Scene::Exam => (30, 960, 540),
    };
    format!(
        "{TAIL} ! video/x-raw,framerate=[0/1,{rate}/1] ! videoscale n-threads=1 ! videoconvert n-threads=1 \
         ! video/x-raw,format=RGBA,width=[2,{width},2],height=[2,{height},2],pixel-aspect-ratio=1/1 \
         ! appsink name=self sync=false async=false enable-last-sample=false max-buffers=1 drop=true"
    )
}

/// Connects the tail's ends. Pictures go on only while `goes_on` says so.
pub(super) fn connect(
    pipeline: &gst::Pipeline,
    what: &'static str,
    encoders: &Arc<VideoEncoders>,
    self_view: &Arc<FrameSlot>,
    goes_on: impl Fn() -> bool + Clone + Send + Sync + 'static,
) -> Result<(), BuildError> {
    let wanted: gst::Element = element(pipeline, what, "wanted")?;
    let asked = Arc::clone(encoders);
    gate(&pad(&wanted, what, "sink")?, move || asked.is_wanted());
    let (encoders, on) = (Arc::clone(encoders), goes_on.clone());
    each_sample(&element(pipeline, what, "call")?, move |picture| {
        if on() {
            encoders.take(picture);
        }
    });
    let self_view = Arc::clone(self_view);
    each_sample(&element(pipeline, what, "self")?, move |picture| {
        if let Some(frame) = goes_on().then(|| rgba_frame(picture)).flatten() {
            self_view.put(frame);
        }
    });
    Ok(())
}
