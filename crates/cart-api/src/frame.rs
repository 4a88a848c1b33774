//! How messages lie on the socket: two lengths, JSON, and the bytes of a picture where there is one.
//!
//! ```text
//! u32 big-endian: length of JSON │ u32 big-endian: length of blob │ JSON │ blob
//! ```

use serde::{Serialize, de::DeserializeOwned};

pub const HEADER_BYTES: usize = 8;
/// A state with a worklist of 200 patients takes about 80 KiB.
pub const MAX_JSON_BYTES: u32 = 1024 * 1024;
/// A 4K still as JPEG takes 2–4 MiB.
pub const MAX_BLOB_BYTES: u32 = 16 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("a message of {json} + {blob} bytes is longer than this socket takes")]
    TooLong { json: u64, blob: u64 },
    #[error("the message is not one this version knows")]
    Unknown(#[source] serde_json::Error),
}

/// What follows the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub json: u32,
    pub blob: u32,
}

impl Header {
    /// # Errors
    /// A length beyond the bounds: the peer is not one of ours, the connection is closed.
    pub fn read(bytes: [u8; HEADER_BYTES]) -> Result<Self, FrameError> {
        let [a, b, c, d, e, f, g, h] = bytes;
        let header =
            Self { json: u32::from_be_bytes([a, b, c, d]), blob: u32::from_be_bytes([e, f, g, h]) };
        header.within_bounds()
    }

    fn within_bounds(self) -> Result<Self, FrameError> {
        if self.json > MAX_JSON_BYTES || self.blob > MAX_BLOB_BYTES {
            return Err(FrameError::TooLong { json: self.json.into(), blob: self.blob.into() });
        }
        Ok(self)
    }
}

/// One message, ready to be written or just read.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    pub json: Vec<u8>,
    pub blob: Vec<u8>,
}

impl Frame {
    /// # Errors
    /// The message is longer than the other side would take.
    pub fn new(message: &impl Serialize, blob: Vec<u8>) -> Result<Self, FrameError> {
        let json = serde_json::to_vec(message).map_err(FrameError::Unknown)?;
        let too_long = FrameError::TooLong { json: json.len() as u64, blob: blob.len() as u64 };
        let lengths = (u32::try_from(json.len()), u32::try_from(blob.len()));
        let (Ok(json_length), Ok(blob_length)) = lengths else { return Err(too_long) };
        Header { json: json_length, blob: blob_length }.within_bounds()?;
        Ok(Self { json, blob })
    }

    /// # Errors
    /// The JSON is none of `T`.
    pub fn message<T: DeserializeOwned>(&self) -> Result<T, FrameError> {
        serde_json::from_slice(&self.json).map_err(FrameError::Unknown)
    }

    /// The bytes to write, header first.
    pub fn to_bytes(&self) -> Vec<u8> {
        // `new` has checked that both lengths fit.
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.json.len() + self.blob.len());
        bytes.extend((self.json.len() as u32).to_be_bytes());
        bytes.extend((self.blob.len() as u32).to_be_bytes());
        bytes.extend(&self.json);
        bytes.extend(&self.blob);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_socket() {
        let frame = Frame::new(&"hello", vec![1, 2, 3]).unwrap();
        let bytes = frame.to_bytes();
        let header = Header::read(bytes[..HEADER_BYTES].try_into().unwrap()).unwrap();
        assert_eq!((header.json, header.blob), (7, 3));
        assert_eq!(frame.message::<String>().unwrap(), "hello");
        assert_eq!(&bytes[HEADER_BYTES + 7..], [1, 2, 3]);
    }

    #[test]
    fn a_length_beyond_the_bound_is_refused_before_anything_is_allocated() {
        assert!(Header::read([0xff; HEADER_BYTES]).is_err());
        assert!(Frame::new(&"a".repeat(MAX_JSON_BYTES as usize), Vec::new()).is_err());
    }
}
