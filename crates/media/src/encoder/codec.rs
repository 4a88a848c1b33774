//! Which video codecs a cart sends, by what is installed.

use gst::prelude::*;

use crate::studio::StartStudioError;

/// In the order of preference, as measured at 720p30 and 2.5 Mb/s on two cores: x264 has the
/// fewest errors under packet loss at 0.2 of a core, OpenH264 the same cost, VP8 twice that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    X264,
    OpenH264,
    Vp8,
}

impl Codec {
    /// What every browser takes (RFC 7742, section 5, where H.264 may come as a plugin).
    pub(crate) const COMMON: Self = Self::Vp8;

    pub(crate) fn choose() -> Result<Self, StartStudioError> {
        let installed = |codec: &Self| gst::ElementFactory::find(codec.element()).is_some();
        let missing = StartStudioError::MissingElement {
            element: "x264enc",
            package: "gstreamer1.0-plugins-ugly",
        };
        [Self::X264, Self::OpenH264, Self::Vp8].into_iter().find(installed).ok_or(missing)
    }

    fn element(self) -> &'static str {
        match self {
            Self::X264 => "x264enc",
            Self::OpenH264 => "openh264enc",
            Self::Vp8 => "vp8enc",
        }
    }

    /// From raw I420 to whole access units. The encoder is named `encoder`.
    ///
    /// A key frame comes when somebody asks for one: with RTX a regular one only costs.
    /// Two slices per picture lose less than a picture with a lost packet.
    pub(crate) fn encode(self) -> &'static str {
        match self {
            Self::X264 => {
                "x264enc name=encoder tune=zerolatency speed-preset=ultrafast bitrate=2500 \
                 key-int-max=2560 b-adapt=false vbv-buf-capacity=120 threads=2 \
                 ! video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au"
            }
            Self::OpenH264 => {
                "openh264enc name=encoder bitrate=2500000 rate-control=bitrate complexity=low \
                 gop-size=2560 background-detection=false scene-change-detection=false multi-thread=2 \
                 ! video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au"
            }
            Self::Vp8 => {
                // cpu-used=-16, as often seen, costs the same here and ruins the picture.
                "vp8enc name=encoder deadline=1 cpu-used=-6 target-bitrate=2500000 end-usage=cbr \
                 lag-in-frames=0 keyframe-max-dist=2000 buffer-initial-size=100 \
                 buffer-optimal-size=120 buffer-size=150 max-intra-bitrate=250 threads=2"
            }
        }
    }

    /// Of the element named `encoder`, while it runs. `rate` in bit/s.
    pub(crate) fn set_rate(self, encoder: &gst::Element, rate: u32) {
        match self {
            Self::X264 => encoder.set_property("bitrate", (rate / 1_000).max(1)),
            Self::OpenH264 => encoder.set_property("bitrate", rate),
            Self::Vp8 => {
                encoder.set_property("target-bitrate", i32::try_from(rate).unwrap_or(i32::MAX))
            }
        }
    }

    /// From access units to RTP.
    ///
    /// `profile-level-id` is not forced: with x264 that is not negotiated.
    pub(crate) fn pay(self) -> &'static str {
        match self {
            Self::X264 | Self::OpenH264 => {
                "rtph264pay mtu=1200 config-interval=-1 aggregate-mode=zero-latency"
            }
            Self::Vp8 => "rtpvp8pay mtu=1200 picture-id-mode=15-bit",
        }
    }

    /// Of the room; the ones that browsers commonly use.
    pub(crate) fn payload_type(self) -> u8 {
        match self {
            Self::X264 | Self::OpenH264 => 102,
            Self::Vp8 => 96,
        }
    }

    /// The head of the RTP caps.
    pub(crate) fn rtp_caps(self) -> &'static str {
        match self {
            Self::X264 | Self::OpenH264 => {
                "application/x-rtp,media=video,encoding-name=H264,clock-rate=90000"
            }
            Self::Vp8 => "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000",
        }
    }
}
