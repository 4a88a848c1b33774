//! What is kept of an encounter, as DICOM files for an image archive: stills as photographs, ECG strips as waveforms.
//!
//! The only place that knows DICOM data sets. Knows no socket and no clock: a file follows from its entry, its visit
//! and its site alone, so that each retry is the same bytes. Section numbers are those of the DICOM standard (PS3).

mod dataset;
mod ecg;
mod instance;
mod jpeg;
mod moment;
mod patient;
mod read;
mod series;
mod still;
mod uid;
mod unfit;
mod visit;
mod walk;

pub use ecg::ecg;
pub use instance::Instance;
pub use jpeg::{Colour, Frame, Process, frame};
pub use read::{Content, Held, Unreadable, read};
pub use still::still;
pub use uid::{series_uid, uid};
pub use unfit::Unfit;
pub use visit::{Site, Visit};
