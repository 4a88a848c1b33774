//! Device Information Service (0x180A, Bluetooth DIS 1.1): which device it is.

use crate::{Action, Channel, Measured};

const SERVICE: u16 = 0x180A;
const SERIAL: Channel = Channel::sig(SERVICE, 0x2A25);
const FIRMWARE: Channel = Channel::sig(SERVICE, 0x2A26);

/// Longer than any serial number; the record and the screen have to bear it.
const LONGEST: usize = 64;

/// What has been said since the link is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Information {
    serial: Option<String>,
    firmware: Option<String>,
}

impl Information {
    pub(super) fn ask() -> [Action; 2] {
        [Action::Read(SERIAL), Action::Read(FIRMWARE)]
    }

    /// Whether the bytes were meant for this.
    pub(super) fn bytes(&mut self, channel: Channel, bytes: &[u8]) -> bool {
        match channel {
            SERIAL => self.serial = text(bytes),
            FIRMWARE => self.firmware = text(bytes),
            _ => return false,
        }
        true
    }

    pub(super) fn sign(&self, measured: Measured) -> Measured {
        Measured { serial: self.serial.clone(), firmware: self.firmware.clone(), ..measured }
    }
}

/// UTF-8 in the standard; devices pad it with zeros or blanks.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    let fits = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(text(bytes).as_deref(), expected, "{bytes:?}");
    }

    #[test]
    fn padding_is_no_part_of_a_serial_number() {
        check(b"5211202345\0\0", Some("5211202345"));
        check(b" BP-7 v1.2 ", Some("BP-7 v1.2"));
        check("Größe".as_bytes(), Some("Größe"));
    }

    #[test]
    fn what_cannot_be_printed_is_not_known() {
        check(b"", None);
        check(b"\0\0\0", None);
        check(b"12\n34", None);
        check(&[0xFF, 0xFE], None);
        check(&[b'1'; LONGEST + 1], None);
    }
}
