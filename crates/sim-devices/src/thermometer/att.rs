//! Answers one request of the Attribute Protocol (Bluetooth Core, Vol 3, Part F).
//!
//! Pure: a protocol data unit goes in, the answer comes out. Supported: MTU exchange, the four
//! kinds of discovery, Read and Write; everything else gets the error that the standard names.

use super::database::{
    Attribute, MEASUREMENT_CONFIGURATION, PRIMARY_SERVICE, attributes, end_of_group,
};

pub const INDICATION: u8 = 0x1D;
pub const CONFIRMATION: u8 = 0x1E;

const DEFAULT_MTU: u16 = 23;
/// Enough for every value in the table; real thermometers offer little more than the default.
const OWN_MTU: u16 = 64;
/// Bit 6 marks a command: it has no answer, not even an error.
const COMMAND: u8 = 0x40;

/// Error codes of Vol 3, Part F, 3.4.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    InvalidHandle = 0x01,
    ReadNotPermitted = 0x02,
    WriteNotPermitted = 0x03,
    InvalidPdu = 0x04,
    RequestNotSupported = 0x06,
    AttributeNotFound = 0x0A,
    InvalidLength = 0x0D,
    UnsupportedGroup = 0x10,
    ImproperlyConfigured = 0xFD,
}

type Answer = Result<Vec<u8>, (u16, Refusal)>;

/// The server's side of one connection.
#[derive(Debug)]
pub struct Server {
    attributes: Vec<Attribute>,
    mtu: u16,
}

impl Default for Server {
    fn default() -> Self {
        Self { attributes: attributes(), mtu: DEFAULT_MTU }
    }
}

impl Server {
    /// The answer to a request; nothing to a command or a confirmation.
    pub fn answer(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let (&opcode, parameters) = request.split_first()?;
        if opcode & COMMAND != 0 || opcode == CONFIRMATION {
            return None;
        }
        let answer = match opcode {
            0x02 => self.exchange_mtu(parameters),
            0x04 => self.find_information(parameters),
            0x06 => self.find_by_value(parameters),
            0x08 => self.read_by_type(parameters),
            0x0A => self.read(parameters),
            0x10 => self.read_by_group(parameters),
            0x12 => self.write(parameters),
            _ => Err((0, Refusal::RequestNotSupported)),
        };
        Some(answer.unwrap_or_else(|(handle, refusal)| error(opcode, handle, refusal)))
    }

    /// Whether the client asked for indications of the temperature.
    pub fn is_subscribed(&self) -> bool {
        self.value(MEASUREMENT_CONFIGURATION).is_some_and(|value| value[0] & 0x02 != 0)
    }

    pub fn set_value(&mut self, handle: u16, bytes: &[u8]) {
        if let Some(attribute) = self.attributes.iter_mut().find(|a| a.handle == handle) {
            attribute.value = bytes.to_vec();
        }
    }

    /// An indication of the value, cut to what the client can take.
    pub fn indication(&self, handle: u16, value: &[u8]) -> Vec<u8> {
        let mut pdu = vec![INDICATION];
        pdu.extend(handle.to_le_bytes());
        pdu.extend(value);
        pdu.truncate(usize::from(self.mtu));
        pdu
    }

    fn value(&self, handle: u16) -> Option<&[u8]> {
        self.attributes.iter().find(|a| a.handle == handle).map(|a| a.value.as_slice())
    }

    fn exchange_mtu(&mut self, parameters: &[u8]) -> Answer {
        let [client] = words(parameters)?;
        self.mtu = client.clamp(DEFAULT_MTU, OWN_MTU);
        Ok([&[0x03], OWN_MTU.to_le_bytes().as_slice()].concat())
    }

    fn find_information(&self, parameters: &[u8]) -> Answer {
        let [start, end] = words(parameters)?;
        let pairs =
            self.within(start, end)?.map(|a| [a.handle.to_le_bytes(), a.kind.to_le_bytes()]);
        // Format 1: all types have 16 bits.
        self.list(&[0x05, 0x01], pairs.map(|pair| pair.concat()).collect(), start)
    }

    fn find_by_value(&self, parameters: &[u8]) -> Answer {
        let Some((head, value)) = parameters.split_at_checked(6) else {
            return Err((0, Refusal::InvalidPdu));
        };
        let [start, end, kind] = words(head)?;
        let found = self.within(start, end)?.filter(|a| a.kind == kind && a.value == value);
        let groups = found.map(|a| {
            let last = end_of_group(&self.attributes, a.handle);
            [a.handle.to_le_bytes(), last.to_le_bytes()].concat()
        });
        self.list(&[0x07], groups.collect(), start)
    }

    fn read_by_type(&self, parameters: &[u8]) -> Answer {
        let [start, end, kind] = words(parameters)?;
        let found: Vec<&Attribute> = self.within(start, end)?.filter(|a| a.kind == kind).collect();
        if let Some(first) = found.first().filter(|a| !a.readable) {
            return Err((first.handle, Refusal::ReadNotPermitted));
        }
        let entries = found.iter().filter(|a| a.readable);
        let entries = entries.map(|a| [&a.handle.to_le_bytes(), a.value.as_slice()].concat());
        self.list_of_equals(0x09, entries.collect(), start)
    }

