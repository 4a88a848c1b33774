//! How a USB HID device is written: by its node, or by what it is.

use std::{fmt, path::PathBuf, str::FromStr};

use devices::catalogue::UsbId;

use super::ParseLinkAddressError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HidAddress {
    Node(PathBuf),
    /// Wherever it is plugged in. Without the serial number only one of the kind may be there.
    Device {
        id: UsbId,
        serial: Option<String>,
    },
}

impl FromStr for HidAddress {
    type Err = ParseLinkAddressError;

    fn from_str(text: &str) -> Result<Self, ParseLinkAddressError> {
        if text.starts_with('/') {
            return super::node(text).map(Self::Node);
        }
        let wrong = || ParseLinkAddressError::Usb(text.to_owned());
        let mut parts = text.splitn(3, ':');
        let mut number = || -> Option<u16> {
            let digits = parts.next().filter(|digits| digits.len() == 4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let id = UsbId(number().ok_or_else(wrong)?, number().ok_or_else(wrong)?);
        let serial = parts.next().map(str::to_owned);
        if serial.as_ref().is_some_and(String::is_empty) {
            return Err(wrong());
        }
        Ok(Self::Device { id, serial })
    }
}

impl fmt::Display for HidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(path) => write!(f, "{}", path.display()),
            Self::Device { id: UsbId(vendor, product), serial } => {
                write!(f, "{vendor:04x}:{product:04x}")?;
                serial.iter().try_for_each(|serial| write!(f, ":{serial}"))
            }
        }
    }
}
