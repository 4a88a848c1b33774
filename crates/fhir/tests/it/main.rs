//! What is sent to an EHR and what comes from one, as whole JSON.

mod audit;
mod more_devices;
mod payloads;
mod schedule;
