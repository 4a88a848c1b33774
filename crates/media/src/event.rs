//! What a studio tells the program that runs it.

use std::time::Duration;

use clinical::{CallId, ExamCamera};
use hub_api::{PhysicianOnChannel, Signal};

/// Told on media threads: take it and return at once.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaEvent {
    /// To be carried to the physician's browser.
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// The physician said something on the data channel.
    Channel(PhysicianOnChannel),
    /// The physician sees a grey picture saying so until the camera is back.
    CameraLost,
    CameraBack,
    /// Somebody looks through it, and it gives no picture; told of none that rests.
    ExamCameraLost(ExamCamera),
    ExamCameraBack(ExamCamera),
    /// The physician hears silence until the microphone is back.
    MicrophoneLost,
    MicrophoneBack,
    /// The physician is told that nothing comes from it, and hears silence.
    StethoscopeLost,
    StethoscopeBack,
    SpeakerLost,
    SpeakerBack,
    /// Picture and sound flow, first or again.
    Connected {
        call: CallId,
    },
    /// Picture and sound have stopped for more than a second; a new connection is being made.
    PeerLost {
        call: CallId,
    },
    /// The physician's picture is in the remote view, for the first time in this call.
    FirstRemoteFrame,
}

/// How loud it is, in decibels below full scale (0 is the loudest, about −60 a quiet room).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// `None` while there is no microphone or it is muted.
    pub microphone_dbfs: Option<f32>,
    /// `None` while there is no stethoscope or it is away.
    pub stethoscope_dbfs: Option<f32>,
    /// `None` while no sound arrives.
    pub physician_dbfs: Option<f32>,
    /// Since the last piece of the physician's sound, silence included; `None` before the first.
    pub physician_sound_age: Option<Duration>,
}

/// A camera picture as it is kept: JPEG, quality 95, at the camera's full resolution.
#[derive(Clone, PartialEq, Eq)]
pub struct StillPicture {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}
