//! The one table of devices that a cart supports. A device that is not in it does not exist here.

use crate::{
    Driver, Uuid, bci, blood_pressure, cgm, contec, emay, glucose, heart_rate, microlife, nonin,
    omron_eeprom, omron_hid, onvif, oximeter, pelco_d, polar, scale, suntech, thermometer, uvc_ptz,
    visca, yonker,
};

pub use crate::peripheral::{PeripheralKind, usb_of};

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
    /// How it is recognised among Bluetooth devices: one of these is enough.
    pub bluetooth: &'static [Advertised],
    pub driver: fn() -> Box<dyn Driver>,
}

impl Device {
    /// How its serial line runs; of one that the catalogue knows no serial line of, as most do.
    pub fn line(&self) -> Line {
        let serial = |transport: &Transport| match transport {
            Transport::Serial(line) => Some(*line),
            _ => None,
        };
        self.transports.iter().find_map(serial).unwrap_or(Line::plain(9600))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    BloodPressure,
    Oximetry,
    Temperature,
    HeartRate,
    Glucose,
    Weight,
    RoomCamera,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Serial(Line),
    Tcp,
    Udp,
    /// USB HID reports.
    Hid,
    /// Bluetooth GATT.
    Gatt,
    /// The controls of a V4L2 camera.
    Controls,
    /// Requests to a web service.
    Http,
}

/// The settings of a serial line with 8 data bits and 1 stop bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub baud: u32,
    pub parity: Parity,
}

impl Line {
    /// Without parity.
    pub const fn plain(baud: u32) -> Self {
        Self { baud, parity: Parity::None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    None,
    Odd,
}

/// Vendor and product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsbId(pub u16, pub u16);

/// What a Bluetooth device says of itself before anybody connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advertised {
    Service(Uuid),
    /// The beginning of its name. It wins over a service, because a vendor's own way of speaking a
    /// standard service is known by the name only.
    Name(&'static str),
}

/// FTDI FT232: in the cable of the Xpod, and in many serial converters.
pub(crate) const FT232: UsbId = UsbId(0x0403, 0x6001);
/// The other usual serial converters: Prolific PL2303, Silicon Labs CP210x.
pub(crate) const PL2303: UsbId = UsbId(0x067B, 0x2303);
pub(crate) const CP210X: UsbId = UsbId(0x10C4, 0xEA60);

/// Each driver's file has its own entry.
pub static DEVICES: &[&Device] = &[
    &suntech::DEVICE,
    &nonin::DEVICE,
    &thermometer::DEVICE,
    &visca::DEVICE,
    &blood_pressure::DEVICE,
    &blood_pressure::BM85,
    &blood_pressure::UA651,
    &heart_rate::DEVICE,
    &oximeter::DEVICE,
    &visca::OVER_IP,
    &visca::RAW_UDP,
    &pelco_d::DEVICE,
    &uvc_ptz::DEVICE,
    &cgm::DEVICE,
    &glucose::DEVICE,
    &scale::DEVICE,
    &scale::AND_UC352,
    &scale::BEURER_BF720,
    &nonin::FORMAT_7,
    &nonin::TEXT,
    &bci::CMS50,
    &bci::BERRY,
    &contec::DEVICE,
    &emay::DEVICE,
    &polar::DEVICE,
    &microlife::DEVICE,
    &yonker::DEVICE,
    &omron_eeprom::HEM_7142T2,
    &omron_eeprom::HEM_7280T,
    &omron_eeprom::HEM_7322T,
    &omron_eeprom::HEM_7600T,
    &omron_eeprom::HEM_7530T,
    &omron_hid::DEVICE,
    &onvif::DEVICE,
];

pub fn find(id: &str) -> Option<&'static Device> {
    DEVICES.iter().copied().find(|device| device.id == id)
}

/// Which device advertises itself so. Of names the longest that fits wins, a name over a service,
/// and of services the one that stands first in [`DEVICES`].
pub fn recognise(name: Option<&str>, services: &[Uuid]) -> Option<&'static Device> {
    let begins = |advertised: &Advertised| match advertised {
        Advertised::Name(begin) if name.is_some_and(|name| name.starts_with(begin)) => {
            Some(begin.len())
        }
        Advertised::Name(_) | Advertised::Service(_) => None,
    };
    let fits = |device: &&'static Device| device.bluetooth.iter().filter_map(begins).max();
    let named = DEVICES.iter().filter_map(|device| Some((fits(device)?, *device)));
    if let Some((_, device)) = named.max_by_key(|(length, _)| *length) {
        return Some(device);
    }
    let offers = |advertised: &Advertised| match advertised {
        Advertised::Service(service) => services.contains(service),
        Advertised::Name(_) => false,
    };
    DEVICES.iter().copied().find(|device| device.bluetooth.iter().any(offers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Millis};

    #[test]
    fn every_id_names_one_device() {
        for device in DEVICES {
            let found = find(device.id).unwrap();
            assert_eq!(found.title, device.title);
        }
        assert!(find("cuff-of-tomorrow").is_none());
    }

    #[test]
    fn no_driver_waits_for_anything_before_its_link_is_up() {
        for device in DEVICES {
            let mut driver = (device.driver)();
            assert_eq!(driver.deadline(), None, "{}", device.id);
            assert_eq!(driver.handle(Millis::MAX / 2, Event::Timer), [], "{}", device.id);
        }
    }

    #[test]
    fn what_a_device_advertises_is_said_by_no_other_one() {
        let all =
            || DEVICES.iter().flat_map(|device| device.bluetooth.iter().map(move |a| (device, a)));
        for (device, advertised) in all() {
            let others = all().filter(|(other, _)| other.id != device.id);
            for (other, theirs) in others {
                assert_ne!(advertised, theirs, "{} and {}", device.id, other.id);
            }
            let found = match advertised {
                Advertised::Service(service) => recognise(None, &[*service]),
                Advertised::Name(begin) => recognise(Some(&format!("{begin} 1234")), &[]),
            };
            assert_eq!(found.unwrap().id, device.id, "{advertised:?}");
        }
    }

    fn check(name: Option<&str>, services: &[u16], expected: Option<&str>) {
        let services: Vec<Uuid> = services.iter().copied().map(Uuid::sig).collect();
        assert_eq!(recognise(name, &services).map(|device| device.id), expected, "{name:?}");
    }

    #[test]
    fn a_name_wins_over_a_service() {
        check(Some("BM85"), &[0x1810], Some("beurer-bm85"));
        check(Some("A&D_UA-651BLE_0A1B2C"), &[0x1810, 0x180A], Some("and-ua651"));
        check(Some("BM54"), &[0x180A, 0x1810], Some("ble-blood-pressure"));
        check(None, &[0x1809], Some("ble-thermometer"));
        check(Some("My BM85"), &[], None);
        check(Some("Headphones"), &[0x110B], None);
    }
}
