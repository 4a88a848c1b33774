//! The client of the EHR against token servers that are as strict as EHRs, and against TLS that is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod answers;
mod clocks;
mod proof;
mod strict;
mod tls;
mod tls_peer;
mod tokens;
