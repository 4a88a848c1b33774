//! A key ring as it lies on the disk, before anybody has opened it.

use std::path::Path;

use crate::{
    DataKey, Machine, OpenRing, RecoveryIdentity, RingError, Wrapped, body::Slot, file,
    machine::bytes,
};

#[derive(Debug)]
pub struct LockedRing {
    read: file::Read,
}

impl LockedRing {
    /// # Errors
    /// It cannot be read, is damaged, or is of a newer version.
    pub fn load(path: &Path) -> Result<Self, RingError> {
        file::read(path).map(|read| Self { read })
    }

    /// Who can open it, as the ring says; only an opened ring vouches for it.
    pub fn wraps(&self) -> Vec<Wrapped> {
        self.read.body.slots.iter().take(1).flat_map(Slot::wraps).collect()
    }

    /// Whether a rotation has begun that did not end.
    pub fn is_rotating(&self) -> bool {
        self.read.body.slots.len() > 1
    }

    /// As at each start of a cart.
    ///
    /// # Errors
    /// By name: why this machine does not open it, and what to do.
    pub fn open(self, machine: &Machine) -> Result<OpenRing, RingError> {
        self.open_each(|slot| machine.open(&slot.machine))
    }

    /// By the hospital's recovery key.
    ///
    /// # Errors
    /// It is another hospital's key, or the ring was altered.
    pub fn recover(self, identity: &RecoveryIdentity) -> Result<OpenRing, RingError> {
        self.open_each(|slot| {
            let recipient = slot.recovery.recipient.clone();
            let key = identity.open(&bytes(&slot.recovery.sealed)?)?;
            key.ok_or(RingError::WrongIdentity { recipient })
        })
    }

    fn open_each(
        self,
        open: impl Fn(&Slot) -> Result<DataKey, RingError>,
    ) -> Result<OpenRing, RingError> {
        let keys = self.read.body.slots.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        self.read.check(&keys)?;
        Ok(OpenRing::new(self.read.body, keys))
    }
}
