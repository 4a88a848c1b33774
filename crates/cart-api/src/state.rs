//! The whole of what the kiosk shows. `cartd` is its only author.

use clinical::{
    Auscultation, CallId, DeviceId, EarlyWarning, EncounterId, EntryId, Monitoring, Observed,
    Patient, Reading, Still, Timestamp,
};
use hub_api::{Relays, WorklistEntry};
use serde::{Deserialize, Serialize};

use crate::{Notice, Space};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CartState {
    pub cart: String,
    pub hub: HubLink,
    pub power: PowerState,
    /// What the disk has room for.
    pub space: Space,
    pub sign_in: SignInState,
    pub worklist: Vec<WorklistEntry>,
    /// When the hub last told the worklist; `None` when it never did.
    pub worklist_as_of: Option<Timestamp>,
    pub encounter: Option<EncounterState>,
    pub devices: Vec<DeviceState>,
    pub call: CallState,
    /// Over all encounters: what has not reached its place yet.
    pub sync: Sync,
    pub notices: Vec<Notice>,
    pub tray: Tray,
}

/// Readings that were bound to nobody and wait for a person. Empty while nobody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tray {
    /// More may wait than are told.
    pub waiting: u32,
    /// Newest first.
    pub readings: Vec<TrayReading>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrayReading {
    pub reading: Reading,
    /// Why it was bound to nobody, as the encounter's rules name it.
    pub why: String,
    /// Control solution and demonstrations can only be discarded.
    pub claimable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "link", rename_all = "snake_case")]
pub enum HubLink {
    Connected,
    Away { since: Timestamp },
}

/// What the cart itself runs on. What nobody says is `None`: a cart without a battery has no charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerState {
    pub on_mains: Option<bool>,
    /// Per cent, 0 to 100.
    pub charge: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sign_in", rename_all = "snake_case")]
pub enum SignInState {
    SignedOut { nurses: Vec<Nurse> },
    SignedIn { nurse: Nurse },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nurse {
    /// Staff number: what the account is known by.
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncounterState {
    pub id: EncounterId,
    pub patient: Patient,
    pub opened: Timestamp,
    /// Oldest first; every one of them is committed.
    pub readings: Vec<SavedReading>,
    /// Oldest first.
    pub observed: Vec<SavedObserved>,
    pub stills: Vec<SavedStill>,
    pub auscultations: Vec<SavedAuscultation>,
    /// Of what is saved, now.
    pub early_warning: EarlyWarning,
    /// The patient's limits, and what is measured all the time.
    pub monitoring: Monitoring,
    /// How far the encounter's own entry has come.
    pub stage: SyncStage,
}

/// Exists only after the commit returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedReading {
    pub entry: EntryId,
    pub reading: Reading,
    pub stage: SyncStage,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedObserved {
    pub entry: EntryId,
    pub at: Timestamp,
    pub observed: Observed,
    pub stage: SyncStage,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedStill {
    pub entry: EntryId,
    pub still: Still,
    pub stage: SyncStage,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedAuscultation {
    pub entry: EntryId,
    pub sound: Auscultation,
    pub stage: SyncStage,
}

/// How far an entry has come, as far as the cart has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncStage {
    OnCart,
    Sent,
    InEhr,
    /// Refused; a person has to look.
    SetAside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// Entries that only this cart has.
    pub on_cart: u32,
    /// Entries the hub has and the EHR not yet.
    pub sent: u32,
    pub set_aside: u32,
}

/// What a nurse can ask a device for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measurable {
    BloodPressure,
    Oximetry,
    Temperature,
    HeartRate,
    Glucose,
    Weight,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceState {
    pub id: DeviceId,
    /// `None` for a camera.
    pub measures: Option<Measurable>,
    pub status: DeviceStatus,
    /// Charge of the device's own battery in per cent, where the device tells it.
    pub battery: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum DeviceStatus {
    /// Not plugged in, switched off or out of reach.
    Away,
    Ready,
    /// `cuff_mmhg`: the pressure in the cuff now, for a cuff that tells.
    Measuring {
        cuff_mmhg: Option<u16>,
    },
    /// The oximeter is connected but not on a finger.
    NotOnPatient,
}

/// The video visit as the nurse sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CallState {
    None,
    Ringing {
        call: CallId,
        since: Timestamp,
    },
    Answered {
        call: CallId,
        physician: String,
        since: Timestamp,
        /// For every peer connection of this call; `None`: the hub has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relays: Option<Relays>,
    },
}
