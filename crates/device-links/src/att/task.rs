//! What a driver asks of one characteristic.

use devices::{Channel, Uuid};

use super::AttError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Read,
    Write(Vec<u8>),
    /// Without it the device is of no use.
    Subscribe,
    SubscribeIfThere,
}

#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) service: Uuid,
    pub(super) characteristic: Uuid,
    pub(super) want: Want,
}

impl Task {
    pub(super) fn channel(&self) -> Channel {
        Channel::Gatt { service: self.service, characteristic: self.characteristic }
    }

    pub(super) fn no_characteristic(&self) -> AttError {
        let Self { service, characteristic, .. } = *self;
        AttError::NoCharacteristic { service, characteristic }
    }

    pub(super) fn no_subscription(&self) -> AttError {
        AttError::NoSubscription { characteristic: self.characteristic }
    }
}
