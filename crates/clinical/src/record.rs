//! What is kept of an encounter: entries, in the order in which they happened.
//!
//! The same entry lies in the cart's vault, travels to the hub and becomes FHIR there.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Auscultation, EncounterId, EntryId, Examined, Observed, Patient, Reading, Timestamp};

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
    Auscultation(Auscultation),
    Note(Note),
    Closed,
}

/// Bytes that belong to an entry and are kept apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// Of the bytes, in lower-case hexadecimal.
    pub sha256: &'a str,
    /// "image/jpeg" or "audio/wav".
    pub media_type: &'a str,
}

impl EntryBody {
    /// What must be at a destination before the entry is sent there.
    pub fn attachment(&self) -> Option<Attachment<'_>> {
        let (sha256, media_type) = match self {
            Self::Still(still) => (&still.sha256, &still.media_type),
            Self::Auscultation(sound) => (&sound.sha256, &sound.media_type),
            Self::Opened(_)
            | Self::Reading(_)
            | Self::Observed(_)
            | Self::Note(_)
            | Self::Closed => return None,
        };
        Some(Attachment { sha256, media_type })
    }
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
    /// What it shows, when it came from an exam camera; `None`: the room, by the cart's own camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub examined: Option<Examined>,
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
