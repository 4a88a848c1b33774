//! What the kiosk asks of `cartd`, and what it is answered.

use clinical::{
    AuscultationSite, CallId, EncounterId, EntryId, Examined, Finding, Patient, ReadingId,
    SoundGap, Timestamp,
};
use hub_api::Signal;
use serde::{Deserialize, Serialize};

use crate::{CartState, Measurable};

/// Kiosk to `cartd`. Every request is answered once, by its number.
#[derive(Clone, Serialize, Deserialize)]
pub struct Request {
    pub number: u64,
    /// Whose page the person had before her when she asked. What is about a patient is refused when
    /// another encounter is open by now.
    pub encounter: Option<EncounterId>,
    pub command: Command,
}

/// Changes nothing on the screen by itself: the screen changes when the new state arrives.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// First command of a connection; another version is refused.
    Hello {
        version: u32,
    },
    SignIn {
        nurse: String,
        pin: String,
    },
    SignOut,
    /// The nurse has compared two identifiers with the wristband.
    OpenEncounter {
        patient: Patient,
        confirmed: Vec<Identifier>,
    },
    EndEncounter,
    /// The nurse has compared two identifiers: this reading of the tray is the open encounter's
    /// patient's.
    Claim {
        reading: ReadingId,
        confirmed: Vec<Identifier>,
    },
    /// It leaves the tray for good; the record keeps it with the reason.
    Discard {
        reading: ReadingId,
        why: Discarded,
    },
    /// The nurse saw or counted it herself; it is kept with her name.
    Observe {
        what: Finding,
    },
    /// Inflate the cuff, or take what another device offers on request.
    Measure {
        what: Measurable,
    },
    /// Let the air out at once.
    StopMeasuring {
        what: Measurable,
    },
    Call,
    HangUp,
    /// From the kiosk's peer connection to the physician's browser.
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// Speeds −1…1; positive is right, up and nearer. Repeated while it should go on.
    MoveCamera {
        pan: f32,
        tilt: f32,
        zoom: f32,
    },
    StopCamera,
    /// Straight and wide. The physician asks for it in a call, and the nurse before a picture without one.
    CameraHome,
    /// Nobody looks through it any more: it turns away from the room, where it can.
    ParkCamera,
    /// The picture is the blob of the frame.
    SaveStill {
        media_type: String,
        width: u32,
        height: u32,
        /// `None`: the room.
        examined: Option<Examined>,
    },
    /// What the physician has heard at one place; the WAV file is the blob of the frame.
    SaveAuscultation {
        site: AuscultationSite,
        /// When the first sample was heard.
        began: Timestamp,
        millis: u32,
        gaps: Vec<SoundGap>,
    },
    /// The person has read it.
    DismissNotice {
        id: u64,
    },
}

/// What a nurse compares with the wristband.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    Name,
    BirthDate,
    Number,
}

/// Why a reading of the tray is nobody's here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discarded {
    /// A trial, a control, a measurement on somebody of the staff.
    NotAPatients,
    /// A patient who is not seen with this cart, or who cannot be found out.
    Unknown,
    /// Measured wrongly.
    Wrong,
}

impl Discarded {
    /// The word under which the record keeps it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAPatients => "not_a_patients",
            Self::Unknown => "unknown",
            Self::Wrong => "wrong",
        }
    }
}

/// `cartd` to kiosk.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Response {
    /// The whole state: first thing after `Hello`, and after every change of it.
    State(Box<CartState>),
    Done {
        number: u64,
        entry: Option<EntryId>,
    },
    Refused {
        number: u64,
        refusal: Refusal,
    },
    /// From the physician's browser to the kiosk's peer connection.
    Signal {
        call: CallId,
        signal: Signal,
    },
}

/// Why a command was not carried out. The kiosk has words and a next step for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    WrongPin {
        tries_left: u32,
    },
    /// Too many wrong PINs in a row; the next try is taken after this many seconds.
    TooSoon {
        wait_s: u32,
    },
    /// Ten wrong PINs: a supervisor unlocks the account.
    Locked,
    NotSignedIn,
    NoEncounter,
    EncounterOpen,
    /// The person who asked saw another encounter than the one that is open.
    OtherEncounter,
    /// Two different identifiers are needed.
    NotIdentified,
    /// Control solution or a demonstration cannot be given to a patient.
    NotAPatients,
    /// The tray does not hold this reading any more.
    NotInTray,
    DeviceAway,
    DeviceBusy,
    HubAway,
    CallGoingOn,
    NoCall,
    /// The record could not be written: nothing was saved.
    NotSaved,
    /// The disk has room for readings and notes only.
    NoSpace,
    WrongVersion,
    NotUnderstood,
}
