//! Whole messages: published ones that come, ours that go, and what receivers of others say to them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acknowledgements;
mod admissions;
mod census;
mod payloads;
mod peers;
mod published;
mod round_trip;
mod visit;

#[path = "../../../device-links/tests/it/python.rs"]
mod python;
