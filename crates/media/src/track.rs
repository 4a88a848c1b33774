//! The two sounds that a peer is sent, each as it has to be.

use crate::MediaEvent;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Track {
    /// Voices: what is lost is repaired, and what is quiet may be coded coarsely.
    Room,
    /// The body: nothing is improved. No gain control, no noise suppression, no high-pass, no pauses.
    Stethoscope,
}

impl Track {
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Room => "microphone",
            Self::Stethoscope => "stethoscope",
        }
    }

    pub(crate) fn encoder(self) -> &'static str {
        match self {
            Self::Room => "sound encoder",
            Self::Stethoscope => "stethoscope encoder",
        }
    }

    /// The Opus encoder (RFC 6716). docs/decisions/0018 has the figures.
    pub(crate) fn opus(self) -> &'static str {
        match self {
            // Speech at 64 kb/s and 20 ms; in-band FEC repairs single losses without a round trip.
            Self::Room => {
                "opusenc audio-type=generic bitrate=64000 frame-size=20 dtx=false inband-fec=true \
                 packet-loss-percentage=5"
            }
            // Without the speech part of Opus, whose high-pass takes 17 dB and more at 20 Hz.
            Self::Stethoscope => {
                "opusenc audio-type=restricted-lowdelay bitrate=128000 bitrate-type=cbr frame-size=10 \
                 dtx=false inband-fec=false"
            }
        }
    }

    pub(crate) fn lost(self) -> MediaEvent {
        match self {
            Self::Room => MediaEvent::MicrophoneLost,
            Self::Stethoscope => MediaEvent::StethoscopeLost,
        }
    }

    pub(crate) fn back(self) -> MediaEvent {
        match self {
            Self::Room => MediaEvent::MicrophoneBack,
            Self::Stethoscope => MediaEvent::StethoscopeBack,
        }
    }
}
