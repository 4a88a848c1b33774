//! E2E-CRC of continuous glucose monitoring (Bluetooth CGM Service 1.0.2, 3.11): CRC-16/MCRF4XX.

use crate::Wrong;

/// CCITT, reflected.
const POLYNOMIAL: u16 = 0x8408;

pub(super) fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ POLYNOMIAL }
        })
    })
}

/// A value that is `length` bytes long without its CRC: the value, and whether the CRC is right.
/// `None`: it has none.
pub(super) fn checked(bytes: &[u8], length: usize) -> Result<(&[u8], Option<bool>), Wrong> {
    let (value, rest) = bytes.split_at_checked(length).ok_or(Wrong::Length)?;
    match *rest {
        [] => Ok((value, None)),
        [low, high] => Ok((value, Some(u16::from_le_bytes([low, high]) == crc(value)))),
        _ => Err(Wrong::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue_of_crcs_comes_out() {
        assert_eq!(crc(b"123456789"), 0x6F91);
        assert_eq!(crc(b"A"), 0x5C0A);
        assert_eq!(crc(b""), 0xFFFF);
    }

    #[test]
    fn a_value_has_its_crc_or_none() {
        assert_eq!(checked(&[2, 0], 2), Ok((&[2, 0][..], None)));
        assert_eq!(checked(&[2, 0, 0x08, 0xC3], 2), Ok((&[2, 0][..], Some(true))));
        assert_eq!(checked(&[2, 0, 0x09, 0xC3], 2), Ok((&[2, 0][..], Some(false))));
        assert_eq!(checked(&[2, 0, 1], 2), Err(Wrong::Length));
        assert_eq!(checked(&[2], 2), Err(Wrong::Length));
    }
}
