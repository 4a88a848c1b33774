//! Takes in a new or a changed resource by the rules of the server.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    rules::Rules,
    search::{has_identifier, patient_of},
    shelf::Shelf,
};

/// Why a resource is not taken: status, code, words.
pub type Refusal = (StatusCode, &'static str, String);

/// The resource as the server keeps it.
///
/// # Errors
/// What its rules have against it.
pub fn check(rules: &Rules, shelf: &Shelf, mut resource: Value) -> Result<Value, Refusal> {
    let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
    let bad = |words: &str| Err((StatusCode::BAD_REQUEST, "59100", words.to_owned()));
    let Some(patient) = patient_of(&resource) else { return bad("it has no subject") };
    if shelf.find("Patient", patient).is_none() {
        return bad("its subject is not known");
    }
    if rules.needs_open_encounter && kind != "Encounter" && !has_open_encounter(shelf, &resource) {
        return bad("it has no open encounter of its patient");
    }
    if rules.plain_text_only && kind == "DocumentReference" {
        let attachments = resource["content"].as_array().map_or(0, Vec::len);
        if attachments != 1 || resource["content"][0]["attachment"]["contentType"] != "text/plain" {
            return bad("a document is one text/plain attachment");
        }
    }
    if rules.refuses_repeated_vitals && kind == "Observation" && is_repeated(shelf, &resource) {
        return Err((StatusCode::BAD_REQUEST, "59189", "Reading already exists".to_owned()));
    }
    if rules.drops_identifiers_of.contains(&kind.as_str()) {
        resource["identifier"] = json!([]);
    }
    Ok(resource)
}

/// The ids of the resources of this kind with this identifier ("identifier=system|value").
pub fn found(shelf: &Shelf, kind: &str, condition: &str) -> Vec<String> {
    let token = condition.trim_start_matches("identifier=").replace("%7C", "|");
    let same = shelf.of_kind(kind).filter(|resource| has_identifier(resource, &token));
    same.filter_map(|resource| resource["id"].as_str().map(str::to_owned)).collect()
}

fn has_open_encounter(shelf: &Shelf, resource: &Value) -> bool {
    let direct = resource["encounter"]["reference"].as_str();
    let reference = direct.or_else(|| resource["context"]["encounter"][0]["reference"].as_str());
    let id = reference.and_then(|reference| reference.strip_prefix("Encounter/"));
    let encounter = id.and_then(|id| shelf.find("Encounter", id));
    encounter.is_some_and(|encounter| {
        encounter["status"] != "finished" && patient_of(encounter) == patient_of(resource)
    })
}

fn is_repeated(shelf: &Shelf, resource: &Value) -> bool {
    shelf.of_kind("Observation").any(|known| {
        patient_of(known) == patient_of(resource)
            && known["effectiveDateTime"] == resource["effectiveDateTime"]
            && known["code"]["coding"][0]["code"] == resource["code"]["coding"][0]["code"]
    })
}
