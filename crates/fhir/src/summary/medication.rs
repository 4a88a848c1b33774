//! A MedicationRequest (FHIR R4 section 11.1) or MedicationStatement (11.3) that is not over.

use hub_api::Medication;

use super::{
    Left,
    concept::{words, words_of},
    items, word,
};
use crate::received::json::Json;

pub fn read(resource: &Json<'_>) -> Result<Medication, Left> {
    let status = word(resource, "status").ok_or(Left::Unreadable)?;
    match status {
        "entered-in-error" | "cancelled" | "stopped" | "completed" | "draft" | "not-taken" => {
            return Err(Left::Out);
        }
        // Also what no version of FHIR knows: it may be being taken.
        _ => {}
    }
    let dosages = match resource.get("dosageInstruction") {
        Some(_) => items(resource, "dosageInstruction"),
        None => items(resource, "dosage"),
    };
    let written = ["authoredOn", "dateAsserted", "effectiveDateTime"];
    Ok(Medication {
        what: what(resource).ok_or(Left::Unreadable)?,
        status: status.to_owned(),
        dosage: dosages.iter().filter_map(dosage).collect(),
        written: written.iter().find_map(|name| word(resource, name)).map(str::to_owned),
    })
}

/// A code, a reference with words, or a Medication within the resource.
fn what(resource: &Json<'_>) -> Option<String> {
    words_of(resource, "medicationCodeableConcept").or_else(|| {
        let reference = resource.get("medicationReference")?;
        word(reference, "display").map(str::to_owned).or_else(|| contained(resource, reference))
    })
}

fn contained(resource: &Json<'_>, reference: &Json<'_>) -> Option<String> {
    let id = word(reference, "reference")?.strip_prefix('#')?;
    let within = items(resource, "contained").iter().find(|one| word(one, "id") == Some(id))?;
    words_of(within, "code")
}

/// What a person wrote. A dosage in codes alone is said to be one, and is not put into words here.
fn dosage(dosage: &Json<'_>) -> Option<String> {
    let text = word(dosage, "text").or_else(|| word(dosage, "patientInstruction"));
    let timing = || dosage.get("timing").and_then(|timing| timing.get("code")).and_then(words);
    let is_coded = dosage.get("doseAndRate").is_some() || dosage.get("timing").is_some();
    text.map(str::to_owned)
        .or_else(timing)
        .or_else(|| is_coded.then(|| "dosage in codes only: look in the EHR".to_owned()))
}
