//! What is kept of an encounter, as FHIR R4 resources, and what the EHR's schedule says, as our words.
//!
//! The only place that knows resource JSON; the codes in it are `terminology`'s. Knows no HTTP and no clock.
//!
//! Every resource carries a business identifier that follows from the id given at capture, so that
//! sending it again finds the first one ([`Resource::search`]). How: [`Identifier`].

mod audit;
mod capability;
mod document;
mod encounter;
mod identifier;
mod look;
mod matching;
mod observation;
mod observed;
mod outcome;
mod person;
mod received;
mod resource;
mod schedule;
mod summary;
mod transaction;
mod types;

use terminology as codes;

pub use audit::audit_event;
pub use capability::{Capabilities, Ending, LookBy, Strategy};
pub use document::{auscultation, note, receipt, still};
pub use encounter::{Visit, encounter};
pub use identifier::Identifier;
pub use look::Presence;
pub use matching::{certain_match, match_question};
pub use observation::observations;
pub use observed::observed;
pub use outcome::{outcome_words, says_it_is_there};
pub use person::patient;
pub use received::{BundleEntry, Named, Received, Refused, Understood};
pub use resource::{Chart, Resource};
pub use schedule::{
    Appointment, FoundPatient, ReadError, appointments, found_ids, found_patients, location_name,
    open_encounters,
};
pub use summary::{
    Listing, Whose, allergies, documents, last_of_each, medications, problems, vitals,
};
pub use transaction::{all_taken, transaction};
