//! Simulated EHRs: FHIR R4 servers that allow what their vendors allow, and not a request more; and real
//! servers of the outside that tests start.
//!
//! Independent of the product's own FHIR: JSON in, JSON out. Each can be busy, lose answers and take
//! things late. Never in the image.

mod answer;
mod ehr;
mod faults;
mod matching;
mod openssl;
mod orthanc;
mod rules;
mod search;
mod server;
mod shelf;
mod write;

pub use ehr::Ehr;
pub use faults::Faults;
pub use openssl::OpensslServer;
pub use orthanc::Orthanc;
pub use rules::{EPIC, ORACLE, PUT_ONLY, Rules, TRANSACTIONS, VERADIGM};
