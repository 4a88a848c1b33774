//! What `cartd`, the kiosk and the technician's tools say to each other over a Unix socket.
//!
//! The kiosk holds no truth: it draws the last [`CartState`] it was told and sends [`Command`]s.
//! After a crash it connects again, is told the state, and stands where it stood.

mod command;
mod frame;
mod notice;
mod space;
mod state;
mod technician;

pub use command::{Command, Discarded, Identifier, Refusal, Request, Response};
pub use frame::{Frame, FrameError, HEADER_BYTES, Header, MAX_BLOB_BYTES, MAX_JSON_BYTES};
pub use notice::{FailureCause, Notice, NoticeKind};
pub use space::{DiskRoom, Space};
pub use state::{
    CallState, CartState, DeviceState, DeviceStatus, EncounterState, HubLink, Measurable, Nurse,
    PowerState, SavedAuscultation, SavedObserved, SavedReading, SavedStill, SignInState, Sync,
    SyncStage, Tray, TrayReading,
};
pub use technician::{
    DeviceHealth, DeviceLink, DiskHealth, LastReading, OpenedBy, RecordKey, TechnicianAnswer,
    TechnicianCommand, TechnicianRefusal, TechnicianRequest,
};

/// Raised whenever an old peer could misread a message; `cartd` refuses a kiosk of another version.
pub const VERSION: u32 = 8;
