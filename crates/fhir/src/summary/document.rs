//! A DocumentReference (FHIR R4 section 2.42): what there is to read in the EHR.

use hub_api::ChartDocument;

use super::{
    Left,
    concept::{words, words_of},
    items, word,
};
use crate::received::json::Json;

pub fn read(resource: &Json<'_>) -> Result<ChartDocument, Left> {
    let status = word(resource, "status").ok_or(Left::Unreadable)?;
    let written = word(resource, "docStatus");
    if status == "entered-in-error" || written == Some("entered-in-error") {
        return Err(Left::Out);
    }
    let attachments: Vec<_> =
        items(resource, "content").iter().filter_map(|content| content.get("attachment")).collect();
    let title = attachments.iter().find_map(|one| word(one, "title"));
    let title = title.or_else(|| word(resource, "description"));
    let category = || items(resource, "category").iter().find_map(words);
    let what = words_of(resource, "type").or_else(category).or_else(|| title.map(str::to_owned));
    let types = attachments.iter().filter_map(|one| word(one, "contentType"));
    let authors = items(resource, "author").iter().filter_map(|one| word(one, "display"));
    let not_usual = (status != "current").then_some(status);
    Ok(ChartDocument {
        what: what.ok_or(Left::Unreadable)?,
        title: title.map(str::to_owned),
        date: date(resource, &attachments).map(str::to_owned),
        authors: authors.map(str::to_owned).collect(),
        content_types: types.map(str::to_owned).collect(),
        status: not_usual.or(written.filter(|status| *status != "final")).map(str::to_owned),
    })
}

fn date<'a>(resource: &'a Json<'_>, attachments: &[&'a Json<'_>]) -> Option<&'a str> {
    let created = || attachments.iter().find_map(|one| word(one, "creation"));
    word(resource, "date").or_else(created)
}
