//! The catalogue as a page for people: `docs/field/supported-devices.md` is this text.

use crate::{
    catalogue::{
        Advertised, DEVICES, Device, Line, Parity, PeripheralKind, Purpose, Transport, UsbId,
    },
    peripheral::{PERIPHERALS, Peripheral},
};

const HEAD: &str = "\
# Supported devices

Written by `cargo xtask codegen` from the catalogue in `crates/devices`; `cartctl supported` prints the same.
How to add, pair and replace a device: [devices.md](devices.md).

| measures | device | `driver` | connects by | recognised by |
|---|---|---|---|---|
";

const NOT_FETCHED: &str = "
What a device has stored is fetched as well, with its own time. Not so the sessions that a Contec CMS50 stores: no second of
them has a reliable time, so that each could be anybody's. `cartctl decode contec_cms50_stored` prints what is read out of one.
";

const BESIDE: &str = "
What measures nothing by itself, and is tried out with `cartctl` ([peripherals.md](peripherals.md)):

| used as | device | tried out with | recognised by |
|---|---|---|---|
";

/// The whole page, in Markdown: one row a device, those that measure the same beside each other.
pub fn supported_devices() -> String {
    let mut rows: Vec<String> = DEVICES.iter().map(|device| row(device)).collect();
    // A row begins with what is measured, then with the device's name.
    rows.sort_by_key(|row| row.to_lowercase());
    let beside: Vec<String> = PERIPHERALS.iter().map(row_beside).collect();
    format!("{HEAD}{}\n{NOT_FETCHED}{BESIDE}{}\n", rows.join("\n"), beside.join("\n"))
}

fn row(device: &Device) -> String {
    format!(
        "| {} | {} | `{}` | {} | {} |",
        purpose(device.purpose),
        device.title,
        device.id,
        listed(device.transports.iter().map(|one| transport(*one))),
        recognised_by(device),
    )
}

fn row_beside(peripheral: &Peripheral) -> String {
    let (used_as, command) = match peripheral.kind {
        PeripheralKind::Stethoscope => ("stethoscope", "listen"),
        PeripheralKind::ExamCamera => ("exam camera", "try exam-cameras"),
        PeripheralKind::Wedge => ("scanner, badge reader", "try scanner"),
        PeripheralKind::Pedal => ("pedal", "try scanner --buttons"),
        PeripheralKind::BadgeReader => ("badge reader", "try badge"),
        PeripheralKind::Power => ("power", "try power"),
    };
    let usb = listed(peripheral.usb.iter().map(usb));
    let known_by = if usb.is_empty() { "its name in the system" } else { &usb };
    format!("| {used_as} | {} | `cartctl {command}` | {known_by} |", peripheral.title)
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::BloodPressure => "blood pressure",
        Purpose::Oximetry => "oxygen saturation",
        Purpose::Temperature => "temperature",
        Purpose::HeartRate => "heart rate",
        Purpose::Glucose => "glucose",
        Purpose::Weight => "weight",
        Purpose::RoomCamera => "room camera",
    }
}

fn transport(transport: Transport) -> String {
    match transport {
        Transport::Serial(Line { baud, parity }) => {
            let parity = match parity {
                Parity::None => 'N',
                Parity::Odd => 'O',
            };
            format!("serial line {baud} 8{parity}1")
        }
        Transport::Tcp => "TCP".to_owned(),
        Transport::Udp => "UDP".to_owned(),
        Transport::Hid => "USB HID".to_owned(),
        Transport::Gatt => "Bluetooth".to_owned(),
        Transport::Controls => "camera controls (V4L2)".to_owned(),
        Transport::Http => "HTTP".to_owned(),
    }
}

/// A device that says nothing of itself is found where the configuration says that it is.
fn recognised_by(device: &Device) -> String {
    let usb = device.usb.iter().map(usb);
    let bluetooth = device.bluetooth.iter().map(|advertised| match advertised {
        Advertised::Service(service) => format!("Bluetooth service {service}"),
        Advertised::Name(name) => format!("Bluetooth name `{name}…`"),
    });
    let all = listed(usb.chain(bluetooth));
    if all.is_empty() { "its address".to_owned() } else { all }
}

fn usb(UsbId(vendor, product): &UsbId) -> String {
    format!("USB {vendor:04x}:{product:04x}")
}

fn listed(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn the_committed_page_is_that_of_the_catalogue() {
        let page = include_str!("../../../docs/field/supported-devices.md");
        assert_eq!(page, supported_devices());
    }

    #[test]
    fn every_device_of_the_catalogue_has_one_row() {
        let page = supported_devices();
        for device in DEVICES {
            assert_eq!(page.matches(&format!("| `{}` |", device.id)).count(), 1, "{}", device.id);
        }
    }

    #[test]
    fn what_is_beside_them_has_one_row_with_the_command_that_tries_it() {
        let page = supported_devices();
        for peripheral in PERIPHERALS {
            let rows = page.matches(&format!("| {} | `cartctl ", peripheral.title)).count();
            assert_eq!(rows, 1, "{}", peripheral.title);
        }
        let pedal = "| `cartctl try scanner --buttons` | USB 0c45:7403, USB 05f3:00ff |\n";
        assert!(page.contains(pedal), "{page}");
    }

    const SCALE: &[Advertised] = &[Advertised::Service(Uuid::sig(0x181D)), Advertised::Name("SC-")];

    #[test]
    fn a_row_says_how_the_device_is_reached_and_known() {
        let device = Device {
            id: "some-scale",
            title: "Some scale",
            purpose: Purpose::Weight,
            transports: &[
                Transport::Serial(Line { baud: 19200, parity: Parity::Odd }),
                Transport::Gatt,
            ],
            usb: &[UsbId(0x0403, 0x6001)],
            bluetooth: SCALE,
            driver: DEVICES[0].driver,
        };
        assert_eq!(
            row(&device),
            "| weight | Some scale | `some-scale` | serial line 19200 8O1, Bluetooth | USB 0403:6001, \
             Bluetooth service 181D, Bluetooth name `SC-…` |"
        );
        let silent = Device { usb: &[], bluetooth: &[], ..device };
        assert!(row(&silent).ends_with("| its address |"), "{}", row(&silent));
    }
}
