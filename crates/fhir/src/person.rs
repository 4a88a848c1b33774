//! Reads a Patient resource. Strict in what identifies: nobody is examined under half a name.

use clinical::{Patient, Sex};
use serde::Deserialize;

use crate::schedule::{ReadError, read};

/// A Patient resource in our words.
pub fn patient(json: &[u8]) -> Result<Patient, ReadError> {
    let raw: RawPatient = read(json, "Patient")?;
    let missing = |missing| {
        let patient = format!("Patient/{}", raw.id);
        move || ReadError::NotIdentifiable { patient, missing }
    };
    let identifier = raw.identifier().ok_or_else(missing("record number"))?;
    let name = raw.name().ok_or_else(missing("name"))?;
    Ok(Patient {
        system: identifier.system.clone(),
        number: identifier.value.clone(),
        family: name.family.clone(),
        given: name.given.join(" "),
        birth_date: raw.birth_date.clone().ok_or_else(missing("birth date"))?,
        sex: sex(raw.gender.as_deref()),
    })
}

/// FHIR administrative-gender; absent is unknown.
fn sex(gender: Option<&str>) -> Sex {
    match gender {
        Some("female") => Sex::Female,
        Some("male") => Sex::Male,
        Some("other") => Sex::Other,
        _ => Sex::Unknown,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPatient {
    #[serde(default)]
    id: String,
    #[serde(default)]
    identifier: Vec<RawIdentifier>,
    #[serde(default)]
    name: Vec<RawName>,
    gender: Option<String>,
    birth_date: Option<String>,
}

#[derive(Deserialize)]
struct RawIdentifier {
    #[serde(default)]
    system: String,
    #[serde(default)]
    value: String,
    r#type: Option<RawConcept>,
}

#[derive(Deserialize)]
struct RawConcept {
    #[serde(default)]
    coding: Vec<RawCoding>,
}

#[derive(Deserialize)]
struct RawCoding {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct RawName {
    r#use: Option<String>,
    #[serde(default)]
    family: String,
    #[serde(default)]
    given: Vec<String>,
}

impl RawPatient {
    /// The medical record number (HL7 v2 table 0203, "MR"), else the first identifier with a system.
    fn identifier(&self) -> Option<&RawIdentifier> {
        let usable =
            || self.identifier.iter().filter(|id| !id.system.is_empty() && !id.value.is_empty());
        usable().find(|id| id.is_record_number()).or_else(|| usable().next())
    }

    /// The official name, else the first one.
    fn name(&self) -> Option<&RawName> {
        let usable = || self.name.iter().filter(|name| !name.family.is_empty());
        usable().find(|name| name.r#use.as_deref() == Some("official")).or_else(|| usable().next())
    }
}

impl RawIdentifier {
    fn is_record_number(&self) -> bool {
        self.r#type
            .as_ref()
            .is_some_and(|kind| kind.coding.iter().any(|coding| coding.code == "MR"))
    }
}
