//! The words of the clinic: what is measured, on whom, in which visit, and what is kept of it.
//!
//! Data, the one published score that is read off it, and the limits that follow from that score. Knows no device, database, network or screen.

mod audit;
mod auscultation;
mod decimal;
mod early_warning;
mod examined;
mod ids;
mod limits;
mod measurement;
pub mod news2;
mod observed;
mod patient;
mod point_in_time;
mod record;
mod time;

pub use audit::{
    Act, Actor, ActorRole, AuditBreak, AuditEvent, AuditReport, AuditRow, ChainHead, HeadCheck,
    Hex, ParseHexError, ParseWordError, SignedHead, Subject,
};
pub use auscultation::{Auscultation, AuscultationSite, LONGEST_AUSCULTATION_MS, SoundGap};
pub use decimal::{Decimal, ParseDecimalError};
pub use early_warning::{EarlyWarning, Vital};
pub use examined::{ExamCamera, Examined, Laterality};
pub use ids::{CallId, DeviceId, EncounterId, EntryId, ParseIdError, ReadingId};
pub use limits::{Limit, Limits, Monitoring, Side, VitalSign, Watched};
pub use measurement::{
    BloodPressure, BodyComposition, BodySite, DeviceIdentity, Ecg, Glucose, GlucoseSample,
    GlucoseUnit, HeartRate, Meal, Measurement, Oximetry, Quality, Reading, Temperature, Weight,
};
pub use observed::{Finding, Observed};
pub use patient::{Patient, Sex};
pub use record::{Attachment, Entry, EntryBody, Note, Opened, Still};
pub use time::{ParseTimestampError, Timestamp};
