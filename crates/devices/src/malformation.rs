//! What a device sent that it should not have: a name, and the bytes for the technician.

use std::fmt;

use serde::{Serialize, Serializer};

/// Bytes that are no reading, kept as they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Malformation {
    pub what: Wrong,
    /// At most [`Malformation::LIMIT`] of them.
    #[serde(serialize_with = "as_hex")]
    pub bytes: Vec<u8>,
}

impl Malformation {
    /// Longer than every frame that a supported device sends; a broken line cannot fill the disk.
    pub const LIMIT: usize = 64;

    pub(crate) fn new(what: Wrong, bytes: &[u8]) -> Self {
        Self { what, bytes: bytes[..bytes.len().min(Self::LIMIT)].to_vec() }
    }
}

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// No frame begins here.
    Noise,
    Checksum,
    /// A length that the protocol does not have, or a value cut short.
    Length,
    /// A field outside what the protocol allows.
    Field,
    /// A well-formed frame that nobody asked for.
    Unexpected,
    /// A well-formed value that no patient has.
    Implausible,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Noise => "noise",
            Self::Checksum => "checksum",
            Self::Length => "length",
            Self::Field => "field",
            Self::Unexpected => "unexpected",
            Self::Implausible => "implausible",
        })
    }
}

/// As technicians write bytes.
pub(crate) fn as_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technician_is_shown_the_bytes_in_hexadecimal() {
        let malformation = Malformation::new(Wrong::Checksum, &[0x3E, 0x00, 0xFF]);
        let shown = serde_json::to_value(malformation).unwrap();
        assert_eq!(shown, serde_json::json!({ "what": "checksum", "bytes": "3e00ff" }));
    }
}
