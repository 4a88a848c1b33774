//! The udev rules of the catalogue: `udev/70-cart-devices.rules` is this text.

use crate::catalogue::{DEVICES, UsbId};

const HEAD: &str = "\
# Serial devices of a cart get names that stay: by the serial number of the converter where it has
# one, and by the socket it is plugged into. A converter does not say what hangs on it, so the name
# does not either; the cart's configuration does.
#
# Written from the catalogue in crates/devices; a test compares the two.

ACTION==\"remove\", GOTO=\"cart_devices_end\"
SUBSYSTEM!=\"tty\", GOTO=\"cart_devices_end\"
";

const TAIL: &str = "\
GOTO=\"cart_devices_end\"

LABEL=\"cart_device\"
GROUP=\"bedside\", MODE=\"0660\"
# ModemManager would try modem commands on a blood-pressure module.
ENV{ID_MM_DEVICE_IGNORE}=\"1\"
ENV{ID_SERIAL_SHORT}==\"?*\", SYMLINK+=\"bedside/serial-$env{ID_SERIAL_SHORT}\"
ENV{ID_PATH}==\"?*\", SYMLINK+=\"bedside/port-$env{ID_PATH}\"

LABEL=\"cart_devices_end\"
";

/// The whole file.
pub fn udev_rules() -> String {
    let mut ids: Vec<UsbId> = Vec::new();
    for id in DEVICES.iter().flat_map(|device| device.usb) {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    let rules: String = ids.into_iter().map(rule).collect();
    format!("{HEAD}\n{rules}{TAIL}")
}

fn rule(UsbId(vendor, product): UsbId) -> String {
    let titles: Vec<&str> = DEVICES
        .iter()
        .filter(|device| device.usb.contains(&UsbId(vendor, product)))
        .map(|device| device.title)
        .collect();
    format!(
        "# {}\nATTRS{{idVendor}}==\"{vendor:04x}\", ATTRS{{idProduct}}==\"{product:04x}\", \
         GOTO=\"cart_device\"\n",
        titles.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_rules_are_those_of_the_catalogue() {
        assert_eq!(include_str!("../../../udev/70-cart-devices.rules"), udev_rules());
    }

    #[test]
    fn every_usb_device_of_the_catalogue_gets_its_names() {
        let rules = udev_rules();
        for UsbId(vendor, product) in DEVICES.iter().flat_map(|device| device.usb) {
            let matched = format!(
                "ATTRS{{idVendor}}==\"{vendor:04x}\", ATTRS{{idProduct}}==\"{product:04x}\""
            );
            assert_eq!(rules.matches(&matched).count(), 1, "{matched}");
        }
    }
}
