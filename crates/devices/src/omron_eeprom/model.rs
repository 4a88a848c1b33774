//! What differs between the models of Omron cuffs that keep their measurements in such a memory.
//!
//! Addresses and layouts: userx14/omblepy, and eigger/hass-omron for the HEM-7142T2.

use super::{
    Omron,
    packet::{FOUR_PAIRS, ONE_PAIR, Way},
    record::Layout,
};
use crate::{
    Driver,
    catalogue::{Device, Purpose, Transport},
};

/// Where a model keeps the records of one user: the first address, and how many slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bank {
    pub(super) address: u16,
    pub(super) slots: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlock {
    /// By a key that the cuff was given once.
    Key,
    /// By any four bytes, which the cuff echoes; the bond of the Bluetooth link is what counts.
    Token,
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) way: &'static Way,
    pub(super) unlock: Unlock,
    pub(super) layout: Layout,
    pub(super) banks: &'static [Bank],
}

const fn earlier(banks: &'static [Bank]) -> Model {
    Model { way: &FOUR_PAIRS, unlock: Unlock::Key, layout: Layout::Big, banks }
}

pub(super) static MODEL_7322T: Model =
    earlier(&[Bank { address: 0x02AC, slots: 100 }, Bank { address: 0x0824, slots: 100 }]);
pub(super) static MODEL_7600T: Model = earlier(&[Bank { address: 0x02AC, slots: 100 }]);
static MODEL_7530T: Model = earlier(&[Bank { address: 0x02E8, slots: 90 }]);
pub(super) static MODEL_7142T2: Model = Model {
    way: &ONE_PAIR,
    unlock: Unlock::Token,
    layout: Layout::Little,
    banks: &[Bank { address: 0x02E8, slots: 14 }],
};

/// A cuff does not say which model it is before it is connected, so the configuration does.
const fn device(id: &'static str, title: &'static str, driver: fn() -> Box<dyn Driver>) -> Device {
    Device {
        id,
        title,
        purpose: Purpose::BloodPressure,
        transports: &[Transport::Gatt],
        usb: &[],
        bluetooth: &[],
        driver,
    }
}

pub(crate) const HEM_7142T2: Device =
    device("omron-hem-7142t2", "Omron HEM-7142T2", || Box::new(Omron::new(&MODEL_7142T2)));
/// Its memory is that of the HEM-7322T (omblepy, deviceSpecific/hem-7280t.py).
pub(crate) const HEM_7280T: Device =
    device("omron-hem-7280t", "Omron HEM-7280T", || Box::new(Omron::new(&MODEL_7322T)));
pub(crate) const HEM_7322T: Device =
    device("omron-hem-7322t", "Omron HEM-7322T", || Box::new(Omron::new(&MODEL_7322T)));
pub(crate) const HEM_7530T: Device =
    device("omron-hem-7530t", "Omron HEM-7530T", || Box::new(Omron::new(&MODEL_7530T)));
pub(crate) const HEM_7600T: Device =
    device("omron-hem-7600t", "Omron HEM-7600T", || Box::new(Omron::new(&MODEL_7600T)));
