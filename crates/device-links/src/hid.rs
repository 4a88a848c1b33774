//! USB HID devices as the kernel shows them in its hidraw class.
//!
//! Knows no report of any device: whether its reports carry a number, and where its node is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use devices::catalogue::UsbId;

use crate::address::HidAddress;

const CLASS: &str = "/sys/class/hidraw";

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FindHidError {
    #[error("no such device is plugged in")]
    None,
    #[error("two such devices are plugged in: the link needs the serial number of one")]
    Several,
}

/// The node of the device that is plugged in now.
pub(crate) fn find(address: &HidAddress) -> Result<PathBuf, FindHidError> {
    find_in(Path::new(CLASS), address)
}

/// Whether the reports of a node begin with a number: those of a device with several do, and
/// hidraw wants a zero before every report that is written to the others
/// (Documentation/hid/hidraw.rst of the kernel).
pub(crate) fn is_numbered(node: &Path) -> bool {
    // By the name that the kernel gave it: the configuration may name a link to it.
    let node = fs::canonicalize(node).unwrap_or_else(|_| node.to_owned());
    let Some(name) = node.file_name() else { return false };
    let described = Path::new(CLASS).join(name).join("device/report_descriptor");
    fs::read(described).is_ok_and(|descriptor| has_numbers(&descriptor))
}

fn find_in(class: &Path, address: &HidAddress) -> Result<PathBuf, FindHidError> {
    let (id, serial) = match address {
        HidAddress::Node(path) => return Ok(path.clone()),
        HidAddress::Device { id, serial } => (*id, serial.as_deref()),
    };
    let nodes = fs::read_dir(class).map_err(|_| FindHidError::None)?;
    // An entry that cannot be read was pulled out just now.
    let mut fitting = nodes.filter_map(Result::ok).filter(|node| {
        let described = fs::read_to_string(node.path().join("device/uevent"));
        described.is_ok_and(|text| fits(&text, id, serial))
    });
    let node = fitting.next().ok_or(FindHidError::None)?;
    match fitting.next() {
        Some(_) => Err(FindHidError::Several),
        None => Ok(Path::new("/dev").join(node.file_name())),
    }
}

/// `HID_ID` is bus, vendor and product in hexadecimal; `HID_UNIQ` the serial number.
fn fits(uevent: &str, UsbId(vendor, product): UsbId, serial: Option<&str>) -> bool {
    let value = |key: &str| uevent.lines().find_map(|line| line.strip_prefix(key));
    let numbers = value("HID_ID=").map(|id| {
        id.split(':').filter_map(|part| u32::from_str_radix(part, 16).ok()).collect::<Vec<_>>()
    });
    let same =
        matches!(numbers.as_deref(), Some(&[_, v, p]) if (v, p) == (vendor.into(), product.into()));
    same && serial.is_none_or(|serial| value("HID_UNIQ=") == Some(serial))
}

/// Whether a report descriptor has a Report ID item (USB HID 1.11, 6.2.2.7).
fn has_numbers(mut descriptor: &[u8]) -> bool {
    while let [head, rest @ ..] = descriptor {
        let length = match (head, rest) {
            // A long item says its own length (6.2.2.3).
            (0xFE, [length, ..]) => 2 + usize::from(*length),
            _ => [0, 1, 2, 4][usize::from(head & 0x03)],
        };
        if head & 0xFC == 0x84 {
            return true;
        }
        descriptor = rest.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plug_in(class: &Path, node: &str, id: &str, serial: &str) {
        let device = class.join(node).join("device");
        fs::create_dir_all(&device).unwrap();
        let text = format!("DRIVER=hid-generic\nHID_ID={id}\nHID_NAME=Cuff\nHID_UNIQ={serial}\n");
        fs::write(device.join("uevent"), text).unwrap();
    }

    #[track_caller]
    fn check(class: &Path, address: &str, expected: Result<&str, FindHidError>) {
        let found = find_in(class, &address.parse().unwrap());
        assert_eq!(found, expected.map(PathBuf::from), "{address}");
    }

    #[test]
    fn a_device_is_found_by_what_it_is_wherever_it_is_plugged_in() {
        let folder = tempfile::tempdir().unwrap();
        let class = folder.path();
        check(class, "0590:0028", Err(FindHidError::None));
        plug_in(class, "hidraw0", "0003:0000046D:0000C52B", "");
        plug_in(class, "hidraw7", "0003:00000590:00000028", "A-17");
        check(class, "0590:0028", Ok("/dev/hidraw7"));
        check(class, "0590:0028:A-17", Ok("/dev/hidraw7"));
        check(class, "0590:0028:A-18", Err(FindHidError::None));
        check(class, "/dev/hidraw3", Ok("/dev/hidraw3"));
    }

    #[test]
    fn of_two_of_the_same_kind_none_is_taken_by_chance() {
        let folder = tempfile::tempdir().unwrap();
        let class = folder.path();
        plug_in(class, "hidraw1", "0003:00000590:00000028", "A-17");
        plug_in(class, "hidraw2", "0003:00000590:00000028", "A-18");
        check(class, "0590:0028", Err(FindHidError::Several));
        check(class, "0590:0028:A-18", Ok("/dev/hidraw2"));
    }

    #[test]
    fn only_a_descriptor_with_report_ids_makes_numbers() {
        // The boot mouse of USB HID 1.11, appendix B.2, is without.
        let plain = [0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x16, 0x85, 0x85, 0xC0];
        assert!(!has_numbers(&plain));
        assert!(has_numbers(&[0x05, 0x01, 0xA1, 0x01, 0x85, 0x03, 0xC0]));
        assert!(!has_numbers(&[0xFE, 3, 0x10, 0x85, 0x85, 0x85, 0xC0]));
        assert!(!has_numbers(&[0x26, 0xFF]));
        assert!(!has_numbers(&[]));
    }
}
