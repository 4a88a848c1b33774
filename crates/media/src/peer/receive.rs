//! Takes in the physician's picture and sound.

use std::sync::Arc;

use gst::prelude::*;

use super::WHAT;
use crate::{
    encoder::SOUND_CAPS,
    pipeline::{BuildError, each_sample, element, pad},
    remote::Remote,
};

/// Adds a decoder for each stream that the browser sends.
pub(super) fn take_in(
    webrtc: &gst::Element,
    pipeline: &gst::Pipeline,
    number: u64,
    remote: Arc<Remote>,
) {
    // Held weakly: the pipeline owns webrtcbin, which owns this closure.
    let pipeline = pipeline.downgrade();
    webrtc.connect_pad_added(move |_, stream| {
        let Some(pipeline) = pipeline.upgrade() else { return };
        if stream.direction() != gst::PadDirection::Src {
            return;
        }
        if let Err(error) = add_decoder(&pipeline, stream, number, &remote) {
            tracing::error!(%error, "Cannot show what the browser sends");
        }
    });
}

fn add_decoder(
    pipeline: &gst::Pipeline,
    stream: &gst::Pad,
    number: u64,
    remote: &Arc<Remote>,
) -> Result<(), BuildError> {
    let encoding = encoding(stream).unwrap_or_default();
    let unknown = BuildError::Missing { what: WHAT, element: "decoder for the browser's format" };
    let description = decoder(&encoding).ok_or(unknown)?;
    let bin = gst::parse::bin_from_description(&description, true)
        .map_err(|source| BuildError::Launch { what: WHAT, source })?;
    let (remote, is_sound) = (Arc::clone(remote), encoding == "OPUS");
    each_sample(&element(&bin, WHAT, "out")?, move |piece| {
        if is_sound {
            remote.sound(number, piece);
        } else {
            remote.picture(number, piece);
        }
    });
    plug(pipeline, stream, &bin)
}

fn plug(pipeline: &gst::Pipeline, stream: &gst::Pad, bin: &gst::Bin) -> Result<(), BuildError> {
    let refused = |attempt| move |source| BuildError::Refused { what: WHAT, attempt, source };
    pipeline.add(bin).map_err(refused("add a decoder"))?;
    bin.sync_state_with_parent().map_err(refused("start a decoder"))?;
    stream
        .link(&pad(bin, WHAT, "sink")?)
        .map_err(|error| refused("link a decoder")(gst::glib::bool_error!("{error}")))?;
    Ok(())
}

/// "H264", "VP8" or "OPUS".
fn encoding(stream: &gst::Pad) -> Option<String> {
    let caps = stream.current_caps().unwrap_or_else(|| stream.query_caps(None));
    caps.structure(0)?.get("encoding-name").ok()
}

/// A depayloader that misses a packet asks the browser for a key frame and shows nothing broken.
fn decoder(encoding: &str) -> Option<String> {
    const PICTURE: &str = "! videoconvert n-threads=1 ! video/x-raw,format=RGBA \
        ! appsink name=out sync=false async=false enable-last-sample=false max-buffers=1 drop=true";
    let h264 = if gst::ElementFactory::find("avdec_h264").is_some() {
        "avdec_h264 max-threads=1"
    } else {
        "openh264dec"
    };
    match encoding {
        "VP8" => Some(format!(
            "queue ! rtpvp8depay request-keyframe=true wait-for-keyframe=true \
             ! vp8dec threads=2 {PICTURE}"
        )),
        "H264" => Some(format!(
            "queue ! rtph264depay request-keyframe=true wait-for-keyframe=true \
             ! h264parse ! {h264} {PICTURE}"
        )),
        "OPUS" => Some(format!(
            "queue ! rtpopusdepay ! opusdec plc=true ! audioconvert ! audioresample ! {SOUND_CAPS} \
             ! appsink name=out sync=false async=false enable-last-sample=false \
             max-buffers=10 drop=true"
        )),
        _ => None,
    }
}
