//! Stills, sounds, notes and the receipt of a consult as DocumentReferences with their content inside.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clinical::{Auscultation, EntryId, Note, Still, Timestamp};
use serde::Serialize;

use crate::{
    Chart, Identifier, Resource, codes,
    types::{Attachment, CodeableConcept, Coding, Reference},
};

/// `jpeg` is what lies under the still's hash.
pub fn still(id: EntryId, still: &Still, jpeg: &[u8], chart: &Chart) -> Resource {
    let attachment = Attachment {
        content_type: still.media_type.clone(),
        data: STANDARD.encode(jpeg),
        size: jpeg.len(),
        title: title(still),
        creation: still.taken,
    };
    let mut document = DocumentReference::new(id, still.taken, attachment, chart);
    document.r#type = CodeableConcept::of(codes::PHOTOGRAPH);
    document.finish()
}

fn title(still: &Still) -> String {
    match still.examined {
        None => "Still picture of a telemedicine consult".to_owned(),
        Some(examined) => format!("Still picture, {}", examined.words()),
    }
}

/// `wav` is what lies under the sound's hash. R4 has no place for the site of the body in a document: its title says it.
pub fn auscultation(id: EntryId, sound: &Auscultation, wav: &[u8], chart: &Chart) -> Resource {
    let attachment = Attachment {
        content_type: sound.media_type.clone(),
        data: STANDARD.encode(wav),
        size: wav.len(),
        title: format!("Auscultation, {}", sound.site.words()),
        creation: sound.began,
    };
    let mut document = DocumentReference::new(id, sound.began, attachment, chart);
    document.r#type = CodeableConcept::of(codes::AUSCULTATION);
    document.description = sound.remark();
    document.finish()
}

/// The physician who signs it is known to the EHR by name only.
pub fn note(id: EntryId, note: &Note, written: Timestamp, chart: &Chart) -> Resource {
    let text = Text { title: "Note of a telemedicine consult", kind: codes::CONSULT_NOTE, note };
    text.document(id, written, chart)
}

/// What was done in a visit and what became of it, told by the machine that is its author.
pub fn receipt(id: EntryId, receipt: &Note, made: Timestamp, chart: &Chart) -> Resource {
    let title = "Receipt of a telemedicine consult";
    let text = Text { title, kind: codes::EPISODE_SUMMARY, note: receipt };
    text.document(id, made, chart)
}

struct Text<'a> {
    title: &'static str,
    kind: Coding,
    note: &'a Note,
}

impl Text<'_> {
    fn document(&self, id: EntryId, written: Timestamp, chart: &Chart) -> Resource {
        let Note { author, text } = self.note;
        let attachment = Attachment {
            // Without a charset: FHIR's text is UTF-8, and some EHRs compare this word for word.
            content_type: "text/plain".to_owned(),
            data: STANDARD.encode(text),
            size: text.len(),
            title: self.title.to_owned(),
            creation: written,
        };
        let mut document = DocumentReference::new(id, written, attachment, chart);
        document.r#type = CodeableConcept::of(self.kind);
        document.category = vec![CodeableConcept::of(codes::CLINICAL_NOTE)];
        document.author = vec![Reference::named(author)];
        document.finish()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentReference {
    resource_type: &'static str,
    identifier: [Identifier; 1],
    status: &'static str,
    doc_status: &'static str,
    r#type: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    category: Vec<CodeableConcept>,
    subject: Reference,
    date: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    content: [Content; 1],
    context: Context,
}

#[derive(Serialize)]
struct Content {
    attachment: Attachment,
}

#[derive(Serialize)]
struct Context {
    encounter: [Reference; 1],
}

impl DocumentReference {
    /// What both kinds have in common. The caller adds the type and, of a note, the author.
    fn new(id: EntryId, date: Timestamp, attachment: Attachment, chart: &Chart) -> Self {
        Self {
            resource_type: "DocumentReference",
            identifier: [Identifier::of(id.uuid())],
            status: "current",
            doc_status: "final",
            r#type: CodeableConcept::both([]),
            category: Vec::new(),
            subject: Reference::to(&chart.patient),
            date,
            author: Vec::new(),
            description: None,
            content: [Content { attachment }],
            context: Context { encounter: [Reference::to(&chart.encounter)] },
        }
    }

    fn finish(self) -> Resource {
        Resource::new("DocumentReference", self.identifier[0].clone(), self.date, &self)
    }
}
