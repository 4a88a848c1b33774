//! Picture and sound: captures them, sends them to physicians' browsers and takes theirs in.
//!
//! Owns every GStreamer pipeline. Knows no screen, no hub and no record: frames go into slots,
//! signals and events out through one function. docs/decisions/0003 says why it is cut like this.

mod calls;
mod capture;
mod encoder;
mod event;
mod fan_out;
mod frame_slot;
mod gate;
mod generation;
mod keeper;
mod loudness;
mod network;
mod peer;
mod picture;
mod pilot;
mod pipeline;
mod proof;
mod remote;
mod requirements;
mod scene;
mod source;
mod speaker;
mod stethoscope;
mod still;
mod studio;
mod timeline;
mod track;
mod wav;

pub use event::{Levels, MediaEvent, StillPicture};
pub use frame_slot::{Frame, FrameSlot};
pub use source::{
    CameraSource, ExamCameraSource, MediaConfig, MicrophoneSource, ParseSourceError, SpeakerSink,
    StethoscopeSource, TcpPeer,
};
pub use stethoscope::HeardSound;
pub use studio::{StartStudioError, StillError, Studio};
