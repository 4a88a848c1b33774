//! What is sent to an EHR and what comes from one, as whole JSON, and what validators of others say to it.

mod audit;
mod more_devices;
mod payloads;
mod schedule;
mod sent;
mod vote;

#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#[path = "../../../device-links/tests/it/python.rs"]
mod python;
