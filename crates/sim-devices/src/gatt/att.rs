//! Answers one request of the Attribute Protocol (Bluetooth Core, Vol 3, Part F).
//!
//! Pure: a protocol data unit goes in, the answer comes out. Supported: MTU exchange, the four
//! kinds of discovery, Read, Read Blob, Write and Write Command; everything else gets the error
//! that the standard names.

mod parameters;

use super::table::{
    Attribute, INDICATE, NOTIFY, PRIMARY_SERVICE, Role, WRITE, WRITE_COMMAND, attributes,
    end_of_group,
};
use super::{Peripheral, Push, Refusal, Subscriptions, Uuid};
use parameters::{error, range, words};
use std::time::Duration;

const NOTIFICATION: u8 = 0x1B;
const INDICATION: u8 = 0x1D;
pub const CONFIRMATION: u8 = 0x1E;

const DEFAULT_MTU: u16 = 23;
/// Bit 6 marks a command: it has no answer, not even an error.
const COMMAND: u8 = 0x40;

type Answer = Result<Vec<u8>, (u16, Refusal)>;

/// The server's side of one connection.
#[derive(Debug)]
pub struct Server {
    attributes: Vec<Attribute>,
    /// What this side can take.
    own_mtu: u16,
    /// What both can take.
    mtu: u16,
}

/// A value on its way to the host.
#[derive(Debug, PartialEq, Eq)]
pub struct Packet {
    pub pdu: Vec<u8>,
    /// The host confirms it.
    pub confirm: bool,
}

impl Server {
    pub fn new(device: &dyn Peripheral) -> Self {
        let attributes = attributes(&device.services());
        Self { attributes, own_mtu: device.mtu().max(DEFAULT_MTU), mtu: DEFAULT_MTU }
    }

    /// The answer to a request; nothing to a command or a confirmation.
    pub fn answer(
        &mut self,
        request: &[u8],
        device: &mut dyn Peripheral,
        now: Duration,
    ) -> Option<Vec<u8>> {
        let (&opcode, parameters) = request.split_first()?;
        if opcode == 0x52 {
            // Whether it was taken is not told.
            drop(self.write(parameters, WRITE_COMMAND, device, now));
        }
        if opcode & COMMAND != 0 || opcode == CONFIRMATION {
            return None;
        }
        let answer = match opcode {
            0x02 => self.exchange_mtu(parameters),
            0x04 => self.find_information(parameters),
            0x06 => self.find_by_value(parameters),
            0x08 => self.read_by_type(parameters),
            0x0A => self.read(parameters, device, now),
            0x0C => self.read_blob(parameters, device, now),
            0x10 => self.read_by_group(parameters),
            0x12 => self.write(parameters, WRITE, device, now),
            _ => Err((0, Refusal::REQUEST_NOT_SUPPORTED)),
        };
        Some(answer.unwrap_or_else(|(handle, refusal)| error(opcode, handle, refusal)))
    }

    pub fn subscriptions(&self) -> Subscriptions {
        let wanted = |a: &Attribute| match a.role {
            Role::Configuration { of, .. } if a.value != [0, 0] => Some(of),
            _ => None,
        };
        Subscriptions(self.attributes.iter().filter_map(wanted).collect())
    }

    /// The value as the host wants it, cut to what it can take. `None`: it does not want it.
    pub fn push(&self, push: &Push) -> Option<Packet> {
        let configuration = self.attributes.iter().find(
            |a| matches!(a.role, Role::Configuration { of, .. } if of == push.characteristic),
        )?;
        let opcode = match configuration.value.first().copied().unwrap_or(0) {
            flags if flags & 2 != 0 => INDICATION,
            flags if flags & 1 != 0 => NOTIFICATION,
            _ => return None,
        };
        // The configuration stands right behind the value.
        let handle = (configuration.handle - 1).to_le_bytes();
        let mut pdu = [&[opcode], handle.as_slice(), &push.value].concat();
        pdu.truncate(usize::from(self.mtu));
        Some(Packet { pdu, confirm: opcode == INDICATION })
    }

