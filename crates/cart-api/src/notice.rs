//! What a person is told: a kind that the kiosk has words for, never a program's error text.

use clinical::{Decimal, DeviceId, Side, Timestamp, VitalSign, news2::Risk};
use serde::{Deserialize, Serialize};

use crate::Space;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: u64,
    pub at: Timestamp,
    pub kind: NoticeKind,
}

/// Each has words and a next step in the kiosk's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeKind {
    /// The measurement ended without a value; nothing was recorded.
    MeasurementFailed {
        device: DeviceId,
        cause: FailureCause,
    },
    /// A value lay outside what is possible and was not recorded.
    Implausible {
        device: DeviceId,
    },
    /// A vital sign of the patient has gone beyond its limit.
    BeyondLimit {
        sign: VitalSign,
        side: Side,
        value: Decimal,
        bound: Decimal,
    },
    /// The early warning score calls for more than it did.
    ScoreRose {
        total: u8,
        risk: Risk,
    },
    /// The physician has changed the patient's limits.
    LimitsChanged {
        by: String,
    },
    /// A reading arrived that belongs to no open encounter; it was not recorded to anybody.
    Unassigned {
        device: DeviceId,
    },
    /// The device sent what it should not; the bytes are kept for the technician.
    Garbled {
        device: DeviceId,
    },
    /// The record could not be written: nothing was saved.
    NotSaved,
    /// The hub or the EHR refused an entry; a person has to look.
    SetAside,
    /// The cart's battery is at 20 per cent or less; critical: at 10, or it says that it ends.
    BatteryLow {
        critical: bool,
    },
    /// The cart's disk fills; never [`Space::Enough`].
    DiskFills {
        space: Space,
    },
    /// The record's key lies on the cart itself, in a passphrase file: who takes the cart can read the record.
    Unprotected,
    CallUnanswered,
    CallDeclined,
    /// The call ended because the connection stayed away.
    CallLost,
    /// The physician hung up.
    PhysicianLeft,
}

impl NoticeKind {
    /// Whether it is of the patient's body and wants a look now: an alarm in the sense of IEC 60601-1-8.
    pub fn alarms(&self) -> bool {
        matches!(self, Self::BeyondLimit { .. })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCause {
    LooseCuff,
    Motion,
    NoPulse,
    TimedOut,
    Stopped,
    Unplugged,
    Device,
}
