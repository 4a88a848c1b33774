//! The reports of a USB HID device that is open (USB HID 1.11, 5.6).
//!
//! Its input and output reports go over the wire of the link. A feature report is set by a request
//! to the kernel (hidraw's `HIDIOCSFEATURE`) that only the crate `hidapi` makes without `unsafe`.

use std::{
    collections::VecDeque,
    ffi::CString,
    io,
    path::{Path, PathBuf},
};

use devices::Channel;
use hidapi::HidApi;

use crate::carrier::Arrived;

pub(crate) struct Reports {
    node: PathBuf,
    /// The device has several kinds of report, and each begins with its number.
    is_numbered: bool,
    set: fn(&Path, &[u8]) -> io::Result<()>,
    /// What one look at the wire brought, and a refusal before it.
    arrived: VecDeque<Arrived>,
}

impl Reports {
    pub(crate) fn new(node: PathBuf, is_numbered: bool) -> Self {
        Self { node, is_numbered, set, arrived: VecDeque::new() }
    }

    /// As hidraw wants it: with a zero where the reports have no number.
    pub(crate) fn numbered(&self, report: &[u8]) -> Vec<u8> {
        let number: &[u8] = if self.is_numbered { &[] } else { &[0] };
        [number, report].concat()
    }

    /// Is a short request to the device, and waited for.
    pub(crate) fn set_feature(&mut self, report: &[u8]) {
        if let Err(error) = (self.set)(&self.node, &self.numbered(report)) {
            tracing::debug!(%error, "A device does not take a feature report");
            self.arrived.push_back(Arrived::Refused(Channel::HidFeature));
        }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let (channel, value) = (Some(Channel::Hid), bytes.to_vec());
        self.arrived.push_back(Arrived::Value { channel, value, confirm: false });
    }

    pub(crate) fn next(&mut self) -> Option<Arrived> {
        self.arrived.pop_front()
    }
}

/// By a descriptor of its own: hidraw lets a device be opened twice, and this one has to stay
/// readable and writable by the link.
fn set(node: &Path, report: &[u8]) -> io::Result<()> {
    // The crate panics at a name that is no UTF-8; the kernel gives none.
    let name = node.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
    let name = CString::new(name)?;
    let hid = HidApi::new().map_err(io::Error::other)?;
    let device = hid.open_path(&name).map_err(io::Error::other)?;
    device.send_feature_report(report).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODE: [u8; 2] = [0x74, 0xBC];

    fn reports(set: fn(&Path, &[u8]) -> io::Result<()>) -> Reports {
        Reports { set, ..Reports::new("/dev/null".into(), false) }
    }

    #[test]
    fn a_report_without_a_number_has_a_zero_in_its_place() {
        let mut plain = reports(|node, report| {
            assert_eq!((node, report), (Path::new("/dev/null"), &[0, 0x74, 0xBC][..]));
            Ok(())
        });
        plain.set_feature(&MODE);
        assert_eq!(plain.next(), None);
        assert_eq!(plain.numbered(&MODE), [0, 0x74, 0xBC]);
        assert_eq!(Reports { is_numbered: true, ..plain }.numbered(&MODE), MODE);
    }

    #[test]
    fn what_is_no_hid_device_refuses_a_feature_report() {
        let mut null = reports(set);
        null.set_feature(&MODE);
        assert_eq!(null.next(), Some(Arrived::Refused(Channel::HidFeature)));
        assert_eq!(null.next(), None);
    }
}
