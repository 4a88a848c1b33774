//! What is sent to an EHR and what comes from one, as whole JSON.

mod payloads;
mod schedule;
