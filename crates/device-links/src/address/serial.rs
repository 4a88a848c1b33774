//! How a serial line is written: its name, and its settings where they are not those of the device.

use std::fmt;

use devices::catalogue::{Line, Parity};

use super::{LinkAddress, ParseLinkAddressError, node};

pub(super) fn parse(text: &str) -> Result<LinkAddress, ParseLinkAddressError> {
    let (path, line) = match text.rsplit_once('@') {
        None => (text, None),
        Some((path, settings)) => (path, Some(line(settings)?)),
    };
    Ok(LinkAddress::Serial { path: node(path)?, line })
}

/// `9600` or `19200,8O1`.
fn line(text: &str) -> Result<Line, ParseLinkAddressError> {
    let (baud, form) = text.split_once(',').unwrap_or((text, "8N1"));
    let speed = baud.parse().ok().filter(|speed| (300..=4_000_000).contains(speed));
    let baud = speed.ok_or_else(|| ParseLinkAddressError::Baud(baud.to_owned()))?;
    let parity = match form {
        "8N1" => Parity::None,
        "8O1" => Parity::Odd,
        _ => return Err(ParseLinkAddressError::Form(form.to_owned())),
    };
    Ok(Line { baud, parity })
}

pub(super) struct Settings(pub(super) Line);

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { baud, parity } = self.0;
        match parity {
            Parity::None => write!(f, "{baud}"),
            Parity::Odd => write!(f, "{baud},8O1"),
        }
    }
}
