//! Reads what the EHR answers: who is expected where, and what a search found.
//!
//! Lenient in what is absent, because schedules differ.

use serde::{Deserialize, de::DeserializeOwned};

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the EHR's answer is not the {expected} that FHIR describes")]
    Shape { expected: &'static str, source: serde_json::Error },
    #[error("{patient} has no {missing}, without which nobody can be identified")]
    NotIdentifiable { patient: String, missing: &'static str },
}

/// A booked appointment of a patient. References are the server's own, such as "Patient/123".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub patient: String,
    /// Where the schedule names a Location resource.
    pub location: Option<String>,
    /// What the schedule calls the place, where it does.
    pub place: Option<String>,
    /// Why the patient is to be seen; may be empty.
    pub reason: String,
    /// As the server wrote it; for the order only.
    pub start: String,
}

/// The appointments of a searchset Bundle, earliest first. Those without a patient are left out: a
/// meeting, a blocked slot.
pub fn appointments(bundle: &[u8]) -> Result<Vec<Appointment>, ReadError> {
    let bundle: Bundle<RawAppointment> = read(bundle, "Bundle of Appointments")?;
    let mut all: Vec<_> =
        bundle.entry.into_iter().filter_map(|entry| entry.resource.appointment()).collect();
    all.sort_by(|a, b| a.start.cmp(&b.start));
    Ok(all)
}

/// The name of a Location resource.
pub fn location_name(json: &[u8]) -> Result<String, ReadError> {
    let location: RawLocation = read(json, "Location")?;
    Ok(location.name)
}

/// The ids of everything that a search found.
pub fn found_ids(bundle: &[u8]) -> Result<Vec<String>, ReadError> {
    let bundle: Bundle<WithId> = read(bundle, "Bundle")?;
    Ok(bundle.entry.into_iter().map(|entry| entry.resource.id).collect())
}

/// A patient that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundPatient {
    pub id: String,
    pub birth_date: Option<String>,
}

/// The patients of a searchset Bundle.
pub fn found_patients(bundle: &[u8]) -> Result<Vec<FoundPatient>, ReadError> {
    let bundle: Bundle<FoundPatient> = read(bundle, "Bundle of Patients")?;
    Ok(bundle.entry.into_iter().map(|entry| entry.resource).collect())
}

/// The ids of the encounters that are open and whose class is virtual, or of all open ones where none
/// is virtual.
pub fn open_encounters(bundle: &[u8]) -> Result<Vec<String>, ReadError> {
    let bundle: Bundle<RawEncounter> = read(bundle, "Bundle of Encounters")?;
    let open = bundle.entry.into_iter().map(|entry| entry.resource).filter(RawEncounter::is_open);
    let (virtual_ones, others): (Vec<_>, Vec<_>) = open.partition(RawEncounter::is_virtual);
    let found = if virtual_ones.is_empty() { others } else { virtual_ones };
    Ok(found.into_iter().map(|encounter| encounter.id).collect())
}

pub(crate) fn read<T: DeserializeOwned>(
    json: &[u8],
    expected: &'static str,
) -> Result<T, ReadError> {
    serde_json::from_slice(json).map_err(|source| ReadError::Shape { expected, source })
}

#[derive(Deserialize)]
struct Bundle<T> {
    #[serde(default = "Vec::new")]
    entry: Vec<BundleEntry<T>>,
}

#[derive(Deserialize)]
struct BundleEntry<T> {
    resource: T,
}

#[derive(Deserialize)]
struct WithId {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAppointment {
    #[serde(default)]
    description: String,
    #[serde(default)]
    reason_code: Vec<Text>,
    #[serde(default)]
    start: String,
    #[serde(default)]
    participant: Vec<RawParticipant>,
}

#[derive(Deserialize)]
struct RawParticipant {
    actor: Option<RawReference>,
}

#[derive(Clone, Deserialize)]
struct RawReference {
    reference: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    text: Option<String>,
}

impl RawAppointment {
    fn appointment(self) -> Option<Appointment> {
        let patient = self.actor("Patient/")?.reference?;
        let location = self.actor("Location/");
        let reason = self.reason_code.into_iter().find_map(|code| code.text);
        Some(Appointment {
            patient,
            place: location.as_ref().and_then(|location| location.display.clone()),
            location: location.and_then(|location| location.reference),
            reason: reason.unwrap_or(self.description),
            start: self.start,
        })
    }

    fn actor(&self, kind: &str) -> Option<RawReference> {
        let is = |actor: &&RawReference| {
            actor.reference.as_ref().is_some_and(|reference| reference.starts_with(kind))
        };
        self.participant.iter().filter_map(|each| each.actor.as_ref()).find(is).cloned()
    }
}

#[derive(Deserialize)]
struct RawEncounter {
    id: String,
    #[serde(default)]
    status: String,
    class: Option<RawClass>,
}

#[derive(Deserialize)]
struct RawClass {
    #[serde(default)]
    code: String,
}

impl RawEncounter {
    /// EncounterStatus (FHIR R4): before its end and not called off.
    fn is_open(&self) -> bool {
        matches!(
            self.status.as_str(),
            "planned" | "arrived" | "triaged" | "in-progress" | "onleave"
        )
    }

    /// HL7 v3 ActCode VR.
    fn is_virtual(&self) -> bool {
        self.class.as_ref().is_some_and(|class| class.code == "VR")
    }
}

#[derive(Deserialize)]
struct RawLocation {
    #[serde(default)]
    name: String,
}
