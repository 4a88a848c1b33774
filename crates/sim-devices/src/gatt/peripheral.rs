//! What a simulated Bluetooth device is, beside the protocol that carries it.

use super::{Service, Uuid};
use std::time::Duration;

/// A device with a GATT server. It has to be written only once for any number of hosts, though a
/// real one mostly serves one at a time.
///
/// `now` is the time since the simulation started.
pub trait Peripheral: Send {
    /// Its attribute table. Asked once for each connection.
    fn services(&self) -> Vec<Service>;

    /// The longest packet that it takes and sends. Pocket devices offer little more than 23.
    fn mtu(&self) -> u16 {
        64
    }

    /// A host has connected.
    fn connected(&mut self, _now: Duration) {}

    /// A host is gone; what it asked for and did not get is void.
    fn disconnected(&mut self, _now: Duration) {}

    /// A host wants the values of this characteristic pushed, or no longer.
    fn subscribed(&mut self, _characteristic: Uuid, _wanted: bool, _now: Duration) {}

    /// `Ok(None)`: the value in the table.
    ///
    /// # Errors
    /// The device does not tell now.
    fn read(&mut self, _characteristic: Uuid, _now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(None)
    }

    /// Only for characteristics that may be written.
    ///
    /// # Errors
    /// The device does not take this value.
    fn write(
        &mut self,
        _characteristic: Uuid,
        _value: &[u8],
        _now: Duration,
    ) -> Result<(), Refusal> {
        Err(Refusal::WRITE_NOT_PERMITTED)
    }

    /// What it pushes next, if anything. Not asked again before an indication is confirmed. What is
    /// notified is over with this; an indication may be kept until [`Self::confirmed`].
    fn due(&mut self, now: Duration, host: &Subscriptions) -> Option<Push>;

    /// The host has confirmed this indication.
    fn confirmed(&mut self, _push: &Push, _now: Duration) {}

    /// Whether it ends the connection now, after what was due.
    fn hangs_up(&mut self, _now: Duration) -> bool {
        false
    }

    /// Carries out a command of the control socket, given without the device's name. Returns what
    /// there is to answer.
    ///
    /// # Errors
    /// Words for the person who typed the command.
    fn obey(&mut self, words: &[&str], now: Duration) -> Result<String, String>;
}

/// A value on its way to a host: indicated where the host asked for that, otherwise notified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub characteristic: Uuid,
    pub value: Vec<u8>,
}

impl Push {
    pub fn new(characteristic: impl Into<Uuid>, value: Vec<u8>) -> Self {
        Self { characteristic: characteristic.into(), value }
    }
}

/// What one host has subscribed to.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(pub(super) Vec<Uuid>);

impl Subscriptions {
    #[cfg(test)]
    pub fn of(characteristics: &[Uuid]) -> Self {
        Self(characteristics.to_vec())
    }

    pub fn has(&self, characteristic: impl Into<Uuid>) -> bool {
        self.0.contains(&characteristic.into())
    }
}

/// Error codes (Bluetooth Core, Vol 3, Part F, 3.4.1.1; from 0x80 on each service has its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub u8);

impl Refusal {
    pub const INVALID_HANDLE: Self = Self(0x01);
    pub const READ_NOT_PERMITTED: Self = Self(0x02);
    pub const WRITE_NOT_PERMITTED: Self = Self(0x03);
    pub const INVALID_PDU: Self = Self(0x04);
    pub const REQUEST_NOT_SUPPORTED: Self = Self(0x06);
    pub const INVALID_OFFSET: Self = Self(0x07);
    pub const ATTRIBUTE_NOT_FOUND: Self = Self(0x0A);
    pub const INVALID_LENGTH: Self = Self(0x0D);
    pub const UNSUPPORTED_GROUP: Self = Self(0x10);
    /// The host has not subscribed to what the answer comes by.
    pub const IMPROPERLY_CONFIGURED: Self = Self(0xFD);
    pub const PROCEDURE_IN_PROGRESS: Self = Self(0xFE);
}
