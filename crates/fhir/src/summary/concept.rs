//! What a code says to a person (CodeableConcept, FHIR R4 section 2.24.0.6), and when something was.

use super::{items, word};
use crate::received::json::Json;

/// Its text, else what a coding displays, else the code with its system. `None`: it says nothing.
pub fn words(concept: &Json<'_>) -> Option<String> {
    let text = word(concept, "text").map(str::to_owned);
    let displayed = || {
        let codings = items(concept, "coding");
        codings.iter().find_map(|coding| word(coding, "display")).map(str::to_owned)
    };
    text.or_else(displayed).or_else(|| items(concept, "coding").iter().find_map(bare))
}

fn bare(coding: &Json<'_>) -> Option<String> {
    let code = word(coding, "code")?;
    Some(
        word(coding, "system")
            .map_or_else(|| code.to_owned(), |system| format!("{code} ({system})")),
    )
}

/// Of a member of the resource.
pub fn words_of(resource: &Json<'_>, name: &str) -> Option<String> {
    words(resource.get(name)?)
}

/// Of a status: the code, because its words differ from server to server.
pub fn status(resource: &Json<'_>, name: &str) -> Option<String> {
    let concept = resource.get(name)?;
    let code = items(concept, "coding").iter().find_map(|coding| word(coding, "code"));
    code.or_else(|| word(concept, "text")).map(str::to_owned)
}

pub fn has_code(concept: &Json<'_>, system: &str, codes: &[&str]) -> bool {
    items(concept, "coding").iter().any(|coding| {
        word(coding, "system") == Some(system)
            && word(coding, "code").is_some_and(|code| codes.contains(&code))
    })
}

/// A time in one of its forms (`name`DateTime, Period, String, Age, Range), as it was written.
pub fn when(resource: &Json<'_>, name: &str) -> Option<String> {
    let member = |form: &str| resource.get(&format!("{name}{form}"));
    let text = |form: &str| member(form).and_then(Json::text).map(str::to_owned);
    let written = text("DateTime").or_else(|| text("Instant")).or_else(|| text("String"));
    written
        .or_else(|| member("Period").and_then(period))
        .or_else(|| member("Age").and_then(|age| Some(format!("at age {}", quantity(age)?))))
        .or_else(|| member("Range").and_then(range))
}

fn period(period: &Json<'_>) -> Option<String> {
    match (word(period, "start"), word(period, "end")) {
        (Some(start), Some(end)) => Some(format!("{start} to {end}")),
        (Some(start), None) => Some(format!("since {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => None,
    }
}

fn range(range: &Json<'_>) -> Option<String> {
    let bound = |name| range.get(name).and_then(quantity);
    match (bound("low"), bound("high")) {
        (Some(low), Some(high)) => Some(format!("at {low} to {high}")),
        (Some(low), None) => Some(format!("from {low} on")),
        (None, Some(high)) => Some(format!("up to {high}")),
        (None, None) => None,
    }
}

fn quantity(quantity: &Json<'_>) -> Option<String> {
    let Some(Json::Number(digits)) = quantity.get("value") else { return None };
    let unit = word(quantity, "unit").or_else(|| word(quantity, "code"));
    Some(unit.map_or_else(|| (*digits).to_owned(), |unit| format!("{digits} {unit}")))
}