    fn exchange_mtu(&mut self, parameters: &[u8]) -> Answer {
        let [client] = words(parameters)?;
        self.mtu = client.clamp(DEFAULT_MTU, self.own_mtu);
        Ok([&[0x03], self.own_mtu.to_le_bytes().as_slice()].concat())
    }

    fn find_information(&self, parameters: &[u8]) -> Answer {
        let [start, end] = words(parameters)?;
        let entries: Vec<Vec<u8>> = self
            .within(start, end)?
            .map(|a| [&a.handle.to_le_bytes(), a.kind.bytes().as_slice()].concat())
            .collect();
        // An answer has types of one length; the host asks again from there.
        let length = entries.first().map_or(0, Vec::len);
        let format = if length == 4 { 1 } else { 2 };
        let equal = entries.into_iter().take_while(|entry| entry.len() == length);
        self.list(&[0x05, format], equal.collect(), start)
    }

    fn find_by_value(&self, parameters: &[u8]) -> Answer {
        let Some((head, value)) = parameters.split_at_checked(6) else {
            return Err((0, Refusal::INVALID_PDU));
        };
        let [start, end, kind] = words(head)?;
        let value = Uuid::from_bytes(value).ok_or((start, Refusal::INVALID_PDU))?.bytes();
        let kind = Uuid::Short(kind);
        let found = self.within(start, end)?.filter(|a| a.kind == kind && a.value == value);
        let groups = found.map(|a| {
            let last = end_of_group(&self.attributes, a.handle);
            [a.handle.to_le_bytes(), last.to_le_bytes()].concat()
        });
        self.list(&[0x07], groups.collect(), start)
    }

    fn read_by_type(&self, parameters: &[u8]) -> Answer {
        let (start, end, kind) = range(parameters)?;
        let found: Vec<&Attribute> = self.within(start, end)?.filter(|a| a.kind == kind).collect();
        if let Some(first) = found.first().filter(|a| !a.is_readable()) {
            return Err((first.handle, Refusal::READ_NOT_PERMITTED));
        }
        let entries = found.iter().filter(|a| a.is_readable());
        let entries = entries.map(|a| [&a.handle.to_le_bytes(), a.value.as_slice()].concat());
        self.list_of_equals(0x09, entries.collect(), start)
    }

    fn read_by_group(&self, parameters: &[u8]) -> Answer {
        let (start, end, kind) = range(parameters)?;
        if kind != PRIMARY_SERVICE {
            return Err((start, Refusal::UNSUPPORTED_GROUP));
        }
        let services = self.within(start, end)?.filter(|a| a.kind == PRIMARY_SERVICE);
        let entries = services.map(|a| {
            let last = end_of_group(&self.attributes, a.handle).to_le_bytes();
            [&a.handle.to_le_bytes(), last.as_slice(), &a.value].concat()
        });
        self.list_of_equals(0x11, entries.collect(), start)
    }

    fn read(&self, parameters: &[u8], device: &mut dyn Peripheral, now: Duration) -> Answer {
        let [handle] = words(parameters)?;
        let value = self.value(handle, device, now)?;
        let mut pdu = [&[0x0B], value.as_slice()].concat();
        pdu.truncate(usize::from(self.mtu));
        Ok(pdu)
    }

    fn read_blob(&self, parameters: &[u8], device: &mut dyn Peripheral, now: Duration) -> Answer {
        let [handle, offset] = words(parameters)?;
        let value = self.value(handle, device, now)?;
        let rest = value.get(usize::from(offset)..).ok_or((handle, Refusal::INVALID_OFFSET))?;
        let mut pdu = [&[0x0D], rest].concat();
        pdu.truncate(usize::from(self.mtu));
        Ok(pdu)
    }

