//! How each kind of source begins, up to its raw picture or sound.

use gst::prelude::*;

use crate::{
    CameraSource, MicrophoneSource, TcpPeer,
    pipeline::{BuildError, element},
};

/// A TCP source that stays silent for so long, or is not reached, is away.
const TCP_TIMEOUT_S: u32 = 2;

/// The description of a camera's head; its source is named `source`.
pub(super) fn camera(source: &CameraSource) -> &'static str {
    match source {
        // Cameras above 640x480 often offer full speed only as JPEG.
        CameraSource::V4l2 { .. } => "v4l2src name=source ! decodebin",
        // A file is as fast as the disk; `sync` lets it run in its own time.
        CameraSource::File { .. } => {
            "filesrc name=source ! decodebin ! video/x-raw ! identity sync=true"
        }
        CameraSource::Y4mTcp(_) => "tcpclientsrc name=source ! y4mdec",
    }
}

/// `None` for no microphone at all.
pub(super) fn microphone(source: &MicrophoneSource) -> Option<&'static str> {
    match source {
        // 10 ms at a time out of 40: a call has no use for the default of 200 ms.
        MicrophoneSource::Alsa { .. } => {
            Some("alsasrc name=source buffer-time=40000 latency-time=10000")
        }
        MicrophoneSource::File { .. } => {
            Some("filesrc name=source ! decodebin ! audio/x-raw ! identity sync=true")
        }
        MicrophoneSource::S16Tcp(_) => Some(
            "tcpclientsrc name=source \
             ! rawaudioparse pcm-format=s16le sample-rate=48000 num-channels=1",
        ),
        MicrophoneSource::None => None,
    }
}

/// Set as properties, so that no path or name is read as a pipeline description.
pub(super) fn aim_camera(
    pipeline: &gst::Pipeline,
    what: &'static str,
    source: &CameraSource,
) -> Result<(), BuildError> {
    let head: gst::Element = element(pipeline, what, "source")?;
    match source {
        CameraSource::V4l2 { device } => head.set_property("device", device),
        CameraSource::File { path } => head.set_property("location", path),
        CameraSource::Y4mTcp(peer) => aim_tcp(&head, peer),
    }
    Ok(())
}

pub(super) fn aim_microphone(
    pipeline: &gst::Pipeline,
    what: &'static str,
    source: &MicrophoneSource,
) -> Result<(), BuildError> {
    let head: gst::Element = element(pipeline, what, "source")?;
    match source {
        MicrophoneSource::Alsa { device } => head.set_property("device", device),
        MicrophoneSource::File { path } => head.set_property("location", path),
        MicrophoneSource::S16Tcp(peer) => aim_tcp(&head, peer),
        MicrophoneSource::None => {}
    }
    Ok(())
}

fn aim_tcp(head: &gst::Element, peer: &TcpPeer) {
    head.set_property("host", &peer.host);
    head.set_property("port", i32::from(peer.port));
    head.set_property("timeout", TCP_TIMEOUT_S);
}
