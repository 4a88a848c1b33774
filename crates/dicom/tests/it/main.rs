//! Whole files: what others read in them, and that each retry is the same bytes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod peers;
mod retries;
mod visit;

#[path = "../../../device-links/tests/it/python.rs"]
mod python;
