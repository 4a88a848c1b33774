//! How a Bluetooth device is written: its address, behind the adapter where a cart has several.

use std::{fmt, str::FromStr};

use super::ParseLinkAddressError;

/// `AA:BB:CC:DD:EE:FF` or `hci1/AA:BB:CC:DD:EE:FF`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BleAddress {
    /// As BlueZ names it. `None`: the first one that there is.
    pub adapter: Option<String>,
    /// The first written byte first. Of a device that changes its address for privacy: the one
    /// that it told when it was paired.
    pub device: [u8; 6],
}

impl FromStr for BleAddress {
    type Err = ParseLinkAddressError;

    fn from_str(text: &str) -> Result<Self, ParseLinkAddressError> {
        let wrong = || ParseLinkAddressError::Bluetooth(text.to_owned());
        let (adapter, device) = match text.split_once('/') {
            Some((adapter, device)) => (Some(adapter), device),
            None => (None, text),
        };
        let is_adapter = |name: &&str| {
            let number = name.strip_prefix("hci").unwrap_or_default();
            !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit())
        };
        if adapter.is_some_and(|name| !is_adapter(&name)) {
            return Err(wrong());
        }
        let mut parts = device.split(':');
        let mut bytes = [0; 6];
        for byte in &mut bytes {
            let digits = parts.next().filter(|digits| digits.len() == 2).ok_or_else(wrong)?;
            // A sign is no digit, though `from_str_radix` takes one.
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(wrong());
            }
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self { adapter: adapter.map(str::to_owned), device: bytes })
    }
}

impl fmt::Display for BleAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(adapter) = &self.adapter {
            write!(f, "{adapter}/")?;
        }
        let [a, b, c, d, e, last] = self.device;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{last:02X}")
    }
}
