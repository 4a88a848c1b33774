//! An AllergyIntolerance (FHIR R4 section 9.1). That somebody has none is a statement of its own.

use hub_api::{Allergy, AllergyStatement, Criticality};

use super::{
    Left,
    concept::{has_code, status, when, words, words_of},
    items, word,
};
use crate::{codes::SNOMED, received::json::Json};

/// "No known allergy".
const NONE_KNOWN: &[&str] = &["716186003"];
/// No known allergy to a drug, food, insects, the environment, latex or animals.
const NONE_KNOWN_OF_A_KIND: &[&str] =
    &["409137002", "429625007", "428197003", "428607008", "716184000", "716220001"];
/// International Patient Summary 1.1, absent and unknown data.
const IPS_ABSENT: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
const IPS_NONE_KNOWN: &[&str] = &["no-known-allergies"];
const IPS_NONE_KNOWN_OF_A_KIND: &[&str] = &[
    "no-known-medication-allergies",
    "no-known-environmental-allergies",
    "no-known-food-allergies",
];
const IPS_NOT_ASKED: &[&str] = &["no-allergy-info"];

pub fn read(resource: &Json<'_>) -> Result<Allergy, Left> {
    let verification = status(resource, "verificationStatus");
    if verification.as_deref() == Some("entered-in-error") {
        return Err(Left::Out);
    }
    let what = words_of(resource, "code").or_else(|| substance(resource));
    Ok(Allergy {
        statement: resource.get("code").map_or(AllergyStatement::Allergy, statement),
        what: what.ok_or(Left::Unreadable)?,
        criticality: criticality(resource)?,
        status: status(resource, "clinicalStatus"),
        verification,
        reactions: items(resource, "reaction").iter().filter_map(reaction).collect(),
        onset: when(resource, "onset"),
        recorded: word(resource, "recordedDate").map(str::to_owned),
    })
}

fn statement(code: &Json<'_>) -> AllergyStatement {
    let is = |snomed, ips| has_code(code, SNOMED, snomed) || has_code(code, IPS_ABSENT, ips);
    if is(NONE_KNOWN, IPS_NONE_KNOWN) {
        AllergyStatement::NoneKnown
    } else if is(NONE_KNOWN_OF_A_KIND, IPS_NONE_KNOWN_OF_A_KIND) {
        AllergyStatement::NoneKnownOfAKind
    } else if is(&[], IPS_NOT_ASKED) {
        AllergyStatement::NotAsked
    } else {
        AllergyStatement::Allergy
    }
}

/// Where `code` is absent the reaction may say what it was to.
fn substance(resource: &Json<'_>) -> Option<String> {
    items(resource, "reaction").iter().find_map(|reaction| words_of(reaction, "substance"))
}

/// A word that is none of the three could mean anything, also "high".
fn criticality(resource: &Json<'_>) -> Result<Option<Criticality>, Left> {
    match word(resource, "criticality") {
        None => Ok(None),
        Some("high") => Ok(Some(Criticality::High)),
        Some("low") => Ok(Some(Criticality::Low)),
        Some("unable-to-assess") => Ok(Some(Criticality::UnableToAssess)),
        Some(_) => Err(Left::Unreadable),
    }
}

fn reaction(reaction: &Json<'_>) -> Option<String> {
    let shown: Vec<_> = items(reaction, "manifestation").iter().filter_map(words).collect();
    let described = || word(reaction, "description").map(str::to_owned);
    let what = if shown.is_empty() { described()? } else { shown.join(", ") };
    Some(word(reaction, "severity").map_or(what.clone(), |severity| format!("{what} ({severity})")))
}
