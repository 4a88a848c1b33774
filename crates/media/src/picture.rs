//! From a GStreamer sample to a picture for the screen, and how large a picture is.

use gst_video::VideoFrameExt;

use crate::Frame;

/// Width and height in pixels; `None` when these are no caps of a raw picture.
pub(crate) fn dimensions(caps: &gst::CapsRef) -> Option<(i32, i32)> {
    let picture = caps.structure(0)?;
    Some((picture.get("width").ok()?, picture.get("height").ok()?))
}

/// `None` when the sample is no RGBA picture.
pub(crate) fn rgba_frame(sample: &gst::Sample) -> Option<Frame> {
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    let picture =
        gst_video::VideoFrameRef::from_buffer_ref_readable(sample.buffer()?, &info).ok()?;
    let stride = usize::try_from(*picture.plane_stride().first()?).ok()?;
    let row = picture.width() as usize * 4;
    let height = picture.height() as usize;
    let data = picture.plane_data(0).ok()?;
    let mut rgba = Vec::with_capacity(row * height);
    for line in data.chunks(stride).take(height) {
        rgba.extend_from_slice(line.get(..row)?);
    }
    Some(Frame { width: picture.width(), height: picture.height(), rgba })
}
