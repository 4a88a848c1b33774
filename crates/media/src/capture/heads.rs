//! How each kind of source begins, up to its raw picture or sound.

use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    os::fd::AsRawFd,
    time::Duration,
};

use gst::prelude::*;

use crate::{
    CameraSource, MicrophoneSource, TcpPeer,
    pipeline::{BuildError, element},
};

/// A source on the cart's own network that takes longer is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);

/// What a pipeline reads from and does not own: to be kept until it has stopped.
pub(super) type Borrowed = Option<TcpStream>;

/// The description of a camera's head; its source is named `source`.
pub(super) fn camera(source: &CameraSource) -> &'static str {
    match source {
        // Cameras above 640x480 often offer full speed only as JPEG.
        CameraSource::V4l2 { .. } => "v4l2src name=source ! decodebin",
        // A file is as fast as the disk; `sync` lets it run in its own time.
        CameraSource::File { .. } => {
            "filesrc name=source ! decodebin ! video/x-raw ! identity sync=true"
        }
        // tcpclientsrc reads 4 KiB at a time: 0.14 of a core for 1080p30, fdsrc a third of it.
        CameraSource::Y4mTcp(_) => "fdsrc name=source blocksize=262144 ! y4mdec",
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
            "fdsrc name=source blocksize=4096 \
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
) -> Result<Borrowed, BuildError> {
    let head: gst::Element = element(pipeline, what, "source")?;
    match source {
        CameraSource::V4l2 { device } => head.set_property("device", device),
        CameraSource::File { path } => head.set_property("location", path),
        CameraSource::Y4mTcp(peer) => return aim_tcp(&head, what, peer),
    }
    Ok(None)
}

pub(super) fn aim_microphone(
    pipeline: &gst::Pipeline,
    what: &'static str,
    source: &MicrophoneSource,
) -> Result<Borrowed, BuildError> {
    let head: gst::Element = element(pipeline, what, "source")?;
    match source {
        MicrophoneSource::Alsa { device } => head.set_property("device", device),
        MicrophoneSource::File { path } => head.set_property("location", path),
        MicrophoneSource::S16Tcp(peer) => return aim_tcp(&head, what, peer),
        MicrophoneSource::None => {}
    }
    Ok(None)
}

fn aim_tcp(
    head: &gst::Element,
    what: &'static str,
    peer: &TcpPeer,
) -> Result<Borrowed, BuildError> {
    let stream = connect(peer).map_err(|source| BuildError::Connect { what, source })?;
    head.set_property("fd", stream.as_raw_fd());
    Ok(Some(stream))
}

fn connect(peer: &TcpPeer) -> io::Result<TcpStream> {
    let host = peer.host.trim_matches(['[', ']']);
    let mut refused = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in (host, peer.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_WITHIN) {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}