    fn value(
        &self,
        handle: u16,
        device: &mut dyn Peripheral,
        now: Duration,
    ) -> Result<Vec<u8>, (u16, Refusal)> {
        let attribute = self.at(handle)?;
        if !attribute.is_readable() {
            return Err((handle, Refusal::READ_NOT_PERMITTED));
        }
        let told = match attribute.role {
            Role::Value { .. } => device.read(attribute.kind, now).map_err(|why| (handle, why))?,
            Role::Declaration | Role::Configuration { .. } => None,
        };
        Ok(told.unwrap_or_else(|| attribute.value.clone()))
    }

    /// `how`: the property that a characteristic needs for it.
    fn write(
        &mut self,
        parameters: &[u8],
        how: u8,
        device: &mut dyn Peripheral,
        now: Duration,
    ) -> Answer {
        let Some((head, value)) = parameters.split_at_checked(2) else {
            return Err((0, Refusal::INVALID_PDU));
        };
        let [handle] = words(head)?;
        let attribute = self.at(handle)?;
        let refused = |why| (handle, why);
        match attribute.role {
            Role::Value { properties } if properties & how != 0 => {
                device.write(attribute.kind, value, now).map_err(refused)?;
            }
            Role::Configuration { of, properties } => {
                configuration(value, properties).map_err(refused)?;
                self.set_value(handle, value);
                device.subscribed(of, value != [0, 0], now);
            }
            Role::Declaration | Role::Value { .. } => {
                return Err(refused(Refusal::WRITE_NOT_PERMITTED));
            }
        }
        Ok(vec![0x13])
    }

    fn set_value(&mut self, handle: u16, bytes: &[u8]) {
        if let Some(attribute) = self.attributes.iter_mut().find(|a| a.handle == handle) {
            attribute.value = bytes.to_vec();
        }
    }

    fn at(&self, handle: u16) -> Result<&Attribute, (u16, Refusal)> {
        let found = self.attributes.iter().find(|a| a.handle == handle);
        found.ok_or((handle, Refusal::INVALID_HANDLE))
    }

    fn within(
        &self,
        start: u16,
        end: u16,
    ) -> Result<impl Iterator<Item = &Attribute>, (u16, Refusal)> {
        if start == 0 || start > end {
            return Err((start, Refusal::INVALID_HANDLE));
        }
        Ok(self.attributes.iter().filter(move |a| (start..=end).contains(&a.handle)))
    }

    /// As many entries as fit; none at all is "not found".
    fn list(&self, head: &[u8], entries: Vec<Vec<u8>>, start: u16) -> Answer {
        if entries.is_empty() {
            return Err((start, Refusal::ATTRIBUTE_NOT_FOUND));
        }
        let mut pdu = head.to_vec();
        for entry in entries {
            if pdu.len() + entry.len() > usize::from(self.mtu) {
                break;
            }
            pdu.extend(entry);
        }
        Ok(pdu)
    }

    /// A list whose entries all have the length of the first: the answer names it once.
    fn list_of_equals(&self, opcode: u8, mut entries: Vec<Vec<u8>>, start: u16) -> Answer {
        let room = usize::from(self.mtu) - 2;
        let length = entries.first().map_or(0, |entry| entry.len().min(room));
        if let Some(first) = entries.first_mut() {
            first.truncate(length);
        }
        let equal = entries.into_iter().take_while(|entry| entry.len() == length).collect();
        self.list(&[opcode, length as u8], equal, start)
    }
}

/// Whether this may be written to the client configuration of a characteristic.
fn configuration(value: &[u8], properties: u8) -> Result<(), Refusal> {
    match value {
        [0, 0] => Ok(()),
        [1, 0] if properties & NOTIFY != 0 => Ok(()),
        [2, 0] if properties & INDICATE != 0 => Ok(()),
        [_, _] => Err(Refusal::IMPROPERLY_CONFIGURED),
        _ => Err(Refusal::INVALID_LENGTH),
    }
}

#[cfg(test)]
mod tests;
