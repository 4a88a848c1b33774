//! The physician's note, and the receipt of a consult, as an original document with its content: MDM^T02 (HL7 2.5.1, section 9.6.2).

use clinical::{EntryId, Note, Timestamp};
use terminology::{CONSULT_NOTE, Coding, EPISODE_SUMMARY};

use crate::{
    Chart, Outgoing,
    chart::Kind,
    control_id,
    result::NAMESPACE,
    write::{Line, coded, components, formatted, time},
};

/// The physician who signs it is known to the EHR by name only.
pub fn note(id: EntryId, note: &Note, written: Timestamp, chart: &Chart) -> Outgoing {
    original(id, (CONSULT_NOTE, note), written, chart)
}

/// What was done in a visit and what became of it, told by the machine that is its author.
pub fn receipt(id: EntryId, receipt: &Note, made: Timestamp, chart: &Chart) -> Outgoing {
    original(id, (EPISODE_SUMMARY, receipt), made, chart)
}

fn original(
    id: EntryId,
    (kind, note): (Coding, &Note),
    written: Timestamp,
    chart: &Chart,
) -> Outgoing {
    let at = time(written);
    // One text in the place of the family name: nobody can tell its parts.
    let author = components(["", note.author.as_str()]);
    let header = Line::new("TXA")
        .set(1, "1")
        // Consultation, as formatted text (HL7 tables 0270 and 0191).
        .set(2, "CN")
        .set(3, "FT")
        .set(4, at.clone())
        .set(6, at.clone())
        .set(9, author.clone())
        .set(12, components([control_id(id.uuid()).as_str(), NAMESPACE]))
        // Authenticated, and available for patient care (tables 0271 and 0273).
        .set(17, "AU")
        .set(19, "AV");
    let content = Line::new("OBX")
        .set(1, "1")
        .set(2, "FT")
        .set(3, coded(&[kind]))
        .set(5, formatted(&note.text))
        .set(11, "F")
        .set(14, at)
        .set(16, author);
    chart.message(Kind::Document, id.uuid(), written, vec![header, content])
}
