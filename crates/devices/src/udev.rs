//! The udev rules of the catalogue: `udev/70-cart-devices.rules` is this text.

use crate::catalogue::{DEVICES, Device, Transport, UsbId};

const HEAD: &str = "\
# Devices of a cart get names that stay: by their own serial number, or that of the converter in their
# cable, where there is one, and by the socket they are plugged into. A converter does not say what
# hangs on it, so the name does not either; the cart's configuration does.
#
# Written from the catalogue in crates/devices; a test compares the two.

ACTION==\"remove\", GOTO=\"cart_devices_end\"
";

const TAIL: &str = "
LABEL=\"cart_devices_end\"
";

/// What the kernel makes of a device that is plugged in.
struct Node {
    subsystem: &'static str,
    /// What is done for each of them.
    label: &'static str,
    then: &'static str,
}

const SERIAL: Node = Node {
    subsystem: "tty",
    label: "cart_serial",
    then: "\
GROUP=\"bedside\", MODE=\"0660\"
# ModemManager would try modem commands on a blood-pressure module.
ENV{ID_MM_DEVICE_IGNORE}=\"1\"
ENV{ID_SERIAL_SHORT}==\"?*\", SYMLINK+=\"bedside/serial-$env{ID_SERIAL_SHORT}\"
ENV{ID_PATH}==\"?*\", SYMLINK+=\"bedside/port-$env{ID_PATH}\"
",
};

const HID: Node = Node {
    subsystem: "hidraw",
    label: "cart_hid",
    then: "\
GROUP=\"bedside\", MODE=\"0660\"
# No rule of the system looks these up for raw HID devices.
IMPORT{builtin}=\"usb_id\"
IMPORT{builtin}=\"path_id\"
ENV{ID_SERIAL_SHORT}==\"?*\", SYMLINK+=\"bedside/hid-$env{ID_SERIAL_SHORT}\"
ENV{ID_PATH}==\"?*\", SYMLINK+=\"bedside/hid-port-$env{ID_PATH}\"
",
};

const NODES: [&Node; 2] = [&SERIAL, &HID];

/// The network and the radio have no file that could be named; a camera has the system's own names.
fn node(transport: Transport) -> Option<&'static Node> {
    match transport {
        Transport::Serial(_) => Some(&SERIAL),
        Transport::Hid => Some(&HID),
        Transport::Tcp
        | Transport::Udp
        | Transport::Gatt
        | Transport::Controls
        | Transport::Http => None,
    }
}

/// The whole file.
pub fn udev_rules() -> String {
    rules_of(DEVICES)
}

fn rules_of(devices: &[&Device]) -> String {
    let used: Vec<&Node> = NODES
        .into_iter()
        .filter(|node| devices.iter().any(|device| becomes(device, node)))
        .collect();
    let matches: String = used.iter().map(|node| matches(devices, node)).collect();
    let blocks: String = used
        .iter()
        .map(|Node { label, then, .. }| {
            format!("GOTO=\"cart_devices_end\"\n\nLABEL=\"{label}\"\n{then}")
        })
        .collect();
    format!("{HEAD}\n{matches}{blocks}{TAIL}")
}

fn becomes(device: &Device, wanted: &Node) -> bool {
    let nodes = device.transports.iter().filter_map(|transport| node(*transport));
    !device.usb.is_empty() && nodes.into_iter().any(|node| node.label == wanted.label)
}

