//! The one table of devices that a cart supports. A device that is not in it does not exist here.

use crate::{Driver, nonin::Nonin, suntech::Suntech, thermometer::Thermometer, visca::Visca};

/// A kind of device, as a cart's configuration names it.
pub struct Device {
    /// `driver = "…"` of the configuration.
    pub id: &'static str,
    /// What the record and a technician call it.
    pub title: &'static str,
    pub purpose: Purpose,
    /// How it can be reached.
    pub transports: &'static [Transport],
    /// What udev sees when it is plugged into USB.
    pub usb: &'static [UsbId],
    pub driver: fn() -> Box<dyn Driver>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    BloodPressure,
    Oximetry,
    Temperature,
    RoomCamera,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// 9600 baud, 8N1.
    Serial,
    Tcp,
    /// Bluetooth GATT.
    Gatt,
}

/// Vendor and product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsbId(pub u16, pub u16);

/// FTDI FT232: in the cable of the Xpod, and in many serial converters.
const FT232: UsbId = UsbId(0x0403, 0x6001);
/// The other usual serial converters: Prolific PL2303, Silicon Labs CP210x.
const PL2303: UsbId = UsbId(0x067B, 0x2303);
const CP210X: UsbId = UsbId(0x10C4, 0xEA60);

pub static DEVICES: [Device; 4] = [
    Device {
        id: "suntech-advantage",
        title: "SunTech Advantage",
        purpose: Purpose::BloodPressure,
        transports: &[Transport::Serial, Transport::Tcp],
        usb: &[FT232, PL2303, CP210X],
        driver: || Box::new(Suntech::new()),
    },
    Device {
        id: "nonin-xpod",
        title: "Nonin Xpod",
        purpose: Purpose::Oximetry,
        transports: &[Transport::Serial, Transport::Tcp],
        usb: &[FT232],
        driver: || Box::new(Nonin::new()),
    },
    Device {
        id: "ble-thermometer",
        title: "Bluetooth thermometer",
        purpose: Purpose::Temperature,
        transports: &[Transport::Gatt],
        usb: &[],
        driver: || Box::<Thermometer>::default(),
    },
    Device {
        id: "visca",
        title: "VISCA camera",
        purpose: Purpose::RoomCamera,
        transports: &[Transport::Serial, Transport::Tcp],
        usb: &[FT232, PL2303, CP210X],
        driver: || Box::new(Visca::new()),
    },
];

pub fn find(id: &str) -> Option<&'static Device> {
    DEVICES.iter().find(|device| device.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Millis};

    #[test]
    fn every_id_names_one_device() {
        for device in &DEVICES {
            let found = find(device.id).unwrap();
            assert_eq!(found.title, device.title);
        }
        assert!(find("cuff-of-tomorrow").is_none());
    }

    #[test]
    fn no_driver_waits_for_anything_before_its_link_is_up() {
        for device in &DEVICES {
            let mut driver = (device.driver)();
            assert_eq!(driver.deadline(), None, "{}", device.id);
            assert_eq!(driver.handle(Millis::MAX / 2, Event::Timer), [], "{}", device.id);
        }
    }
}
