//! What a field technician's tool asks of `cartd`, on a socket of its own, and what it is answered.
//!
//! There is nothing of a patient in it but the bare numbers that a watched device sends.

use clinical::{AuditReport, ChainHead, DeviceId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{DiskRoom, Space};

/// Every request is answered once, by its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TechnicianRequest {
    pub number: u64,
    pub command: TechnicianCommand,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum TechnicianCommand {
    /// First command of a connection; another version is refused.
    Hello {
        version: u32,
    },
    ListDevices,
    /// What room the disk under the record has.
    LookAtDisk,
    /// How the record of the cart was opened.
    LookAtKey,
    /// From now on tell whatever the device says. The device watched before is watched no longer.
    WatchDevice {
        device: DeviceId,
    },
    /// What went over its link of late.
    TakeRecording {
        device: DeviceId,
    },
    /// Walk over the audit of the cart: is every row as it was written?
    VerifyAudit {
        /// A head that the chain should have as well, such as the one that the hub holds.
        holds: Option<ChainHead>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TechnicianAnswer {
    Done {
        number: u64,
    },
    Devices {
        number: u64,
        /// By the clock that all times in here are of.
        now: Timestamp,
        devices: Vec<DeviceHealth>,
    },
    Disk {
        number: u64,
        /// `None`: it could not be looked at.
        disk: Option<DiskHealth>,
    },
    Key {
        number: u64,
        key: RecordKey,
    },
    Recording {
        number: u64,
        /// As `device-links` writes and reads it, without who the device or the patient is.
        text: String,
    },
    Audit {
        number: u64,
        /// Numbers, times and hashes; nothing of what stands in the rows.
        report: AuditReport,
    },
    Refused {
        number: u64,
        why: TechnicianRefusal,
    },
    /// A watched device has said something.
    Saw {
        device: DeviceId,
        at: Timestamp,
        /// `"link_up"`, `"link_down"`, or the report of its driver.
        event: Value,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TechnicianRefusal {
    WrongVersion,
    NotUnderstood,
    NoSuchDevice,
    /// Somebody else's question is being answered, which takes a second.
    Busy,
    /// The record could not be read.
    RecordFailed,
}

/// The disk under the record as `cartd` saw it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskHealth {
    pub space: Space,
    pub room: DiskRoom,
    /// How often it was full since `cartd` started.
    pub times_full: u32,
    /// Entries that were purged since then.
    pub purged: u64,
}

/// How `cartd` came to the key of its record when it started; nothing of it is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKey {
    pub opened_by: OpenedBy,
    /// A new key was being given to the record, and the work was cut off.
    pub rotating: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    Tpm,
    /// On the same machine: who takes it has the record too.
    PassphraseFile,
    /// The file is the key itself. systemd may have decrypted it; `cartd` cannot know.
    KeyFile,
}

/// One device of the configuration, and how it fares since `cartd` started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceHealth {
    pub id: DeviceId,
    /// `driver = "…"` of the configuration.
    pub driver: String,
    /// What the driver is for.
    pub title: String,
    /// Where the configuration says that it is plugged in.
    pub address: String,
    pub link: DeviceLink,
    /// How often the link was lost.
    pub lost: u32,
    /// When the device last said anything that was understood. An open link may be a cable without
    /// a device at its end.
    pub heard: Option<Timestamp>,
    /// How often it sent what it should not have.
    pub malformed: u32,
    /// What was wrong with the newest of them, in one word.
    pub last_malformed: Option<String>,
    /// As the device names itself, where it does.
    pub serial: Option<String>,
    pub firmware: Option<String>,
    /// Charge of its own battery, per cent.
    pub battery: Option<u8>,
    pub last_reading: Option<LastReading>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "link", rename_all = "snake_case")]
pub enum DeviceLink {
    Up { since: Timestamp },
    Away { since: Timestamp },
}

/// That there was one, and not what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastReading {
    /// Such as "blood pressure".
    pub kind: String,
    /// When it reached the cart.
    pub at: Timestamp,
}
