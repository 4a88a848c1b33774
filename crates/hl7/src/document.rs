//! Pictures and other files as encapsulated data in a result: ORU^R01 with OBX of type ED.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clinical::{Auscultation, EntryId, Still, Timestamp};
use terminology::{AUSCULTATION, Coding, PHOTOGRAPH};

use crate::{
    Chart, Outgoing,
    chart::Kind,
    result::{NAMESPACE, What, order},
    write::{Line, coded, components, text, time},
};

/// A file and what it is.
pub struct Document<'a> {
    pub what: Coding,
    /// Such as `application/pdf`.
    pub media_type: &'a str,
    pub content: &'a [u8],
    pub made: Timestamp,
    /// What is to be known about it, each a sentence.
    pub remarks: &'a [String],
}

/// `jpeg` is what lies under the still's hash.
pub fn still(id: EntryId, still: &Still, jpeg: &[u8], chart: &Chart) -> Outgoing {
    let (media_type, made) = (still.media_type.as_str(), still.taken);
    let remarks: Vec<_> = still.examined.map(|examined| examined.words()).into_iter().collect();
    let of = Document { what: PHOTOGRAPH, media_type, content: jpeg, made, remarks: &remarks };
    document(id, &of, chart)
}

/// `wav` is what lies under the sound's hash. Most places have no code for OBX-20: a comment says it in words.
pub fn auscultation(id: EntryId, sound: &Auscultation, wav: &[u8], chart: &Chart) -> Outgoing {
    let (media_type, made) = (sound.media_type.as_str(), sound.began);
    let words = format!("Auscultation, {}", sound.site.words());
    let remarks: Vec<_> = [words].into_iter().chain(sound.remark()).collect();
    let of = Document { what: AUSCULTATION, media_type, content: wav, made, remarks: &remarks };
    document(id, &of, chart)
}

/// Base64 without line breaks: a carriage return would end the segment.
pub fn document(id: EntryId, of: &Document<'_>, chart: &Chart) -> Outgoing {
    let (kind, subtype) = kinds(of.media_type);
    let about = components([NAMESPACE, kind, subtype.as_str(), "Base64"]);
    let mut lines = order(id, &What::of(of.what), of.made);
    let content = Line::new("OBX")
        .set(1, "1")
        .set(2, "ED")
        .set(3, coded(&[of.what]))
        .set(5, format!("{about}^{}", STANDARD.encode(of.content)))
        .set(11, "F")
        .set(14, time(of.made));
    lines.push(content);
    lines.extend(of.remarks.iter().map(|remark| Line::new("NTE").set(3, text(remark))));
    chart.message(Kind::Result, id.uuid(), of.made, lines)
}

/// The type of data (HL7 table 0191) and its subtype (table 0291), from a media type.
fn kinds(media_type: &str) -> (&'static str, String) {
    let (family, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
    let kind = match family {
        "image" => "IM",
        "audio" => "AU",
        "text" => "TEXT",
        _ => "AP",
    };
    (kind, subtype.to_ascii_uppercase())
}
