//! Whose chart a message is for, from whom to whom it goes, and the segments that say so: MSH, PID, PV1.

use std::fmt;

use clinical::{Patient, Sex, Timestamp};

use crate::{
    Outgoing, Part, Refused, control_id,
    write::{Line, components, subcomponents, text, time},
};
use uuid::Uuid;

/// What every message to this chart has in common.
#[derive(Clone)]
pub struct Chart {
    pub route: Route,
    pub patient: Patient,
    /// As the EHR told it (ADT). `None`: it told none.
    pub visit: Option<Visit>,
}

/// As the site's interface engine is told to expect it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub sending: Party,
    pub receiving: Party,
    pub processing: Processing,
}

/// Application and facility (MSH-3 to MSH-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub application: String,
    pub facility: String,
}

/// MSH-11, HL7 table 0103.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processing {
    Production,
    Training,
    Debugging,
}

/// PV1, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// PV1-19.
    pub number: Option<Identifier>,
    /// PV1-2, HL7 table 0004, such as `I` for inpatients.
    pub class: Option<String>,
    /// PV1-3.
    pub place: Option<Place>,
}

/// The first components of a location (PL).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Point of care: the ward.
    pub unit: Option<String>,
    pub room: Option<String>,
    pub bed: Option<String>,
    /// The namespace of the facility.
    pub facility: Option<String>,
}

/// A number and who gave it (CX). `Debug` says nothing: it may be a patient's.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    /// As FHIR writes a system: a URI where the authority has a universal id, else its bare name.
    pub system: Option<String>,
    pub number: String,
    /// HL7 table 0203, such as `MR`.
    pub kind: Option<String>,
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identifier(..)")
    }
}

impl Identifier {
    /// `None`: there is no number in it.
    ///
    /// # Errors
    /// It is no text; `field` is for the refusal.
    pub(crate) fn read(part: Part<'_>, field: &'static str) -> Result<Option<Self>, Refused> {
        let Some(number) = part.component(1).read(field)? else { return Ok(None) };
        let authority = |number| part.component(4).subcomponent(number).read(field);
        let system = system(authority(1)?, authority(2)?, authority(3)?);
        Ok(Some(Self { system, number, kind: part.component(5).read(field)? }))
    }

    fn write(&self) -> String {
        let before = components([self.number.as_str()]);
        let authority = self.system.as_deref().map(authority).unwrap_or_default();
        let kind = self.kind.as_deref().map(text).unwrap_or_default();
        format!("{before}^^^{authority}^{kind}").trim_end_matches('^').to_owned()
    }
}

/// From an assigning authority (HD: namespace, universal id and its type, HL7 table 0301).
fn system(
    namespace: Option<String>,
    universal: Option<String>,
    kind: Option<String>,
) -> Option<String> {
    match (universal, kind.as_deref()) {
        (Some(id), Some("ISO")) => Some(format!("urn:oid:{id}")),
        (Some(id), Some("UUID" | "GUID")) => Some(format!("urn:uuid:{}", id.to_lowercase())),
        (Some(id), Some("URI")) => Some(id),
        (Some(id), _) => namespace.or(Some(id)),
        (None, _) => namespace,
    }
}

/// The other way.
fn authority(system: &str) -> String {
    if let Some(id) = system.strip_prefix("urn:oid:") {
        subcomponents(["", id, "ISO"])
    } else if let Some(id) = system.strip_prefix("urn:uuid:") {
        subcomponents(["", id, "UUID"])
    } else if system.contains(':') {
        subcomponents(["", system, "URI"])
    } else {
        text(system)
    }
}

impl Chart {
    /// `kind` is MSH-9; `rest` are the segments after PV1. EVN comes before PID where the structure
    /// has it.
    pub(crate) fn message(&self, kind: Kind, id: Uuid, at: Timestamp, rest: Vec<Line>) -> Outgoing {
        let control_id = control_id(id);
        let event = kind.has_event().then(|| Line::new("EVN").set(1, "T02").set(2, time(at)));
        let head = [Some(self.header(kind, &control_id, at)), event, Some(self.patient())];
        let visit = self.visit(kind);
        let lines = head.into_iter().chain([visit]).flatten().chain(rest);
        let bytes = lines.map(Line::finish).collect::<String>().into_bytes();
        Outgoing { control_id, bytes }
    }

    /// The time is that of the entry and not that of sending: each retry is the same bytes.
    fn header(&self, kind: Kind, control_id: &str, at: Timestamp) -> Line {
        let Route { sending, receiving, processing } = &self.route;
        Line::new("MSH")
            .set(2, "^~\\&")
            .set(3, text(&sending.application))
            .set(4, text(&sending.facility))
            .set(5, text(&receiving.application))
            .set(6, text(&receiving.facility))
            .set(7, time(at))
            .set(9, kind.written())
            .set(10, control_id)
            .set(11, processing.letter())
            .set(12, "2.5.1")
            .set(18, "UNICODE UTF-8")
    }

    fn patient(&self) -> Line {
        let Patient { system, number, family, given, birth_date, sex } = &self.patient;
        let system = Some(system.clone()).filter(|system| !system.is_empty());
        let number = Identifier { system, number: number.clone(), kind: Some("MR".to_owned()) };
        Line::new("PID")
            .set(1, "1")
            .set(3, number.write())
            .set(5, components([family.as_str(), given.as_str()]))
            .set_if(7, day(birth_date))
            .set(8, letter(*sex))
    }

    /// Optional in a result; a document has one always, if only to say that the class is unknown.
    fn visit(&self, kind: Kind) -> Option<Line> {
        let none = Visit::default();
        let visit = match (&self.visit, kind) {
            (Some(visit), _) => visit,
            (None, Kind::Document) => &none,
            (None, Kind::Result) => return None,
        };
        let line = Line::new("PV1")
            .set(1, "1")
            .set(2, visit.class.as_deref().map_or("U".to_owned(), text))
            .set_if(3, visit.place.as_ref().map(Place::write))
            .set_if(19, visit.number.as_ref().map(Identifier::write));
        Some(line)
    }
}

impl Place {
    /// `None`: no part of it is told.
    pub(crate) fn read(part: Part<'_>, field: &'static str) -> Result<Option<Self>, Refused> {
        let at = |number| part.component(number).read(field);
        let facility = part.component(4).subcomponent(1).read(field)?;
        let place = Self { unit: at(1)?, room: at(2)?, bed: at(3)?, facility };
        Ok((place != Self::default()).then_some(place))
    }

    fn write(&self) -> String {
        let parts = [&self.unit, &self.room, &self.bed, &self.facility];
        components(parts.map(|part| part.as_deref().unwrap_or_default()))
    }
}

/// MSH-9: type, event and structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// ORU^R01.
    Result,
    /// MDM^T02.
    Document,
}

impl Kind {
    fn written(self) -> &'static str {
        match self {
            Self::Result => "ORU^R01^ORU_R01",
            Self::Document => "MDM^T02^MDM_T02",
        }
    }

    fn has_event(self) -> bool {
        self == Self::Document
    }
}

impl Processing {
    fn letter(self) -> &'static str {
        match self {
            Self::Production => "P",
            Self::Training => "T",
            Self::Debugging => "D",
        }
    }
}

/// Year, month and day as far as they are known. What is no date is absent.
fn day(iso: &str) -> Option<String> {
    let digits = iso.replace('-', "");
    let whole =
        matches!(digits.len(), 4 | 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_digit());
    whole.then_some(digits)
}

/// HL7 table 0001.
fn letter(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Other => "O",
        Sex::Unknown => "U",
    }
}
