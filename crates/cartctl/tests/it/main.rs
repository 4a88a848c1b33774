//! The real `cartctl`, as a technician types it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod check;
mod decode;
mod devices;
mod listen;
mod news2;
mod program;
mod recording;
mod supported;
mod tryout;
