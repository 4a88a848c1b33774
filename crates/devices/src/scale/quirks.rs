//! The scales that the catalogue knows, and how each of them differs from the standard: as data.

use super::{Scale, WEIGHT, weight::Steps};
use crate::{
    Channel, Driver, Uuid,
    catalogue::{Advertised, Device, Purpose, Transport},
    gatt::CURRENT_TIME,
};

pub(crate) const DEVICE: Device = device(
    "ble-scale",
    "Bluetooth scale",
    &[
        Advertised::Service(Uuid::sig(WEIGHT_SERVICE)),
        Advertised::Service(Uuid::sig(COMPOSITION_SERVICE)),
    ],
    || Box::new(Scale::new(&STANDARD)),
);

/// They measure nothing for whom they do not know.
pub(crate) const BEURER_BF720: Device = device(
    "beurer-bf720",
    "Beurer BF720 and its relatives",
    &[
        Advertised::Name("BF720"),
        Advertised::Name("BF105"),
        Advertised::Name("BF500"),
        Advertised::Name("BF788"),
        Advertised::Name("BF950"),
    ],
    || Box::new(Scale::new(&BEURER)),
);

pub(crate) const AND_UC352: Device = device(
    "and-uc352ble",
    "A&D UC-352BLE",
    &[Advertised::Name("A&D_UC-352BLE"), Advertised::Service(AND_SERVICE)],
    || Box::new(Scale::new(&AND)),
);

const fn device(
    id: &'static str,
    title: &'static str,
    bluetooth: &'static [Advertised],
    driver: fn() -> Box<dyn Driver>,
) -> Device {
    let transports = &[Transport::Gatt];
    Device { id, title, purpose: Purpose::Weight, transports, usb: &[], bluetooth, driver }
}

const WEIGHT_SERVICE: u16 = 0x181D;
const COMPOSITION_SERVICE: u16 = 0x181B;
/// A&D's scales have the time in the service of the weight; older ones have a service of their own
/// for both.
pub(super) const AND_CLOCK: Channel = Channel::sig(WEIGHT_SERVICE, 0x2A08);
const AND_SERVICE: Uuid = Uuid::new(0x2343_4100_1FE4_1EFF_80CB_00FF_7829_7D8B);
pub(super) const AND_WEIGHT: Channel = Channel::Gatt {
    service: AND_SERVICE,
    characteristic: Uuid::new(0x2343_4101_1FE4_1EFF_80CB_00FF_7829_7D8B),
};
const AND_OLD_CLOCK: Channel =
    Channel::Gatt { service: AND_SERVICE, characteristic: Uuid::sig(0x2A08) };

/// How a scale differs from the standard.
#[derive(Debug)]
pub(super) struct Quirks {
    /// It measures for persons only that it knows and that give consent.
    pub(super) consent: bool,
    /// Where it may have a clock, the best one first.
    pub(super) clocks: &'static [Channel],
    /// Where it may tell the weight.
    pub(super) weights: &'static [(Channel, Steps)],
}

pub(super) static STANDARD: Quirks =
    Quirks { consent: false, clocks: &[CURRENT_TIME], weights: &[(WEIGHT, Steps::Standard)] };
pub(super) static BEURER: Quirks =
    Quirks { consent: true, clocks: &[CURRENT_TIME], weights: &[(WEIGHT, Steps::Standard)] };
pub(super) static AND: Quirks = Quirks {
    consent: false,
    clocks: &[CURRENT_TIME, AND_CLOCK, AND_OLD_CLOCK],
    weights: &[(WEIGHT, Steps::Standard), (AND_WEIGHT, Steps::Tenths)],
};
