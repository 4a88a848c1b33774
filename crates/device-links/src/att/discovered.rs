//! What has been found out about a server: its services and what they declare.
//!
//! It holds for one connection; a device may be another one on the next.

use devices::Uuid;

use super::pdu::Declaration;

/// Bits of a declaration's properties (Bluetooth Core, Vol 3, Part G, 3.3.1.1).
const WRITE_COMMAND: u8 = 0x04;
const WRITE: u8 = 0x08;
const NOTIFY: u8 = 0x10;
const INDICATE: u8 = 0x20;

#[derive(Debug, Default)]
pub(super) struct Service {
    end: u16,
    declarations: Vec<Declaration>,
}

/// A characteristic, and the last handle that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub(super) declaration: Declaration,
    pub(super) end: u16,
}

/// How a characteristic can be written.
pub(super) enum Writing {
    Answered,
    Unanswered,
}

impl Service {
    pub(super) fn until(end: u16) -> Self {
        Self { end, declarations: Vec::new() }
    }

    /// Takes what the server declares next, and says where there may be more. The outer `None`:
    /// handles that do not grow; they would be asked for without end.
    pub(super) fn declare(&mut self, list: &[Declaration]) -> Option<Option<[u16; 2]>> {
        let known = self.declarations.last().map_or(0, |last| last.handle);
        let last = list.iter().try_fold(known, |last, next| {
            (next.handle > last && next.value > next.handle).then_some(next.handle)
        })?;
        self.declarations.extend(list);
        Some((last < self.end).then(|| [last + 1, self.end]))
    }

    pub(super) fn find(&self, uuid: Uuid) -> Option<Declared> {
        let at = self.declarations.iter().position(|declared| declared.uuid == uuid)?;
        let end = self.declarations.get(at + 1).map_or(self.end, |next| next.handle - 1);
        Some(Declared { declaration: self.declarations[at], end })
    }
}

impl Declared {
    /// The value of the client configuration that asks for what the characteristic offers: an
    /// indication, which is confirmed, before a notification. `None`: it offers neither.
    pub(super) fn subscription(&self) -> Option<u16> {
        match self.declaration.properties {
            properties if properties & INDICATE != 0 => Some(0x0002),
            properties if properties & NOTIFY != 0 => Some(0x0001),
            _ => None,
        }
    }

    /// Where the configuration may stand: behind the value, and before the next characteristic.
    pub(super) fn descriptors(&self) -> Option<[u16; 2]> {
        let first = self.declaration.value.checked_add(1)?;
        (first <= self.end).then_some([first, self.end])
    }

    /// Answered where it can be, so that a refusal is known.
    pub(super) fn writing(&self) -> Option<Writing> {
        match self.declaration.properties {
            properties if properties & WRITE != 0 => Some(Writing::Answered),
            properties if properties & WRITE_COMMAND != 0 => Some(Writing::Unanswered),
            _ => None,
        }
    }
}
