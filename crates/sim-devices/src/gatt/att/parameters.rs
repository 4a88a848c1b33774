//! What requests are made of, and how they are refused.

use super::{Refusal, Uuid};

/// First and last handle, and a type of either length.
pub fn range(parameters: &[u8]) -> Result<(u16, u16, Uuid), (u16, Refusal)> {
    let wrong = (0, Refusal::INVALID_PDU);
    let (head, kind) = parameters.split_at_checked(4).ok_or(wrong)?;
    let [start, end] = words(head)?;
    Ok((start, end, Uuid::from_bytes(kind).ok_or(wrong)?))
}

/// Reads exactly `N` little-endian words.
pub fn words<const N: usize>(bytes: &[u8]) -> Result<[u16; N], (u16, Refusal)> {
    if bytes.len() != 2 * N {
        return Err((0, Refusal::INVALID_PDU));
    }
    Ok(std::array::from_fn(|i| u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]])))
}

pub fn error(opcode: u8, handle: u16, refusal: Refusal) -> Vec<u8> {
    let [low, high] = handle.to_le_bytes();
    vec![0x01, opcode, low, high, refusal.0]
}
