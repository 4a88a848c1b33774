//! What must be installed for a studio to work.

use gst::prelude::*;

use crate::{encoder::Codec, studio::StartStudioError};

/// Element and Debian package. Codecs that may be replaced by another are chosen by [`Codec`].
const NEEDED: [(&str, &str); 17] = [
    ("webrtcbin", "gstreamer1.0-plugins-bad"),
    ("dtlsenc", "gstreamer1.0-plugins-bad"),
    ("srtpenc", "gstreamer1.0-plugins-bad"),
    ("sctpenc", "gstreamer1.0-plugins-bad"),
    ("y4mdec", "gstreamer1.0-plugins-bad"),
    ("nicesrc", "gstreamer1.0-nice"),
    ("rtph264pay", "gstreamer1.0-plugins-good"),
    ("rtpvp8pay", "gstreamer1.0-plugins-good"),
    ("vp8enc", "gstreamer1.0-plugins-good"),
    ("imagefreeze", "gstreamer1.0-plugins-good"),
    ("pngdec", "gstreamer1.0-plugins-good"),
    ("jpegenc", "gstreamer1.0-plugins-good"),
    ("videocrop", "gstreamer1.0-plugins-good"),
    ("v4l2src", "gstreamer1.0-plugins-good"),
    ("opusenc", "gstreamer1.0-plugins-base"),
    ("audioresample", "gstreamer1.0-plugins-base"),
    ("alsasink", "gstreamer1.0-alsa"),
];

/// Said once at the start, in words, instead of as a broken pipeline during a call.
pub(crate) fn check() -> Result<Codec, StartStudioError> {
    for (element, package) in NEEDED {
        if gst::ElementFactory::find(element).is_none() {
            return Err(StartStudioError::MissingElement { element, package });
        }
    }
    Codec::choose()
}

/// Loads the libraries behind the elements of a call. From a cold disk that takes seconds, which
/// are better spent while nobody waits than between "Call" and the picture.
pub(crate) fn load() {
    let decoders = ["avdec_h264", "openh264dec", "vp8dec", "rtpbin"];
    for element in NEEDED.iter().map(|(element, _)| *element).chain(decoders) {
        if let Some(Err(error)) = gst::ElementFactory::find(element).map(|found| found.load()) {
            tracing::warn!(element, %error, "Could not load an element that is installed");
        }
    }
}
