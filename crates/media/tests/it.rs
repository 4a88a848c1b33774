//! A studio against a physician's side made of real webrtcbins, in one process.
//!
//! Nothing here sleeps for luck: every wait is for something that happens, with a limit far above it.

#![allow(clippy::unwrap_used, reason = "a test may panic where it cannot go on")]

#[path = "it/auscultation.rs"]
mod auscultation;
#[path = "it/calls.rs"]
mod calls;
#[path = "it/dates.rs"]
mod dates;
#[path = "it/devices.rs"]
mod devices;
#[path = "it/exam.rs"]
mod exam;
#[path = "it/formats.rs"]
mod formats;
#[path = "it/physician.rs"]
mod physician;
#[path = "it/relay.rs"]
mod relay;
#[path = "it/room.rs"]
mod room;
#[path = "it/stills.rs"]
mod stills;
#[path = "it/view.rs"]
mod view;
#[path = "it/world.rs"]
mod world;
