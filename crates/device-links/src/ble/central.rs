//! What the rules of the Bluetooth thread need of an adapter, so that a test can play one.

use std::pin::Pin;

use devices::Channel;
use futures_util::Stream;

/// What the operating system says why something did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Why(pub(super) String);

impl Why {
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// The values that a device pushes, of every characteristic, in their order.
pub(super) type Values = Pin<Box<dyn Stream<Item = (Channel, Vec<u8>)>>>;

/// The six bytes of a Bluetooth address, the first written one first.
pub(super) type DeviceAddress = [u8; 6];

/// One Bluetooth adapter.
pub(super) trait Central {
    type Device: Device;

    /// The adapter is there and switched on; it is switched on if it was not.
    async fn ready(&self) -> Result<(), Why>;
    async fn start_scan(&self) -> Result<(), Why>;
    async fn stop_scan(&self) -> Result<(), Why>;
    /// Whether the device was heard in the scan that runs, or is connected already.
    async fn is_near(&self, device: DeviceAddress) -> Result<bool, Why>;
    /// Of one that is near.
    async fn device(&self, device: DeviceAddress) -> Result<Self::Device, Why>;
    async fn is_bonded(&self, device: DeviceAddress) -> Result<bool, Why>;
    /// Everything that was learned of the device is learned again at the next connection.
    async fn forget(&self, device: DeviceAddress) -> Result<(), Why>;
    async fn power_cycle(&self) -> Result<(), Why>;
}

/// A device that the adapter has heard of.
pub(super) trait Device {
    async fn connect(&self) -> Result<(), Why>;
    async fn disconnect(&self) -> Result<(), Why>;
    async fn is_connected(&self) -> Result<bool, Why>;
    /// Of all its services.
    async fn characteristics(&self) -> Result<Vec<Characteristic>, Why>;
    /// From now on.
    async fn values(&self) -> Result<Values, Why>;
    async fn subscribe(&self, channel: Channel) -> Result<(), Why>;
    async fn unsubscribe(&self, channel: Channel) -> Result<(), Why>;
    async fn read(&self, channel: Channel) -> Result<Vec<u8>, Why>;
    async fn write(&self, channel: Channel, how: Writing, value: &[u8]) -> Result<(), Why>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Characteristic {
    pub(super) channel: Channel,
    /// `None`: nothing can be written to it.
    pub(super) writing: Option<Writing>,
    /// By notification or indication.
    pub(super) pushes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    Answered,
    Unanswered,
}
