//! What must be instant goes straight between browser and kiosk, over the data channel "ctl" of the call.

use clinical::{AuscultationSite, EntryId, ExamCamera, Examined};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::View;

/// Browser to kiosk. Speeds are −1…1 of the camera's fastest; positive is right, up and nearer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PhysicianOnChannel {
    /// Repeated every 200 ms while a button is held: without it the camera stops after 500 ms.
    Move {
        pan: f32,
        tilt: f32,
        zoom: f32,
    },
    Stop,
    /// Back to the straight, wide view.
    Home,
    /// Show this part of the camera's picture; answered by `Looking`.
    Look {
        view: View,
    },
    /// Show what an exam camera sees, beside the room; `None`: no more. Answered by `Examining`.
    Examine {
        examined: Option<Examined>,
    },
    /// The physician listens with the stethoscope, or no more. Said again on each new connection.
    Listen {
        on: bool,
    },
    /// The chest piece is to lie there; said to the nurse. What was heard before is forgotten.
    Site {
        site: AuscultationSite,
    },
    /// Keep what was heard at this place, half a minute at most; answered by `SoundKept` or `SoundNotKept`.
    KeepSound {
        request: u32,
        site: AuscultationSite,
    },
    /// Send known tones over the stethoscope's track; answered by `ProofBegins`.
    ProveSound,
    /// Take a still at the camera's full resolution; answered by `StillSaved` or `StillFailed`.
    Freeze {
        request: u32,
        /// Of the exam camera and of the side that the physician sees in this moment; `None`: of the room.
        #[serde(default)]
        examined: Option<Examined>,
    },
}

/// Kiosk to browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CartOnChannel {
    /// The still is committed on the cart under this id; its entry follows from the hub.
    StillSaved {
        request: u32,
        entry: EntryId,
    },
    StillFailed {
        request: u32,
        reason: String,
    },
    /// Where the chest piece is to lie, as physician or nurse said last. Whenever it changes, and in answer to `Listen`.
    Site {
        site: Option<AuscultationSite>,
    },
    /// The sound is committed on the cart under this id; its entry follows from the hub.
    SoundKept {
        request: u32,
        entry: EntryId,
    },
    SoundNotKept {
        request: u32,
        reason: String,
    },
    /// The camera does not obey; plain words for the physician.
    CameraFailed {
        reason: String,
    },
    /// Every second, and when it changes: the part of the camera's picture that is sent.
    Looking {
        view: View,
    },
    /// Every second, where the cart has an exam camera, and when it changes.
    Examining {
        /// What the cart was set up with.
        cameras: Vec<ExamCamera>,
        /// Whose picture is sent, as physician or nurse said last.
        examined: Option<Examined>,
        /// Not so while it is unplugged or switched off; one that starts is not called so.
        works: bool,
    },
    /// Every second, where the cart has a stethoscope.
    Stethoscope {
        /// Sound comes from it.
        works: bool,
        heart_rate: HeardRate,
        /// How much of this place could be kept now.
        heard_ms: u32,
    },
    /// From this moment on tones come instead of the stethoscope's sound.
    ProofBegins,
    /// Every second: does the nurse see and hear the physician?
    Hearing {
        picture: bool,
        sound: bool,
    },
}

/// By the sounds of the heart, since the physician listens. Never part of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum HeardRate {
    /// Beats in a minute.
    PerMinute {
        beats: u16,
    },
    /// It takes six seconds of listening.
    NotYet,
    TooQuiet,
    /// Not regular, or it can be read in two ways.
    Unclear,
}
