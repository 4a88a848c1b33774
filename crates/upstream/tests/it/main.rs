//! The clients against servers that somebody else wrote.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod archive;
mod orthanc;

#[path = "../../../dicom/tests/it/visit.rs"]
mod visit;
