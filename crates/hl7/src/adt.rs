//! What the EHR tells of patients who come, change and go: ADT (HL7 2.5.1, section 3.3).

use crate::{
    Identifier, Message, Part, Person, Place, Refused, Segment, Visit, person::identifiers,
};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adt {
    Stay(Box<Stay>),
    /// A40: numbers that turned out to be the same patient's. One at least.
    Merge(Vec<Merge>),
}

/// A patient, and the visit if the message has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub event: Event,
    pub patient: Person,
    pub visit: Option<Visit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A01.
    Admitted,
    /// A02: the same patient in another place.
    Transferred,
    /// A03.
    Discharged,
    /// A04: an outpatient has come.
    Registered,
    /// A08: the same as before with other details.
    Updated,
    /// A11: the admission or registration was a mistake.
    Cancelled,
    /// A13: the discharge was a mistake.
    Undischarged,
}

/// What was known under the prior numbers belongs to the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub patient: Person,
    /// MRG-1; one at least.
    pub prior: Vec<Identifier>,
}

/// # Errors
/// It is another kind of message, or does not say who is meant. The error is the reason of an AE or AR.
pub fn adt(message: &Message) -> Result<Adt, Refused> {
    let kind = message.header().field(9);
    let code = kind.component(1).read("MSH-9")?.ok_or(Refused::Missing("MSH-9"))?;
    let event = kind.component(2).read("MSH-9")?;
    // Who sends it needs its number in the acknowledgement.
    message.header().field(10).read("MSH-10")?.ok_or(Refused::Missing("MSH-10"))?;
    let event = match (code.as_str(), event.as_deref()) {
        ("ADT", Some("A01")) => Event::Admitted,
        ("ADT", Some("A02")) => Event::Transferred,
        ("ADT", Some("A03")) => Event::Discharged,
        ("ADT", Some("A04")) => Event::Registered,
        ("ADT", Some("A08")) => Event::Updated,
        ("ADT", Some("A11")) => Event::Cancelled,
        ("ADT", Some("A13")) => Event::Undischarged,
        ("ADT", Some("A40")) => return merges(message).map(Adt::Merge),
        (code, event) => return Err(not_handled(code, event.unwrap_or_default())),
    };
    let pid = message.segment("PID").ok_or(Refused::Missing("PID"))?;
    let visit = message.segment("PV1").map(visit).transpose()?;
    Ok(Adt::Stay(Box::new(Stay { event, patient: Person::read(pid)?, visit })))
}

/// A PID and its MRG, again and again (ADT_A39).
fn merges(message: &Message) -> Result<Vec<Merge>, Refused> {
    let mut merges = Vec::new();
    let mut waiting: Option<Segment<'_>> = None;
    for segment in message.segments() {
        match (segment.name(), waiting) {
            (b"PID", Some(_)) => return Err(Refused::Missing("MRG")),
            (b"PID", None) => waiting = Some(segment),
            (b"MRG", Some(pid)) => {
                let prior = identifiers(segment.field(1), "MRG-1")?;
                merges.push(Merge { patient: Person::read(pid)?, prior });
                waiting = None;
            }
            (b"MRG", None) => return Err(Refused::Missing("PID")),
            _ => {}
        }
    }
    match (waiting, merges.is_empty()) {
        (Some(_), _) => Err(Refused::Missing("MRG")),
        (None, true) => Err(Refused::Missing("PID")),
        (None, false) => Ok(merges),
    }
}

fn visit(pv1: Segment<'_>) -> Result<Visit, Refused> {
    let first = |part: Part<'_>, name| part.component(1).read(name);
    Ok(Visit {
        number: Identifier::read(pv1.field(19), "PV1-19")?,
        class: first(pv1.field(2), "PV1-2")?,
        place: Place::read(pv1.field(3), "PV1-3")?,
    })
}

/// Somebody else's words go into an acknowledgement: as many of them as a name has, and no others.
fn not_handled(code: &str, event: &str) -> Refused {
    let short = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).take(8).collect()
    };
    Refused::NotHandled(format!("{} {}", short(code), short(event)).trim().to_owned())
}
