//! The clients against servers that somebody else wrote, token servers that are as strict as EHRs, and TLS
//! that is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod answers;
mod archive;
mod clocks;
mod orthanc;
mod proof;
mod strict;
mod tls;
mod tls_peer;
mod tokens;

#[path = "../../../dicom/tests/it/visit.rs"]
mod visit;
