//! An HL7 version 2 message: all of its fields, and whom it means if it is an admission.

use std::collections::BTreeMap;

use hl7::{
    Acknowledgement, Adt, Identifier, Message, Part, Person, Refused, Segment, Visit, adt,
    mllp::{self, Decoder, Unit},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::Checked;

#[derive(Serialize)]
pub struct Understood {
    version: Shown,
    r#type: Shown,
    control_id: Shown,
    character_set: Shown,
    encoding_characters: Shown,
    /// As it came off a connection.
    mllp: bool,
    /// Of an ADT: whom it means, or the reason of the AE or AR that answers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    admission: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledgement: Option<Value>,
    segments: Vec<ShownSegment>,
}

#[derive(Serialize)]
struct ShownSegment {
    name: String,
    /// By the numbers of the standard; those that are absent are left out.
    fields: BTreeMap<usize, Shown>,
}

/// A text, or a list of what is below it: repetitions, components, subcomponents.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown {
    Absent,
    Text(String),
    List(Vec<Shown>),
    Unreadable { unreadable: String, hex: String },
}

pub fn check(bytes: &[u8]) -> Result<Checked<Understood>, String> {
    let mllp = bytes.first() == Some(&mllp::START);
    let inner = if mllp { unframed(bytes)? } else { bytes.to_vec() };
    let message = Message::parse(&inner).map_err(|why| why.to_string())?;
    let written = match mllp {
        true => mllp::frame(message.bytes()).map_err(|why| why.to_string())?,
        false => message.bytes().to_vec(),
    };
    Ok(Checked { understood: understood(&message, mllp), written })
}

/// The one message of a file that begins as a connection does.
fn unframed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut units = Decoder::new(Message::MOST_BYTES).push(bytes);
    match (units.pop(), units.is_empty()) {
        (Some(Unit::Message(message)), true) => Ok(message),
        (Some(Unit::Malformed(why, _)), true) => Err(why.to_string()),
        (Some(_), false) => {
            Err("it has more than one MLLP frame: one message at a time".to_owned())
        }
        (None, _) => Err("its MLLP frame does not end".to_owned()),
    }
}

fn understood(message: &Message, mllp: bool) -> Understood {
    let header = message.header();
    let kind = header.field(9).component(1).raw();
    Understood {
        version: one(header.field(12).component(1)),
        r#type: field(message, header.field(9)),
        control_id: one(header.field(10)),
        character_set: field(message, header.field(18)),
        encoding_characters: one(header.field(2)),
        mllp,
        admission: (kind == b"ADT").then(|| admission(adt(message))),
        acknowledgement: (kind == b"ACK").then(|| acknowledgement(Acknowledgement::read(message))),
        segments: message.segments().map(|of| segment(message, of)).collect(),
    }
}

fn segment(message: &Message, of: Segment<'_>) -> ShownSegment {
    let fields = (1..=of.last_field()).map(|number| (number, of.field(number)));
    let said = fields.filter(|(_, field)| !field.is_absent());
    ShownSegment {
        name: String::from_utf8_lossy(of.name()).into_owned(),
        fields: said.map(|(number, of)| (number, field(message, of))).collect(),
    }
}

fn field(message: &Message, of: Part<'_>) -> Shown {
    let delimiters = message.delimiters();
    let count = |part: Part<'_>, delimiter: Option<u8>| {
        1 + part.raw().iter().filter(|byte| Some(**byte) == delimiter).count()
    };
    let component = |part: Part<'_>| {
        let below = 1..=count(part, delimiters.subcomponent);
        list(below.map(|number| one(part.subcomponent(number))).collect())
    };
    let repetition = |part: Part<'_>| {
        let below = 1..=count(part, Some(delimiters.component));
        list(below.map(|number| component(part.component(number))).collect())
    };
    // The encoding characters have nothing below them.
    let literal = of.first().component(1).subcomponent(1).raw() == of.raw();
    if literal { one(of) } else { list(of.repetitions().map(repetition).collect()) }
}

/// One thing stands for itself.
fn list(mut parts: Vec<Shown>) -> Shown {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            Shown::List(parts)
        }
    }
}

fn one(part: Part<'_>) -> Shown {
    if part.is_deletion() {
        return Shown::Text("\"\"".to_owned());
    }
    match part.text() {
        Ok(None) => Shown::Absent,
        Ok(Some(text)) => Shown::Text(text),
        Err(why) => {
            let hex = part.raw().iter().map(|byte| format!("{byte:02x}")).collect();
            Shown::Unreadable { unreadable: why.to_string(), hex }
        }
    }
}

fn admission(read: Result<Adt, Refused>) -> Value {
    match read {
        Ok(Adt::Stay(stay)) => json!({
            "event": format!("{:?}", stay.event).to_lowercase(),
            "patient": person(&stay.patient),
            "visit": stay.visit.as_ref().map(visit),
        }),
        Ok(Adt::Merge(merges)) => {
            let merges = merges.iter().map(|merge| {
                json!({ "patient": person(&merge.patient), "prior": identifiers(&merge.prior) })
            });
            json!({ "event": "merged", "merges": merges.collect::<Vec<_>>() })
        }
        Err(why) => json!({ "refused": why.to_string() }),
    }
}

fn acknowledgement(read: Result<Acknowledgement, Refused>) -> Value {
    match read {
        Ok(said) => json!({
            "code": said.code.letters(),
            "of": said.of,
            "condition": said.condition,
            "reason": said.reason,
        }),
        Err(why) => json!({ "refused": why.to_string() }),
    }
}

fn person(of: &Person) -> Value {
    json!({
        "identifiers": identifiers(&of.identifiers),
        "family": of.family,
        "given": of.given,
        "birth_date": of.birth_date,
        "sex": of.sex,
    })
}

fn identifiers(all: &[Identifier]) -> Vec<Value> {
    all.iter().map(identifier).collect()
}

fn identifier(of: &Identifier) -> Value {
    json!({ "system": of.system, "number": of.number, "kind": of.kind })
}

fn visit(of: &Visit) -> Value {
    let place = of.place.as_ref().map(|place| {
        json!({
            "unit": place.unit,
            "room": place.room,
            "bed": place.bed,
            "facility": place.facility,
        })
    });
    json!({ "number": of.number.as_ref().map(identifier), "class": of.class, "place": place })
}
