//! Patient/$match (FHIR R4 section 8.1.10): by birth date and family name, and only who is certain.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    answer::{refused, resource},
    ehr::Ehr,
};

const MATCH_GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";

pub async fn patient(
    State(ehr): State<Ehr>,
    Path((kind, operation)): Path<(String, String)>,
    body: String,
) -> Response {
    if (kind.as_str(), operation.as_str()) != ("Patient", "$match") || !ehr.rules.matches_patients {
        let words = "this interaction is not offered";
        return refused(StatusCode::METHOD_NOT_ALLOWED, "59203", words);
    }
    if ehr.lock().refused.as_deref() == Some("$match") {
        return refused(StatusCode::FORBIDDEN, "59204", "the application may not match");
    }
    let question: Value = serde_json::from_str(&body).unwrap_or_default();
    let parameters = question["parameter"].as_array().map_or(&[][..], Vec::as_slice);
    let named = |name: &str| parameters.iter().find(|one| one["name"] == name);
    let certain_only = named("onlyCertainMatches").is_some_and(|one| one["valueBoolean"] == true);
    let Some(asked) = named("resource").map(|one| &one["resource"]).filter(|_| certain_only) else {
        return refused(StatusCode::BAD_REQUEST, "59100", "only certain matches are offered");
    };
    let is_same = |one: &&Value| {
        one["birthDate"] == asked["birthDate"]
            && one["name"][0]["family"] == asked["name"][0]["family"]
    };
    let inner = ehr.lock();
    let found: Vec<_> = inner.shelf.of_kind("Patient").filter(is_same).collect();
    // Two are not certain.
    let certain = if found.len() == 1 { found } else { Vec::new() };
    let entry = |one: &Value| {
        let grade = json!({ "url": MATCH_GRADE, "valueCode": "certain" });
        json!({ "resource": one, "search": { "score": 1, "extension": [grade] } })
    };
    let entries: Vec<_> = certain.into_iter().map(entry).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries });
    resource(StatusCode::OK, &bundle)
}
