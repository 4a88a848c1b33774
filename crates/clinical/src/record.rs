//! What is kept of an encounter: entries, in the order in which they happened.
//!
//! The same entry lies in the cart's vault, travels to the hub and becomes FHIR there.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EncounterId, EntryId, Observed, Patient, Reading, Timestamp};

/// One thing that happened in an encounter and belongs in the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Entry {
    pub id: EntryId,
    pub encounter: EncounterId,
    /// When it happened, by the clock of the machine that recorded it.
    pub recorded: Timestamp,
    pub body: EntryBody,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntryBody {
    Opened(Opened),
    Reading(Reading),
    Observed(Observed),
    Still(Still),
    Note(Note),
    Closed,
}

/// The encounter began: whose it is and who opened it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Opened {
    pub patient: Patient,
    /// The nurse who confirmed two identifiers.
    pub nurse: String,
    /// The cart's name, as the hub enrolled it.
    pub cart: String,
}

/// A still picture; its bytes are kept apart, under their hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Still {
    pub sha256: String,
    /// "image/jpeg".
    pub media_type: String,
    pub bytes: u32,
    pub width: u32,
    pub height: u32,
    pub taken: Timestamp,
}

/// What the physician wrote, as plain text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Note {
    pub author: String,
    pub text: String,
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note(..)")
    }
}
