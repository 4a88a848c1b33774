//! The second table of the catalogue: what a cart carries that measures nothing by itself.
//!
//! None of these has a driver of bytes. The hand that reaches one is in the crate `peripherals`; the
//! rules of what it says are beside this file. Numbers are those of the USB ID repository.

use crate::catalogue::UsbId;

/// Something to listen, look or press with, or to know the cart's power by.
#[derive(Debug)]
pub(crate) struct Peripheral {
    /// What a technician calls it.
    pub title: &'static str,
    pub kind: PeripheralKind,
    /// What udev sees when it is plugged in. Empty: it is known by no number, so each sound card or
    /// camera may be one, and the technician says which by its stable name.
    pub usb: &'static [UsbId],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeripheralKind {
    Stethoscope,
    ExamCamera,
    /// Types what it reads, as a keyboard would: barcode scanners and some badge readers.
    Wedge,
    Pedal,
    /// A badge reader that is reached by PC/SC.
    BadgeReader,
    /// Battery and mains.
    Power,
}

pub(crate) static PERIPHERALS: &[Peripheral] = &[
    Peripheral {
        title: "Stethoscope, USB Audio Class or line-in",
        kind: PeripheralKind::Stethoscope,
        usb: &[],
    },
    Peripheral {
        title: "Otoscope, dermatoscope or exam camera, USB Video Class",
        kind: PeripheralKind::ExamCamera,
        usb: &[],
    },
    Peripheral {
        title: "Honeywell Voyager 1400g, Vuquest 3310g; Metrologic MS7120 (keyboard mode)",
        kind: PeripheralKind::Wedge,
        usb: &[UsbId(0x0C2E, 0x0204), UsbId(0x0C2E, 0x0B61), UsbId(0x0C2E, 0x0B81)],
    },
    Peripheral {
        title: "Zebra and Symbol barcode scanners (keyboard mode)",
        kind: PeripheralKind::Wedge,
        usb: &[UsbId(0x05E0, 0x1200)],
    },
    Peripheral {
        title: "Datalogic Gryphon (keyboard mode)",
        kind: PeripheralKind::Wedge,
        usb: &[UsbId(0x05F9, 0x2206)],
    },
    Peripheral {
        title: "rf IDEAS pcProx badge reader (keyboard mode)",
        kind: PeripheralKind::Wedge,
        usb: &[UsbId(0x0C27, 0x3BFA)],
    },
    Peripheral {
        title: "Foot switch (Microdia), VEC foot pedal",
        kind: PeripheralKind::Pedal,
        usb: &[UsbId(0x0C45, 0x7403), UsbId(0x05F3, 0x00FF)],
    },
    Peripheral {
        title: "ACR122U, ACR1251U, OMNIKEY 5022, 5321 and other PC/SC badge readers",
        kind: PeripheralKind::BadgeReader,
        usb: &[
            UsbId(0x072F, 0x2200),
            UsbId(0x072F, 0x221A),
            UsbId(0x076B, 0x5022),
            UsbId(0x076B, 0x5321),
        ],
    },
    Peripheral {
        title: "Battery and mains as UPower knows them",
        kind: PeripheralKind::Power,
        usb: &[],
    },
    Peripheral { title: "UPS as Network UPS Tools know it", kind: PeripheralKind::Power, usb: &[] },
];

/// The USB devices that the cart may take for itself as this kind.
pub fn usb_of(kind: PeripheralKind) -> impl Iterator<Item = UsbId> {
    let of_kind = PERIPHERALS.iter().filter(move |peripheral| peripheral.kind == kind);
    of_kind.flat_map(|peripheral| peripheral.usb.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::DEVICES;

    #[test]
    fn no_usb_device_is_two_things() {
        let all: Vec<UsbId> = PERIPHERALS.iter().flat_map(|one| one.usb).copied().collect();
        for (at, id) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(id), "{id:?}");
            assert!(DEVICES.iter().all(|device| !device.usb.contains(id)), "{id:?}");
        }
    }

    #[test]
    fn what_is_taken_as_a_keyboard_is_named_by_its_numbers() {
        // Grabbing any keyboard would take the nurse's.
        for kind in [PeripheralKind::Wedge, PeripheralKind::Pedal] {
            assert!(
                PERIPHERALS.iter().filter(|one| one.kind == kind).all(|one| !one.usb.is_empty())
            );
            assert!(usb_of(kind).count() > 0);
        }
    }
}
