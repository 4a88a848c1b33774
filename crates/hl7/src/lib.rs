//! HL7 version 2 messages: what a cart kept, told to an older EHR, and what such an EHR tells.
//!
//! A message that came is its bytes, and stays them: nothing is written again from what was understood.
//! A message that goes follows from its entry alone, so that each retry is the same bytes. Knows no
//! socket and no clock; [`mllp`] is fed what a connection brings.

mod acknowledge;
mod adt;
mod census;
mod charset;
mod chart;
mod control_id;
mod delimiters;
mod document;
mod escape;
mod message;
pub mod mllp;
mod note;
mod outgoing;
mod part;
mod person;
mod refused;
mod result;
mod segment;
mod stamp;
mod write;

pub use acknowledge::{Acknowledgement, Answer, Code, Verdict, acknowledge};
pub use adt::{Adt, Event, Merge, Stay, adt};
pub use census::{Census, Fact, Key, Present, facts};
pub use charset::Unreadable;
pub use chart::{Chart, Identifier, Party, Place, Processing, Route, Visit};
pub use control_id::control_id;
pub use delimiters::Delimiters;
pub use document::{Document, auscultation, document, still};
pub use message::Message;
pub use note::{note, receipt};
pub use outgoing::Outgoing;
pub use part::Part;
pub use person::Person;
pub use refused::Refused;
pub use result::{observed, reading};
pub use segment::Segment;
pub use stamp::Stamp;