    fn read_by_group(&self, parameters: &[u8]) -> Answer {
        let [start, end, kind] = words(parameters)?;
        if kind != PRIMARY_SERVICE {
            return Err((start, Refusal::UnsupportedGroup));
        }
        let services = self.within(start, end)?.filter(|a| a.kind == PRIMARY_SERVICE);
        let entries = services.map(|a| {
            let last = end_of_group(&self.attributes, a.handle).to_le_bytes();
            [&a.handle.to_le_bytes(), last.as_slice(), &a.value].concat()
        });
        self.list_of_equals(0x11, entries.collect(), start)
    }

    fn read(&self, parameters: &[u8]) -> Answer {
        let [handle] = words(parameters)?;
        let attribute = self.at(handle)?;
        if !attribute.readable {
            return Err((handle, Refusal::ReadNotPermitted));
        }
        let mut pdu = vec![0x0B];
        pdu.extend(&attribute.value);
        pdu.truncate(usize::from(self.mtu));
        Ok(pdu)
    }

    fn write(&mut self, parameters: &[u8]) -> Answer {
        let Some((head, value)) = parameters.split_at_checked(2) else {
            return Err((0, Refusal::InvalidPdu));
        };
        let [handle] = words(head)?;
        if !self.at(handle)?.writable {
            return Err((handle, Refusal::WriteNotPermitted));
        }
        match value {
            // The only writable attribute is the configuration; the sensor can only indicate.
            [0 | 2, 0] => self.set_value(handle, value),
            [_, _] => return Err((handle, Refusal::ImproperlyConfigured)),
            _ => return Err((handle, Refusal::InvalidLength)),
        }
        Ok(vec![0x13])
    }

    fn at(&self, handle: u16) -> Result<&Attribute, (u16, Refusal)> {
        let found = self.attributes.iter().find(|a| a.handle == handle);
        found.ok_or((handle, Refusal::InvalidHandle))
    }

    fn within(
        &self,
        start: u16,
        end: u16,
    ) -> Result<impl Iterator<Item = &Attribute>, (u16, Refusal)> {
        if start == 0 || start > end {
            return Err((start, Refusal::InvalidHandle));
        }
        Ok(self.attributes.iter().filter(move |a| (start..=end).contains(&a.handle)))
    }

    /// As many entries as fit; none at all is "not found".
    fn list(&self, head: &[u8], entries: Vec<Vec<u8>>, start: u16) -> Answer {
        if entries.is_empty() {
            return Err((start, Refusal::AttributeNotFound));
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

/// Reads exactly `N` little-endian words.
fn words<const N: usize>(bytes: &[u8]) -> Result<[u16; N], (u16, Refusal)> {
    if bytes.len() != 2 * N {
        return Err((0, Refusal::InvalidPdu));
    }
    Ok(std::array::from_fn(|i| u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]])))
}

fn error(opcode: u8, handle: u16, refusal: Refusal) -> Vec<u8> {
    let [low, high] = handle.to_le_bytes();
    vec![0x01, opcode, low, high, refusal as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn check(request: &str, expected: &str) {
        let answer = Server::default().answer(&hex::parse(request).unwrap());
        assert_eq!(answer, Some(hex::parse(expected).unwrap()), "{request}");
    }

    #[test]
    fn a_client_discovers_the_thermometer_in_the_usual_ways() {
        check("10 0100 ffff 0028", "11 06 0100 0300 0018 1000 1500 0918 2000 2600 0a18");
        check("06 0100 ffff 0028 0918", "07 1000 1500");
        check("08 1000 1500 0328", "09 07 1100 20 1200 1c2a 1400 02 1500 1d2a");
        check("04 1200 1300", "05 01 1200 1c2a 1300 0229");
        check("0a 1500", "0b 02");
    }

    #[test]
    fn every_wrong_request_gets_its_own_error() {
        check("0a 1200", "01 0a 1200 02");
        check("0a 9999", "01 0a 9999 01");
        check("0a 12", "01 0a 0000 04");
        check("10 0100 ffff 0128", "01 10 0100 10");
        check("08 2700 ffff 0328", "01 08 2700 0a");
        check("04 0000 ffff", "01 04 0000 01");
        check("12 1300 0100", "01 12 1300 fd");
        check("12 1300 02", "01 12 1300 0d");
        check("12 1500 0200", "01 12 1500 03");
        check("16 1300 0000 02", "01 16 0000 06");
    }

    #[test]
    fn subscribing_and_the_size_of_packets_are_remembered() {
        let mut server = Server::default();
        assert_eq!(server.indication(0x12, &[7; 40]).len(), 23);
        assert_eq!(server.answer(&[0x02, 0x00, 0x02]), Some(vec![0x03, 64, 0]));
        assert_eq!(server.indication(0x12, &[7; 40]).len(), 43);
        assert!(!server.is_subscribed());
        assert_eq!(server.answer(&[0x12, 0x13, 0, 2, 0]), Some(vec![0x13]));
        assert!(server.is_subscribed());
    }

    #[test]
    fn commands_are_never_answered() {
        assert_eq!(Server::default().answer(&[0x52, 0x13, 0, 2, 0]), None);
        assert_eq!(Server::default().answer(&[]), None);
    }
}
