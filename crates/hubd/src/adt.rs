//! Patients as the EHR tells them by HL7 ADT: listens for the interface engine, and knows who is here.

mod admissions;
mod config;
mod listener;

pub use admissions::Admissions;
pub use config::AdtConfig;
pub use listener::listen;
