//! Observations of the category vital-signs (FHIR R4 section 10.1.4.1): the newest of each kind.

use std::collections::HashSet;

use clinical::{Decimal, Timestamp};
use hub_api::{ChartValue, ChartVital};

use super::{
    Left, Listing, Whose,
    concept::{when, words, words_of},
    items, list, word,
};
use crate::received::{Refused, json::Json};

/// All that are listed, and not only the newest: a server may list them in any order and on several pages. What
/// [`last_of_each`] leaves is to be shown.
///
/// # Errors
/// It is no searchset Bundle.
pub fn vitals(bundle: &[u8], of: Whose<'_>) -> Result<Listing<ChartVital>, Refused> {
    list(bundle, of, "Observation", read)
}

/// The newest of each kind, newest first. Those whose time cannot be compared stay all, last.
pub fn last_of_each(mut vitals: Vec<ChartVital>) -> Vec<ChartVital> {
    let at = |vital: &ChartVital| vital.taken.as_ref()?.parse::<Timestamp>().ok();
    vitals.sort_by_key(|vital| std::cmp::Reverse(at(vital).map(Timestamp::millis)));
    let mut seen = HashSet::new();
    vitals.retain(|vital| at(vital).is_none() || seen.insert(vital.what.clone()));
    vitals
}

fn read(resource: &Json<'_>) -> Result<ChartVital, Left> {
    if matches!(word(resource, "status"), Some("entered-in-error" | "cancelled")) {
        return Err(Left::Out);
    }
    let mut values = Vec::new();
    values.extend(value(resource, None)?);
    for component in items(resource, "component") {
        let what = words_of(component, "code").ok_or(Left::Unreadable)?;
        values.extend(value(component, Some(what))?);
    }
    if values.is_empty() {
        return Err(Left::Unreadable);
    }
    let what = words_of(resource, "code").ok_or(Left::Unreadable)?;
    Ok(ChartVital { what, values, taken: when(resource, "effective") })
}

/// `None`: it has no value of its own, as a panel has none.
fn value(of: &Json<'_>, what: Option<String>) -> Result<Option<ChartValue>, Left> {
    let text = |text: String| ChartValue {
        what: what.clone(),
        comparator: None,
        number: None,
        unit: None,
        text: Some(text),
    };
    if let Some(quantity) = of.get("valueQuantity") {
        return quantity_of(quantity, what).map(Some);
    }
    if let Some(said) = word(of, "valueString") {
        return Ok(Some(text(said.to_owned())));
    }
    if let Some(said) = words_of(of, "valueCodeableConcept") {
        return Ok(Some(text(said)));
    }
    if let Some(Json::Number(digits)) = of.get("valueInteger") {
        return Ok(Some(text((*digits).to_owned())));
    }
    if let Some(reason) = of.get("dataAbsentReason").and_then(words) {
        return Ok(Some(text(format!("no value: {reason}"))));
    }
    // A value in a form that is not read here must not look like none.
    let has_other = matches!(of, Json::Object(members) if members.iter().any(|(name, _)| {
        name.strip_prefix("value").is_some_and(|form| form.starts_with(char::is_uppercase))
    }));
    if has_other { Err(Left::Unreadable) } else { Ok(None) }
}

/// The digits as they came. Without a number it says nothing.
fn quantity_of(quantity: &Json<'_>, what: Option<String>) -> Result<ChartValue, Left> {
    let Some(Json::Number(digits)) = quantity.get("value") else { return Err(Left::Unreadable) };
    let number: Decimal = digits.parse().map_err(|_| Left::Unreadable)?;
    Ok(ChartValue {
        what,
        comparator: word(quantity, "comparator").map(str::to_owned),
        number: Some(number),
        unit: word(quantity, "unit").or_else(|| word(quantity, "code")).map(str::to_owned),
        text: None,
    })
}
