//! Otoscopes, dermatoscopes and exam cameras: USB Video Class by V4L2.
//!
//! Here they are found, known again and set up. Their picture is taken by GStreamer's v4l2src, which
//! opens the same node; controls may be set meanwhile.

mod find;
mod format;
mod lock;

pub use find::{ExamCamera, find};
pub use format::{Picture, pictures};
pub use lock::{Controls, Locked, Node, lock};
