//! The type of a Bluetooth attribute.

use std::fmt;

/// 128 bits, the first written digit in the highest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

/// Bluetooth Core Specification, volume 3, part B, 2.5.1: what a 16-bit UUID stands for.
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5F9B_34FB;

impl Uuid {
    pub const fn new(bits: u128) -> Self {
        Self(bits)
    }

    /// Of 16 bits, which the Bluetooth SIG assigned.
    pub const fn sig(short: u16) -> Self {
        Self(BASE | (short as u128) << 96)
    }

    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The 16 bits, for one that the Bluetooth SIG assigned.
    pub fn short(self) -> Option<u16> {
        let short = u16::try_from(self.0 >> 96).ok()?;
        (Self::sig(short) == self).then_some(short)
    }
}

/// As the Bluetooth SIG writes it: four digits, or all with dashes.
impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(short) = self.short() {
            return write!(f, "{short:04X}");
        }
        let digits = format!("{:032X}", self.0);
        let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assigned_number_is_short_and_any_other_is_long() {
        assert_eq!(Uuid::sig(0x2A35).to_string(), "2A35");
        assert_eq!(Uuid::sig(0x2A35).bits(), 0x0000_2A35_0000_1000_8000_0080_5F9B_34FB);
        let vendor = Uuid::new(0x4953_5343_FE7D_4AE5_8FA9_9FAF_D205_E455);
        assert_eq!(vendor.short(), None);
        assert_eq!(vendor.to_string(), "49535343-FE7D-4AE5-8FA9-9FAFD205E455");
    }
}
