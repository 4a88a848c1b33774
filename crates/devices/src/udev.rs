//! The udev rules of the catalogue: `udev/70-cart-devices.rules` is this text.

use crate::{
    catalogue::{DEVICES, Device, PeripheralKind, Transport, UsbId},
    peripheral::{PERIPHERALS, Peripheral},
};

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

/// The system itself gives the nodes of keys, sound and pictures names that stay; the cart only
/// has to be let in. The touchscreen is in this group too.
const LET_IN: &str = "GROUP=\"bedside\", MODE=\"0660\"\n";
const KEYS: Node = Node { subsystem: "input", label: "cart_keys", then: LET_IN };
const SOUND: Node = Node { subsystem: "sound", label: "cart_sound", then: LET_IN };
const PICTURE: Node = Node { subsystem: "video4linux", label: "cart_picture", then: LET_IN };

const NODES: [&Node; 5] = [&SERIAL, &HID, &KEYS, &SOUND, &PICTURE];

/// The network and the radio have no file that could be named; a camera that moves is one of those
/// that give a picture.
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

/// Badge readers and batteries are opened by daemons of the system, which bring rules of their own.
fn node_of(kind: PeripheralKind) -> Option<&'static Node> {
    match kind {
        PeripheralKind::Stethoscope => Some(&SOUND),
        PeripheralKind::ExamCamera => Some(&PICTURE),
        PeripheralKind::Wedge | PeripheralKind::Pedal => Some(&KEYS),
        PeripheralKind::BadgeReader | PeripheralKind::Power => None,
    }
}

/// Something that is let in when it is plugged in.
struct Plug {
    title: &'static str,
    node: &'static Node,
    /// `None`: everything of the subsystem.
    usb: Option<UsbId>,
}

/// The whole file.
pub fn udev_rules() -> String {
    rules_of(DEVICES, PERIPHERALS)
}

fn rules_of(devices: &[&Device], peripherals: &[Peripheral]) -> String {
    let of_devices = devices.iter().flat_map(|device| plugs_of_device(device));
    let plugs: Vec<Plug> = of_devices.chain(peripherals.iter().flat_map(plugs_of)).collect();
    let used: Vec<&Node> = NODES
        .into_iter()
        .filter(|node| plugs.iter().any(|plug| plug.node.label == node.label))
        .collect();
    let matches: String = used.iter().map(|node| matches(&plugs, node)).collect();
    let blocks: String = used
        .iter()
        .map(|Node { label, then, .. }| {
            format!("GOTO=\"cart_devices_end\"\n\nLABEL=\"{label}\"\n{then}")
        })
        .collect();
    format!("{HEAD}\n{matches}{blocks}{TAIL}")
}

/// One of these for each kind of node, however many speeds of a serial line it has.
fn plugs_of_device(device: &Device) -> Vec<Plug> {
    let is_node = |node: &&&Node| {
        device.transports.iter().filter_map(|one| self::node(*one)).any(|of| of.label == node.label)
    };
    let plugs = NODES.iter().filter(is_node).flat_map(|node| {
        let plug = |id: &UsbId| Plug { title: device.title, node, usb: Some(*id) };
        device.usb.iter().map(plug)
    });
    plugs.collect()
}

fn plugs_of(peripheral: &Peripheral) -> Vec<Plug> {
    let Some(node) = node_of(peripheral.kind) else { return Vec::new() };
    let plug = |usb| Plug { title: peripheral.title, node, usb };
    match peripheral.usb {
        [] => vec![plug(None)],
        ids => ids.iter().map(|id| plug(Some(*id))).collect(),
    }
}

/// Each USB id once, with all that it may be.
fn matches(plugs: &[Plug], node: &Node) -> String {
    let fitting: Vec<&Plug> = plugs.iter().filter(|plug| plug.node.label == node.label).collect();
    let mut ids: Vec<Option<UsbId>> = Vec::new();
    for plug in &fitting {
        if !ids.contains(&plug.usb) {
            ids.push(plug.usb);
        }
    }
    ids.into_iter().map(|id| rule(&fitting, node, id)).collect()
}

fn rule(fitting: &[&Plug], node: &Node, usb: Option<UsbId>) -> String {
    let titles: Vec<&str> =
        fitting.iter().filter(|plug| plug.usb == usb).map(|plug| plug.title).collect();
    let id = usb.map_or_else(String::new, |UsbId(vendor, product)| {
        format!("ATTRS{{idVendor}}==\"{vendor:04x}\", ATTRS{{idProduct}}==\"{product:04x}\", ")
    });
    let Node { subsystem, label, .. } = node;
    format!("# {}\nSUBSYSTEM==\"{subsystem}\", {id}GOTO=\"{label}\"\n", titles.join(", "))
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
        let rules = rules_of(&[&cuff, &oximeter], &[]);
        assert_eq!(goes(&rules, "tty", "0403:6001", "cart_serial"), 1);
        assert!(rules.contains("# Cuff, Oximeter\n"), "{rules}");
    }

    #[test]
    fn a_hid_device_is_named_as_a_raw_hid_device_and_not_as_a_serial_line() {
        let hid = device("HID cuff", &[Transport::Hid], &[UsbId(0x0590, 0x0028)]);
        let rules = rules_of(&[&hid], &[]);
        assert_eq!(goes(&rules, "hidraw", "0590:0028", "cart_hid"), 1);
        assert!(!rules.contains("tty") && !rules.contains("cart_serial"), "{rules}");
    }

    #[test]
    fn every_jump_has_its_label_and_every_label_a_jump() {
        let both = device("Both", &[LINE, Transport::Hid, Transport::Tcp], &[UsbId(1, 2)]);
        for rules in [rules_of(&[&both], &[]), rules_of(&[], &[]), udev_rules()] {
            for label in NODES.map(|node| node.label).into_iter().chain(["cart_devices_end"]) {
                let jumps = rules.contains(&format!("GOTO=\"{label}\""));
                let labels = rules.matches(&format!("LABEL=\"{label}\"")).count();
                assert_eq!(labels, usize::from(jumps), "{label} in {rules}");
            }
        }
    }

    #[test]
    fn what_has_no_usb_id_has_no_rule() {
        let network = device("Camera", &[Transport::Tcp, LINE], &[]);
        assert!(!rules_of(&[&network], &[]).contains("SUBSYSTEM"));
    }

    #[test]
    fn what_is_known_by_its_numbers_is_let_in_alone_and_else_the_whole_subsystem() {
        let one = |kind, usb| Peripheral { title: "Some", kind, usb };
        let scanner = one(PeripheralKind::Wedge, &[UsbId(0x05E0, 0x1200)]);
        let rules = rules_of(&[], &[scanner, one(PeripheralKind::Stethoscope, &[])]);
        assert_eq!(goes(&rules, "input", "05e0:1200", "cart_keys"), 1);
        // No keyboard of a nurse is let in by chance.
        assert_eq!(rules.matches("\"input\"").count(), 1, "{rules}");
        assert!(rules.contains("\nSUBSYSTEM==\"sound\", GOTO=\"cart_sound\"\n"), "{rules}");
        let reader = one(PeripheralKind::BadgeReader, &[UsbId(0x072F, 0x2200)]);
        assert!(!rules_of(&[], &[reader]).contains("SUBSYSTEM"));
    }
}
