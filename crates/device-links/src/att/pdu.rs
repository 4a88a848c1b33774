//! The protocol data units of the Attribute Protocol that a client of 16-bit services needs
//! (Bluetooth Core, Vol 3, Part F, 3.4).

use super::AttError;

pub(super) const PRIMARY_SERVICE: u16 = 0x2800;
pub(super) const CHARACTERISTIC: u16 = 0x2803;
pub(super) const CLIENT_CONFIGURATION: u16 = 0x2902;

/// What the standard guarantees; no value in use here needs more.
const MTU: u16 = 23;
const REQUEST_NOT_SUPPORTED: u8 = 0x06;
pub(super) const NOT_FOUND: u8 = 0x0A;
/// Bit 6 of an opcode marks a command, which is never answered.
const COMMAND: u8 = 0x40;

pub(super) const CONFIRMATION: [u8; 1] = [0x1E];

pub(super) fn find_service(start: u16, service: u16) -> Vec<u8> {
    words(0x06, &[start, 0xFFFF, PRIMARY_SERVICE, service])
}

pub(super) fn find_information(start: u16, end: u16) -> Vec<u8> {
    words(0x04, &[start, end])
}

pub(super) fn read_by_type(start: u16, end: u16, kind: u16) -> Vec<u8> {
    words(0x08, &[start, end, kind])
}

pub(super) fn read(handle: u16) -> Vec<u8> {
    words(0x0A, &[handle])
}

pub(super) fn write(handle: u16, value: u16) -> Vec<u8> {
    words(0x12, &[handle, value])
}

fn words(opcode: u8, words: &[u16]) -> Vec<u8> {
    let mut pdu = vec![opcode];
    pdu.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    pdu
}

/// What a server sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FromServer {
    Error {
        code: u8,
    },
    /// To `find_service`: first and last handle.
    Services(Vec<[u16; 2]>),
    /// To `find_information`: handle and 16-bit type; 0 for a type of 128 bits.
    Information(Vec<[u16; 2]>),
    /// To `read_by_type`, for characteristic declarations.
    Declarations(Vec<Declaration>),
    /// To `read`.
    Value(Vec<u8>),
    /// To `write`.
    Written,
    /// `confirm`: it waits for a confirmation.
    Pushed {
        handle: u16,
        value: Vec<u8>,
        confirm: bool,
    },
    /// A request of the server's own, and the answer to it.
    Asks(Vec<u8>),
    /// A command, or a confirmation of nothing: no answer.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) handle: u16,
    pub(super) properties: u8,
    pub(super) value: u16,
    /// 16-bit UUID; 0, which is assigned to nothing, for one of 128 bits.
    pub(super) uuid: u16,
}

pub(super) fn decode(pdu: &[u8]) -> Result<FromServer, AttError> {
    let garbled = || AttError::Garbled { pdu: pdu.to_vec() };
    match *pdu {
        [0x01, _, _, _, code] => Ok(FromServer::Error { code }),
        [0x07, ref list @ ..] => pairs(list).map(FromServer::Services).ok_or_else(garbled),
        [0x05, 0x01, ref list @ ..] => pairs(list).map(FromServer::Information).ok_or_else(garbled),
        [0x05, 0x02, ref list @ ..] if list.len() % 18 == 0 && !list.is_empty() => {
            let long = list.chunks_exact(18).map(|entry| [word(entry), 0]);
            Ok(FromServer::Information(long.collect()))
        }
        [0x09, length @ (7 | 21), ref list @ ..] => {
            declarations(length.into(), list).map(FromServer::Declarations).ok_or_else(garbled)
        }
        [0x0B, ref value @ ..] => Ok(FromServer::Value(value.to_vec())),
        [0x13] => Ok(FromServer::Written),
        [opcode @ (0x1B | 0x1D), low, high, ref value @ ..] => Ok(FromServer::Pushed {
            handle: u16::from_le_bytes([low, high]),
            value: value.to_vec(),
            confirm: opcode == 0x1D,
        }),
        [0x02, ..] => Ok(FromServer::Asks(words(0x03, &[MTU]))),
        [0x1E, ..] => Ok(FromServer::Nothing),
        [opcode, ..] if opcode & COMMAND != 0 => Ok(FromServer::Nothing),
        // Requests have even opcodes.
        [opcode, ..] if opcode % 2 == 0 => {
            Ok(FromServer::Asks(vec![0x01, opcode, 0, 0, REQUEST_NOT_SUPPORTED]))
        }
        _ => Err(garbled()),
    }
}

fn word(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

/// At least one entry of two words.
fn pairs(list: &[u8]) -> Option<Vec<[u16; 2]>> {
    let whole = !list.is_empty() && list.len().is_multiple_of(4);
    whole.then(|| list.chunks_exact(4).map(|entry| [word(entry), word(&entry[2..])]).collect())
}

/// Handle, properties, handle of the value, UUID of 16 or 128 bits.
fn declarations(length: usize, list: &[u8]) -> Option<Vec<Declaration>> {
    let whole = !list.is_empty() && list.len().is_multiple_of(length);
    let entry = |entry: &[u8]| Declaration {
        handle: word(entry),
        properties: entry[2],
        value: word(&entry[3..]),
        uuid: if length == 7 { word(&entry[5..]) } else { 0 },
    };
    whole.then(|| list.chunks_exact(length).map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_laid_out_as_in_the_standard() {
        assert_eq!(find_service(1, 0x1809), [6, 1, 0, 0xFF, 0xFF, 0, 0x28, 9, 0x18]);
        assert_eq!(write(0x13, 2), [0x12, 0x13, 0, 2, 0]);
    }

    #[test]
    fn declarations_of_both_lengths_are_read() {
        let short = decode(&[9, 7, 0x11, 0, 0x20, 0x12, 0, 0x1C, 0x2A]).unwrap();
        let thermometer = Declaration { handle: 0x11, properties: 0x20, value: 0x12, uuid: 0x2A1C };
        assert_eq!(short, FromServer::Declarations(vec![thermometer]));
        let mut long = vec![9, 21, 0x11, 0, 0x20, 0x12, 0];
        long.extend([0xAB; 16]);
        let unknown = Declaration { uuid: 0, ..thermometer };
        assert_eq!(decode(&long).unwrap(), FromServer::Declarations(vec![unknown]));
    }

    #[test]
    fn what_the_server_asks_itself_is_answered() {
        assert_eq!(decode(&[0x02, 0, 2]).unwrap(), FromServer::Asks(vec![3, 23, 0]));
        let refused = FromServer::Asks(vec![1, 0x10, 0, 0, 6]);
        assert_eq!(decode(&[0x10, 1, 0, 0xFF, 0xFF, 0, 0x28]).unwrap(), refused);
        assert_eq!(decode(&[0x52, 1, 0, 9]).unwrap(), FromServer::Nothing);
    }

    #[test]
    fn what_is_cut_short_is_garbled() {
        for pdu in [&[][..], &[0x01], &[0x07], &[0x07, 1, 0, 2], &[0x09, 7, 1], &[0x1D, 1], &[0x99]]
        {
            let decoded = decode(pdu);
            assert!(matches!(decoded, Err(AttError::Garbled { .. })), "{pdu:?} {decoded:?}");
        }
    }
}
