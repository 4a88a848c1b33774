//! Searches with the few parameters that the vendors have in common (FHIR R4 section 3.1.1).

use clinical::Timestamp;
use serde_json::Value;

/// `Err`: the words of the refusal.
pub fn matches(resource: &Value, name: &str, value: &str) -> Result<bool, String> {
    match name {
        "_id" => Ok(resource["id"] == value),
        "identifier" => Ok(has_identifier(resource, value)),
        "patient" | "subject" => Ok(is_of(resource, value)),
        "status" => Ok(value.split(',').any(|word| resource["status"] == word)),
        "date" => is_within(resource, value),
        "code" => Ok(has_code(resource, value)),
        // They only say how much is answered.
        "_count" | "_include" | "actor" | "category" | "type" | "class" | "intent" => Ok(true),
        _ => Err(format!("the parameter {name} is not supported")),
    }
}

/// "system|value" or "value" (3.1.1.4.10).
pub fn has_identifier(resource: &Value, token: &str) -> bool {
    let identifiers = resource["identifier"].as_array().map_or(&[][..], Vec::as_slice);
    identifiers.iter().any(|identifier| match token.split_once('|') {
        Some((system, value)) => identifier["system"] == system && identifier["value"] == value,
        None => identifier["value"] == token,
    })
}

/// Most have a subject; an AllergyIntolerance has a patient.
pub fn patient_of(resource: &Value) -> Option<&str> {
    let whose = |name| resource[name]["reference"].as_str();
    let reference = whose("subject").or_else(|| whose("patient"))?;
    reference.strip_prefix("Patient/")
}

fn is_of(resource: &Value, value: &str) -> bool {
    patient_of(resource) == Some(value.trim_start_matches("Patient/"))
}

fn has_code(resource: &Value, value: &str) -> bool {
    let code = value.rsplit('|').next();
    let codings = resource["code"]["coding"].as_array().map_or(&[][..], Vec::as_slice);
    codings.iter().any(|coding| coding["code"].as_str() == code)
}

/// An instant, or a day, with a prefix (3.1.1.4.7).
fn is_within(resource: &Value, value: &str) -> Result<bool, String> {
    // Schedules are searched by days; every appointment here is of today.
    if resource["resourceType"] == "Appointment" {
        return Ok(true);
    }
    let (prefix, instant) = value.split_at(2.min(value.len()));
    let bound: Timestamp =
        instant.parse().map_err(|_| format!("{value} is not a date with a prefix"))?;
    let own = ["effectiveDateTime", "date"].iter().find_map(|name| resource[*name].as_str());
    let own = own.or_else(|| resource["period"]["start"].as_str());
    let Some(Ok(own)) = own.map(str::parse::<Timestamp>) else { return Ok(false) };
    match prefix {
        "ge" => Ok(own >= bound),
        "le" => Ok(own <= bound),
        _ => Err(format!("the prefix {prefix} is not supported")),
    }
}
