//! A key ring whose keys are known: the only kind that can be changed and written.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    DataKey, Machine, RecoveryRecipient, RingError,
    body::{Body, RecoveryWrap, Slot},
    file,
};

/// As many keys as slots, the current one first; nothing of them is in `Debug`.
#[derive(Debug)]
pub struct OpenRing {
    body: Body,
    keys: Vec<DataKey>,
}

impl OpenRing {
    pub(crate) fn new(body: Body, keys: Vec<DataKey>) -> Self {
        Self { body, keys }
    }

    /// A new ring around a new random key; on no disk yet.
    ///
    /// # Errors
    /// The machine does not wrap it.
    pub fn generate(machine: &Machine, recovery: &RecoveryRecipient) -> Result<Self, RingError> {
        let mut ring = Self::new(Body { slots: Vec::new() }, Vec::new());
        ring.add_key(machine, recovery)?;
        Ok(ring)
    }

    /// The key that the record has, and the one that it may have already when a rotation was cut off.
    pub fn keys(&self) -> &[DataKey] {
        &self.keys
    }

    /// Every key for this machine as it is now: after its firmware changed, or on another board.
    ///
    /// # Errors
    /// The machine does not wrap it; the ring is as it was.
    pub fn wrap_to_machine(&mut self, machine: &Machine) -> Result<(), RingError> {
        let wraps = self.keys.iter().map(|key| machine.wrap(key));
        let wraps = wraps.collect::<Result<Vec<_>, _>>()?;
        self.body.slots.iter_mut().zip(wraps).for_each(|(slot, wrap)| slot.machine = wrap);
        Ok(())
    }

    /// Every key for another recovery key. Who kept the old file and the old recovery key still has the
    /// current key: a rotation ends that.
    ///
    /// # Errors
    /// It cannot be wrapped; the ring is as it was.
    pub fn wrap_to_recovery(&mut self, recovery: &RecoveryRecipient) -> Result<(), RingError> {
        let wraps = self.keys.iter().map(|key| recovery_wrap(recovery, key));
        let wraps = wraps.collect::<Result<Vec<_>, _>>()?;
        self.body.slots.iter_mut().zip(wraps).for_each(|(slot, wrap)| slot.recovery = wrap);
        Ok(())
    }

    /// Adds the key that the record gets next, for the machine and for the recovery key of the current one. It has to be
    /// written before the record has it.
    ///
    /// # Errors
    /// A rotation is under way, or the machine does not wrap it.
    pub fn begin_rotation(&mut self, machine: &Machine) -> Result<(), RingError> {
        let [slot] = self.body.slots.as_slice() else { return Err(RingError::Rotating) };
        let recovery = RecoveryRecipient::parse(&slot.recovery.recipient)?;
        self.add_key(machine, &recovery)
    }

    /// Forgets the old key, which the record has no more. Without a rotation nothing happens.
    pub fn finish_rotation(&mut self) {
        let newest = self.keys.len().saturating_sub(1);
        self.keys.drain(..newest);
        self.body.slots.drain(..newest);
    }

    /// Durable when it returns.
    ///
    /// # Errors
    /// There is a ring already, or it cannot be written.
    pub fn create_file(&self, path: &Path) -> Result<(), RingError> {
        file::create(path, &file::compose(&self.body, &self.keys))
    }

    /// Durable when it returns; a power cut leaves the ring as it was or as it is.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn replace_file(&self, path: &Path) -> Result<(), RingError> {
        file::replace(path, &file::compose(&self.body, &self.keys))
    }

    fn add_key(
        &mut self,
        machine: &Machine,
        recovery: &RecoveryRecipient,
    ) -> Result<(), RingError> {
        let key = DataKey::generate()?;
        let slot = Slot { machine: machine.wrap(&key)?, recovery: recovery_wrap(recovery, &key)? };
        self.body.slots.push(slot);
        self.keys.push(key);
        Ok(())
    }
}

fn recovery_wrap(recovery: &RecoveryRecipient, key: &DataKey) -> Result<RecoveryWrap, RingError> {
    let sealed = BASE64.encode(recovery.wrap(key)?);
    Ok(RecoveryWrap { recipient: recovery.to_string(), sealed })
}
