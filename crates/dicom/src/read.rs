//! What a file holds, for comparing what an archive gives back with what was sent.

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};

use crate::walk::{Broken, Element, Value, elements};

/// A stored file: which one it is, and what a physician would look at.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    pub sop_instance_uid: String,
    pub content: Content,
}

/// An archive may put patient and study right; these it may not touch.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    Picture {
        rows: Vec<u8>,
        columns: Vec<u8>,
        photometric: Vec<u8>,
        encoded: Vec<u8>,
    },
    /// The samples and the numbers that make microvolts of them, as they are written.
    Waveform {
        hertz: Vec<u8>,
        sensitivity: Vec<u8>,
        baseline: Vec<u8>,
        samples: Vec<u8>,
    },
}

/// Why a file cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("these bytes are no DICOM file")]
    NoFile,
    #[error("the file breaks off, or is not coded as its header says")]
    Broken,
    #[error("the file is coded in another way than it was sent")]
    Syntax,
    #[error("the file has no picture and no waveform")]
    Nothing,
}

impl From<Broken> for Unreadable {
    fn from(_: Broken) -> Self {
        Self::Broken
    }
}

/// Of a file in one of the transfer syntaxes that are sent.
///
/// # Errors
/// It cannot be compared with one that was sent.
pub fn read(file: &[u8]) -> Result<Held, Unreadable> {
    // PS3.10 section 7.1: 128 bytes of anything, then this.
    let set = file.get(128..).and_then(|rest| rest.strip_prefix(b"DICM"));
    let all: Vec<_> = elements(set.ok_or(Unreadable::NoFile)?).collect::<Result<_, _>>()?;
    match &*text(&all, tags::TRANSFER_SYNTAX_UID) {
        uids::EXPLICIT_VR_LITTLE_ENDIAN | uids::JPEG_BASELINE8_BIT | uids::JPEG_EXTENDED12_BIT => {}
        _ => return Err(Unreadable::Syntax),
    }
    Ok(Held {
        sop_instance_uid: text(&all, tags::SOP_INSTANCE_UID),
        content: match picture(&all)? {
            Some(picture) => picture,
            None => waveform(&all)?,
        },
    })
}

fn picture(all: &[Element<'_>]) -> Result<Option<Content>, Unreadable> {
    let encoded = match find(all, tags::PIXEL_DATA) {
        None => return Ok(None),
        Some(Value::Bytes(_)) => return Err(Unreadable::Syntax),
        Some(frames) => {
            // The first item is the table of offsets.
            let fragments: Vec<_> = frames.items().skip(1).collect::<Result<_, _>>()?;
            fragments.concat()
        }
    };
    // The last fragment may be filled up to an even length.
    let length = encoded.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    Ok(Some(Content::Picture {
        rows: value(all, tags::ROWS),
        columns: value(all, tags::COLUMNS),
        photometric: value(all, tags::PHOTOMETRIC_INTERPRETATION),
        encoded: encoded[..length].to_vec(),
    }))
}

fn waveform(all: &[Element<'_>]) -> Result<Content, Unreadable> {
    let group = first(all, tags::WAVEFORM_SEQUENCE)?;
    let channel = first(&group, tags::CHANNEL_DEFINITION_SEQUENCE)?;
    Ok(Content::Waveform {
        hertz: value(&group, tags::SAMPLING_FREQUENCY),
        sensitivity: value(&channel, tags::CHANNEL_SENSITIVITY),
        baseline: value(&channel, tags::CHANNEL_BASELINE),
        samples: value(&group, tags::WAVEFORM_DATA),
    })
}

/// The elements of a sequence's first item.
fn first<'a>(all: &[Element<'a>], tag: Tag) -> Result<Vec<Element<'a>>, Unreadable> {
    let item = find(all, tag).and_then(|sequence| sequence.items().next());
    Ok(elements(item.ok_or(Unreadable::Nothing)??).collect::<Result<_, _>>()?)
}

fn find<'a>(all: &[Element<'a>], tag: Tag) -> Option<Value<'a>> {
    all.iter().find(|element| element.tag == tag).map(|element| element.value)
}

fn value(all: &[Element<'_>], tag: Tag) -> Vec<u8> {
    find(all, tag).map(|value| value.bytes().to_vec()).unwrap_or_default()
}

fn text(all: &[Element<'_>], tag: Tag) -> String {
    let bytes = value(all, tag);
    String::from_utf8_lossy(&bytes).trim_end_matches(['\0', ' ']).to_owned()
}
