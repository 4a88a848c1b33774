//! The type of an attribute: of 16 bits, which the Bluetooth SIG assigned, or of 128.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uuid {
    Short(u16),
    /// The first written digit in the highest bits.
    Long(u128),
}

/// What a 16-bit UUID stands for (Bluetooth Core, Vol 3, Part B, 2.5.1).
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5F9B_34FB;

impl Uuid {
    /// As it travels: 2 or 16 bytes, the lowest first.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Short(short) => short.to_le_bytes().to_vec(),
            Self::Long(long) => long.to_le_bytes().to_vec(),
        }
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if let Ok(short) = bytes.try_into() {
            return Some(Self::Short(u16::from_le_bytes(short)));
        }
        let long = u128::from_le_bytes(bytes.try_into().ok()?);
        // A host may ask for an assigned number at full length.
        match u16::try_from(long >> 96) {
            Ok(short) if BASE | u128::from(short) << 96 == long => Some(Self::Short(short)),
            Ok(_) | Err(_) => Some(Self::Long(long)),
        }
    }
}

impl From<u16> for Uuid {
    fn from(short: u16) -> Self {
        Self::Short(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assigned_number_at_full_length_is_the_short_one() {
        let long = BASE | 0x2A35 << 96;
        assert_eq!(Uuid::from_bytes(&long.to_le_bytes()), Some(Uuid::Short(0x2A35)));
        assert_eq!(Uuid::from_bytes(&[0x35, 0x2A]), Some(Uuid::Short(0x2A35)));
        assert_eq!(Uuid::from_bytes(&[1, 2, 3]), None);
        assert_eq!(Uuid::from_bytes(&Uuid::Long(7).bytes()), Some(Uuid::Long(7)));
    }
}
