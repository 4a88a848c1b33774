//! The grey picture that says that the camera is away, as a source of pictures.

use std::sync::Arc;

use gst::prelude::*;

use super::picture_tail;
use crate::{
    FrameSlot,
    encoder::VideoEncoders,
    pipeline::{BuildError, element, launch, retire},
    scene::Scene,
};

const WHAT: &str = "slate";
/// 1280x720, drawn for this project; its words stay clear of what a program cannot know.
const PICTURE: &[u8] = include_bytes!("../../assets/camera-away.png");

/// Plays as long as it lives.
pub(super) struct Slate {
    pipeline: gst::Pipeline,
}

impl Slate {
    /// Five pictures a second: a new viewer waits 0.2 s at most, and nothing moves.
    pub(super) fn show(
        scene: Scene,
        encoders: &Arc<VideoEncoders>,
        self_view: &Arc<FrameSlot>,
        goes_on: impl Fn() -> bool + Clone + Send + Sync + 'static,
    ) -> Result<Self, BuildError> {
        let description = format!(
            "appsrc name=in caps=image/png,framerate=0/1 ! pngdec ! videoconvert \
             ! imagefreeze is-live=true ! video/x-raw,framerate=5/1 {}",
            picture_tail::tail(scene)
        );
        let slate = Self { pipeline: launch(WHAT, &description)? };
        picture_tail::connect(&slate.pipeline, WHAT, encoders, self_view, goes_on)?;
        slate.play()?;
        Ok(slate)
    }

    fn play(&self) -> Result<(), BuildError> {
        let source: gst_app::AppSrc = element(&self.pipeline, WHAT, "in")?;
        let refused = |attempt| move |source| BuildError::Refused { what: WHAT, attempt, source };
        self.pipeline
            .set_state(gst::State::Playing)
            .map_err(|error| refused("play")(gst::glib::bool_error!("{error}")))?;
        source
            .push_buffer(gst::Buffer::from_slice(PICTURE))
            .and_then(|_| source.end_of_stream())
            .map_err(|error| refused("take the picture")(gst::glib::bool_error!("{error}")))?;
        Ok(())
    }
}

impl Drop for Slate {
    fn drop(&mut self) {
        retire(WHAT, &self.pipeline);
    }
}
