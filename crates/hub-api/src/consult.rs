//! What the physician sees of carts and encounters.

use clinical::{
    CallId, EarlyWarning, EncounterId, Entry, Limits, Patient, Timestamp, news2::Spo2Scale,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A patient who is expected, as the EHR's schedule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorklistEntry {
    pub patient: Patient,
    /// Ward and bed, or what else the schedule gives as place.
    pub place: String,
    /// Why a consult is asked for; may be empty.
    pub reason: String,
}

/// The encounter that is open at a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EncounterSummary {
    pub id: EncounterId,
    pub patient: Patient,
    pub nurse: String,
    pub opened: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CartSummary {
    pub name: String,
    pub online: bool,
    pub encounter: Option<EncounterSummary>,
    /// Ringing or in a call.
    pub call: Option<CallId>,
}

/// How far an entry has come on its way to the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Committed at the hub, on its way to the EHR.
    AtHub,
    InEhr,
    /// The EHR refused it; a person has to look.
    SetAside,
    /// It was sent, and the EHR neither confirms it nor shows it; a person has to look there.
    Unknown,
}

/// An entry together with how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordedEntry {
    pub entry: Entry,
    pub delivery: Delivery,
}

/// Everything a physician needs who joins now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConsultContext {
    pub call: CallId,
    pub cart: String,
    pub encounter: EncounterSummary,
    pub entries: Vec<RecordedEntry>,
    /// Of these entries, and of those that follow one by one.
    pub early_warning: EarlyWarning,
}

/// How a patient is to be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Prescription {
    /// `None`: the usual ones again.
    Limits { limits: Option<Box<Limits>> },
    /// By which scale NEWS2 judges the oxygen saturation.
    OxygenScale { scale: Spo2Scale },
}

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// The nurse hung up or took the call back.
    Nurse,
    Physician,
    /// Nobody is on call, or nobody answered in time.
    Unanswered,
    /// Every physician on call declined.
    Declined,
    /// The cart was away for longer than a call is kept.
    CartLost,
}
