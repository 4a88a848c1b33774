//! What is sent to an EHR and what comes from one, as whole JSON.

mod more_devices;
mod payloads;
mod schedule;
