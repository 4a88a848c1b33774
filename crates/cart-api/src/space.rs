//! What room the disk under the record has, in bytes and as what may still be kept.

use serde::{Deserialize, Serialize};

/// What may still be kept, from everything to what never stops: readings, notes and the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    #[default]
    Enough,
    /// Everything is kept; a technician should look.
    Warn,
    /// No recording of the room is begun.
    NoVideo,
    /// No picture is taken either.
    NoMedia,
}

/// The file system that the record lies on. All are bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskRoom {
    /// What the file system has for data of `cartd`, taken or not, as `df` counts it.
    pub total: u64,
    /// Of it, what is not taken.
    pub available: u64,
    /// Inside the record's own file: what was purged, and is written over before the file grows.
    pub reusable: u64,
    /// The ballast file as it is: taken, and given up first when the disk is full.
    pub ballast: u64,
    /// As large as it should be on this file system.
    pub ballast_wanted: u64,
}