/// Each USB id once, with all devices that it may be.
fn matches(devices: &[&Device], node: &Node) -> String {
    let fitting: Vec<&Device> =
        devices.iter().copied().filter(|device| becomes(device, node)).collect();
    let mut ids: Vec<UsbId> = Vec::new();
    for id in fitting.iter().flat_map(|device| device.usb) {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    ids.into_iter().map(|id| rule(&fitting, node, id)).collect()
}

fn rule(fitting: &[&Device], node: &Node, id: UsbId) -> String {
    let titles: Vec<&str> = fitting
        .iter()
        .filter(|device| device.usb.contains(&id))
        .map(|device| device.title)
        .collect();
    let (Node { subsystem, label, .. }, UsbId(vendor, product)) = (node, id);
    format!(
        "# {}\nSUBSYSTEM==\"{subsystem}\", ATTRS{{idVendor}}==\"{vendor:04x}\", \
         ATTRS{{idProduct}}==\"{product:04x}\", GOTO=\"{label}\"\n",
        titles.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Line, Purpose};

    #[test]
    fn the_committed_rules_are_those_of_the_catalogue() {
        assert_eq!(include_str!("../../../udev/70-cart-devices.rules"), udev_rules());
    }

    fn device(
        title: &'static str,
        transports: &'static [Transport],
        usb: &'static [UsbId],
    ) -> Device {
        Device {
            id: "some",
            title,
            purpose: Purpose::BloodPressure,
            transports,
            usb,
            bluetooth: &[],
            driver: DEVICES[0].driver,
        }
    }

    /// How often a rule matches this id in this subsystem, and where it goes.
    fn goes(rules: &str, subsystem: &str, id: &str, label: &str) -> usize {
        let (vendor, product) = id.split_once(':').unwrap();
        let rule = format!(
            "\nSUBSYSTEM==\"{subsystem}\", ATTRS{{idVendor}}==\"{vendor}\", \
             ATTRS{{idProduct}}==\"{product}\", GOTO=\"{label}\"\n"
        );
        rules.matches(&rule).count()
    }

    #[test]
    fn every_usb_device_of_the_catalogue_gets_its_names() {
        let rules = udev_rules();
        for device in DEVICES {
            for UsbId(vendor, product) in device.usb {
                for node in device.transports.iter().filter_map(|transport| node(*transport)) {
                    let id = format!("{vendor:04x}:{product:04x}");
                    assert_eq!(goes(&rules, node.subsystem, &id, node.label), 1, "{id}");
                }
            }
        }
    }

    const LINE: Transport = Transport::Serial(Line::plain(9600));

    #[test]
    fn a_converter_in_two_devices_has_one_rule_with_both_names() {
        let cuff = device("Cuff", &[LINE], &[UsbId(0x0403, 0x6001)]);
        let oximeter = device("Oximeter", &[LINE], &[UsbId(0x0403, 0x6001)]);
        let rules = rules_of(&[&cuff, &oximeter]);
        assert_eq!(goes(&rules, "tty", "0403:6001", "cart_serial"), 1);
        assert!(rules.contains("# Cuff, Oximeter\n"), "{rules}");
    }

    #[test]
    fn a_hid_device_is_named_as_a_raw_hid_device_and_not_as_a_serial_line() {
        let hid = device("HID cuff", &[Transport::Hid], &[UsbId(0x0590, 0x0028)]);
        let rules = rules_of(&[&hid]);
        assert_eq!(goes(&rules, "hidraw", "0590:0028", "cart_hid"), 1);
        assert!(!rules.contains("tty") && !rules.contains("cart_serial"), "{rules}");
    }

    #[test]
    fn every_jump_has_its_label_and_every_label_a_jump() {
        let both = device("Both", &[LINE, Transport::Hid, Transport::Tcp], &[UsbId(1, 2)]);
        for rules in [rules_of(&[&both]), rules_of(&[]), udev_rules()] {
            for label in ["cart_serial", "cart_hid", "cart_devices_end"] {
                let jumps = rules.contains(&format!("GOTO=\"{label}\""));
                let labels = rules.matches(&format!("LABEL=\"{label}\"")).count();
                assert_eq!(labels, usize::from(jumps), "{label} in {rules}");
            }
        }
    }

    #[test]
    fn what_has_no_usb_id_has_no_rule() {
        let network = device("Camera", &[Transport::Tcp, LINE], &[]);
        assert!(!rules_of(&[&network]).contains("SUBSYSTEM"));
    }
}
