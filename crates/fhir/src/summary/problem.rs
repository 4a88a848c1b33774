//! A Condition of the problem list (FHIR R4 section 9.2).

use hub_api::ChartProblem;

use super::{
    Left,
    concept::{status, when, words_of},
    word,
};
use crate::received::json::Json;

pub fn read(resource: &Json<'_>) -> Result<ChartProblem, Left> {
    let verification = status(resource, "verificationStatus");
    if verification.as_deref() == Some("entered-in-error") {
        return Err(Left::Out);
    }
    Ok(ChartProblem {
        what: words_of(resource, "code").ok_or(Left::Unreadable)?,
        status: status(resource, "clinicalStatus"),
        verification,
        onset: when(resource, "onset"),
        recorded: word(resource, "recordedDate").map(str::to_owned),
    })
}
