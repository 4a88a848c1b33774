//! One camera picture as JPEG.

use gst::prelude::*;

use crate::{
    StillError, StillPicture,
    pipeline::{BuildError, element, launch, retire},
};

const WHAT: &str = "still";
/// A 4K picture takes 0.2 s on a slow core.
const ENCODE_WITHIN: gst::ClockTime = gst::ClockTime::from_seconds(5);

/// At the resolution of the sample.
///
/// JFIF (ITU-T T.871) means full-range BT.601; a video picture that is not converted to it comes
/// out pale and with a tint, and a physician judges skin by it.
pub(crate) fn encode(picture: &gst::Sample) -> Result<StillPicture, StillError> {
    let (Some(buffer), Some(caps)) = (picture.buffer_owned(), picture.caps()) else {
        return Err(StillError::CameraAway);
    };
    let failed = |error: &dyn std::fmt::Display| StillError::Encode { reason: error.to_string() };
    let info = gst_video::VideoInfo::from_caps(caps).map_err(|error| failed(&error))?;
    let pipeline = build().map_err(|error| failed(&error))?;
    let jpeg = run(&pipeline, buffer, caps);
    retire(WHAT, &pipeline);
    let jpeg = jpeg.map_err(|error| failed(&error))?;
    Ok(StillPicture { jpeg, width: info.width(), height: info.height() })
}

fn build() -> Result<gst::Pipeline, BuildError> {
    launch(
        WHAT,
        "appsrc name=in format=time ! videoconvert \
         ! video/x-raw,format=I420,colorimetry=1:4:0:0 ! jpegenc quality=95 \
         ! appsink name=out sync=false",
    )
}

fn run(
    pipeline: &gst::Pipeline,
    mut buffer: gst::Buffer,
    caps: &gst::CapsRef,
) -> Result<Vec<u8>, BuildError> {
    let refused = |attempt| move |source| BuildError::Refused { what: WHAT, attempt, source };
    let source: gst_app::AppSrc = element(pipeline, WHAT, "in")?;
    let sink: gst_app::AppSink = element(pipeline, WHAT, "out")?;
    crate::timeline::stamp(&mut buffer, gst::ClockTime::ZERO);
    source.set_caps(Some(&caps.to_owned()));
    pipeline
        .set_state(gst::State::Playing)
        .map_err(|error| refused("play")(gst::glib::bool_error!("{error}")))?;
    source
        .push_buffer(buffer)
        .and_then(|_| source.end_of_stream())
        .map_err(|error| refused("take the picture")(gst::glib::bool_error!("{error}")))?;
    let nothing = || gst::glib::bool_error!("nothing within {ENCODE_WITHIN}");
    let sample = sink.try_pull_sample(ENCODE_WITHIN);
    let sample = sample.ok_or_else(nothing).map_err(refused("encode"))?;
    let map = sample.buffer().ok_or_else(nothing).and_then(|buffer| {
        buffer.map_readable().map_err(|error| gst::glib::bool_error!("{error}"))
    });
    Ok(map.map_err(refused("read"))?.to_vec())
}
