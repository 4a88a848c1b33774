//! An entry together with the bytes that stand for it, from the cart to the hub's archive.
//!
//! The bytes are written once, where the entry is made, and never written again from the parsed
//! form: a later version could write the same entry differently and break its hash.

use std::fmt;

use clinical::{Attachment, Entry, EntryBody};

use crate::blob::sha256_hex;

#[derive(Clone)]
pub struct SealedEntry {
    entry: Entry,
    bytes: Vec<u8>,
    sha256: String,
}

/// Tells where, not what: the text around it may name a patient.
#[derive(Debug, thiserror::Error)]
#[error("the entry is not one this version knows, from line {line}, column {column}")]
pub struct ReadEntryError {
    line: usize,
    column: usize,
}

impl SealedEntry {
    /// For whoever makes the entry.
    pub fn seal(entry: Entry) -> Self {
        let bytes = serde_json::to_vec(&entry).expect("all keys of an entry are text");
        Self { sha256: sha256_hex(&bytes), bytes, entry }
    }

    /// For whoever is sent the entry: the bytes as they came, JSON of [`Entry`].
    ///
    /// # Errors
    /// The bytes are no entry.
    pub fn read(bytes: Vec<u8>) -> Result<Self, ReadEntryError> {
        let entry = serde_json::from_slice(&bytes)
            .map_err(|error| ReadEntryError { line: error.line(), column: error.column() })?;
        Ok(Self { entry, sha256: sha256_hex(&bytes), bytes })
    }

    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    pub fn into_entry(self) -> Entry {
        self.entry
    }

    /// What is sent, stored and hashed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of [`SealedEntry::bytes`], in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The picture or sound that must be at a destination before the entry is sent there.
    pub fn attachment(&self) -> Option<Attachment<'_>> {
        self.entry.body.attachment()
    }

    pub(crate) fn opens(&self) -> bool {
        self.kind() == "opened"
    }

    pub(crate) fn kind(&self) -> &'static str {
        match &self.entry.body {
            EntryBody::Opened(_) => "opened",
            EntryBody::Reading(_) => "reading",
            EntryBody::Observed(_) => "observed",
            EntryBody::Still(_) => "still",
            EntryBody::Auscultation(_) => "auscultation",
            EntryBody::Note(_) => "note",
            EntryBody::Closed => "closed",
        }
    }
}

impl fmt::Debug for SealedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedEntry({})", self.entry.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACED: &str = r#"{ "id": "0193a5e0-0000-7000-8000-000000000001",
        "encounter": "0193a5e0-ffff-7000-8000-000000000001",
        "recorded": "2026-11-22T07:42:00.007Z", "body": { "type": "closed" }, "new_field": 1 }"#;

    #[test]
    fn bytes_that_another_version_wrote_are_kept_as_they_came() {
        let sealed = SealedEntry::read(SPACED.into()).unwrap();
        assert_eq!(sealed.bytes(), SPACED.as_bytes());
        assert_eq!(sealed.sha256(), sha256_hex(SPACED.as_bytes()));
        assert_eq!(sealed.kind(), "closed");
    }

    #[test]
    fn an_entry_that_is_none_is_refused_without_telling_its_words() {
        let broken = SPACED.replace("closed", "Okafor");
        let error = SealedEntry::read(broken.into()).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains("Okafor"), "{told}");
    }
}
