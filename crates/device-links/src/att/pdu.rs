//! The protocol data units of the Attribute Protocol that a client needs (Bluetooth Core, Vol 3,
//! Part F, 3.4).

use devices::Uuid;

use super::AttError;

const PRIMARY_SERVICE: u16 = 0x2800;
pub(super) const CHARACTERISTIC: u16 = 0x2803;
pub(super) const CLIENT_CONFIGURATION: Uuid = Uuid::sig(0x2902);

/// What holds until the two sides have agreed on more (3.2.8).
pub(super) const DEFAULT_MTU: u16 = 23;
/// The most that fits into one packet of a radio with data length extension (251 bytes, of which
/// L2CAP takes four); more would only be cut into pieces again.
pub(super) const OWN_MTU: u16 = 247;
/// The longest value of an attribute (3.2.9).
pub(super) const LONGEST_VALUE: usize = 512;

const REQUEST_NOT_SUPPORTED: u8 = 0x06;
pub(super) const INVALID_OFFSET: u8 = 0x07;
pub(super) const NOT_FOUND: u8 = 0x0A;
pub(super) const NOT_LONG: u8 = 0x0B;
/// Bit 6 of an opcode marks a command, which is never answered.
const COMMAND: u8 = 0x40;

pub(super) const CONFIRMATION: [u8; 1] = [0x1E];

pub(super) fn exchange_mtu() -> Vec<u8> {
    words(0x02, &[OWN_MTU])
}

pub(super) fn answer_mtu() -> Vec<u8> {
    words(0x03, &[OWN_MTU])
}

pub(super) fn find_service(start: u16, service: Uuid) -> Vec<u8> {
    let mut pdu = words(0x06, &[start, 0xFFFF, PRIMARY_SERVICE]);
    match service.short() {
        Some(short) => pdu.extend(short.to_le_bytes()),
        None => pdu.extend(service.bits().to_le_bytes()),
    }
    pdu
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

pub(super) fn read_blob(handle: u16, offset: u16) -> Vec<u8> {
    words(0x0C, &[handle, offset])
}

/// A write that is answered.
pub(super) fn write(handle: u16, value: &[u8]) -> Vec<u8> {
    [&words(0x12, &[handle]), value].concat()
}

/// A write that is not.
pub(super) fn write_command(handle: u16, value: &[u8]) -> Vec<u8> {
    [&words(0x52, &[handle]), value].concat()
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
    /// To `exchange_mtu`.
    Mtu(u16),
    /// To `find_service`: first and last handle.
    Services(Vec<[u16; 2]>),
    /// To `find_information`: handle and type.
    Information(Vec<(u16, Uuid)>),
    /// To `read_by_type`, for characteristic declarations.
    Declarations(Vec<Declaration>),
    /// To `read`.
    Value(Vec<u8>),
    /// To `read_blob`.
    Part(Vec<u8>),
    /// To `write`.
    Written,
    /// `confirm`: it waits for a confirmation.
    Pushed {
        handle: u16,
        value: Vec<u8>,
        confirm: bool,
    },
    /// The server asks for longer packets by itself.
    AsksMtu(u16),
    /// Another request of the server's own, and the answer to it.
    Asks(Vec<u8>),
    /// A command, or a confirmation of nothing: no answer.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) handle: u16,
    pub(super) properties: u8,
    pub(super) value: u16,
    pub(super) uuid: Uuid,
}

pub(super) fn decode(pdu: &[u8]) -> Result<FromServer, AttError> {
    let garbled = || AttError::Garbled { pdu: pdu.to_vec() };
    match *pdu {
        [0x01, _, _, _, code] => Ok(FromServer::Error { code }),
        [0x03, low, high] => Ok(FromServer::Mtu(u16::from_le_bytes([low, high]))),
        [0x07, ref list @ ..] => services(list).map(FromServer::Services).ok_or_else(garbled),
        [0x05, format @ (1 | 2), ref list @ ..] => {
            information(format, list).map(FromServer::Information).ok_or_else(garbled)
        }
        [0x09, length @ (7 | 21), ref list @ ..] => {
            declarations(length.into(), list).map(FromServer::Declarations).ok_or_else(garbled)
        }
        [0x0B, ref value @ ..] => Ok(FromServer::Value(value.to_vec())),
        [0x0D, ref value @ ..] => Ok(FromServer::Part(value.to_vec())),
        [0x13] => Ok(FromServer::Written),
        [opcode @ (0x1B | 0x1D), low, high, ref value @ ..] => Ok(FromServer::Pushed {
            handle: u16::from_le_bytes([low, high]),
            value: value.to_vec(),
            confirm: opcode == 0x1D,
        }),
        [0x02, low, high] => Ok(FromServer::AsksMtu(u16::from_le_bytes([low, high]))),
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

/// Of 2 or of 16 bytes.
fn uuid(bytes: &[u8]) -> Uuid {
    match bytes.try_into() {
        Ok(long) => Uuid::new(u128::from_le_bytes(long)),
        Err(_) => Uuid::sig(word(bytes)),
    }
}

/// The entries of a list, which are all of one length; at least one.
fn entries(list: &[u8], length: usize) -> Option<impl Iterator<Item = &[u8]>> {
    let whole = !list.is_empty() && list.len().is_multiple_of(length);
    whole.then(|| list.chunks_exact(length))
}

fn services(list: &[u8]) -> Option<Vec<[u16; 2]>> {
    entries(list, 4).map(|entries| entries.map(|entry| [word(entry), word(&entry[2..])]).collect())
}

fn information(format: u8, list: &[u8]) -> Option<Vec<(u16, Uuid)>> {
    let length = if format == 1 { 4 } else { 18 };
    let entries = entries(list, length)?;
    Some(entries.map(|entry| (word(entry), uuid(&entry[2..]))).collect())
}

/// Handle, properties, handle of the value, UUID.
fn declarations(length: usize, list: &[u8]) -> Option<Vec<Declaration>> {
    let declaration = |entry: &[u8]| Declaration {
        handle: word(entry),
        properties: entry[2],
        value: word(&entry[3..]),
        uuid: uuid(&entry[5..]),
    };
    Some(entries(list, length)?.map(declaration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VENDOR: Uuid = Uuid::new(0x4953_5343_FE7D_4AE5_8FA9_9FAF_D205_E455);

    #[test]
    fn requests_are_laid_out_as_in_the_standard() {
        assert_eq!(exchange_mtu(), [2, 247, 0]);
        let health = Uuid::sig(0x1809);
        assert_eq!(find_service(1, health), [6, 1, 0, 0xFF, 0xFF, 0, 0x28, 9, 0x18]);
        let long = find_service(1, VENDOR);
        assert_eq!((long.len(), &long[7..10], long[22]), (23, &[0x55, 0xE4, 5][..], 0x49));
        assert_eq!(write(0x13, &[2, 0]), [0x12, 0x13, 0, 2, 0]);
        assert_eq!(write_command(0x13, &[7]), [0x52, 0x13, 0, 7]);
        assert_eq!(read_blob(0x13, 22), [0x0C, 0x13, 0, 22, 0]);
    }

    #[test]
    fn declarations_of_both_lengths_are_read() {
        let short = decode(&[9, 7, 0x11, 0, 0x20, 0x12, 0, 0x1C, 0x2A]).unwrap();
        let uuid = Uuid::sig(0x2A1C);
        let thermometer = Declaration { handle: 0x11, properties: 0x20, value: 0x12, uuid };
        assert_eq!(short, FromServer::Declarations(vec![thermometer]));
        let mut long = vec![9, 21, 0x11, 0, 0x20, 0x12, 0];
        long.extend(VENDOR.bits().to_le_bytes());
        let vendor = Declaration { uuid: VENDOR, ..thermometer };
        assert_eq!(decode(&long).unwrap(), FromServer::Declarations(vec![vendor]));
    }

    #[test]
    fn what_the_server_asks_itself_is_answered() {
        assert_eq!(decode(&[0x02, 0, 2]).unwrap(), FromServer::AsksMtu(512));
        let refused = FromServer::Asks(vec![1, 0x10, 0, 0, 6]);
        assert_eq!(decode(&[0x10, 1, 0, 0xFF, 0xFF, 0, 0x28]).unwrap(), refused);
        assert_eq!(decode(&[0x52, 1, 0, 9]).unwrap(), FromServer::Nothing);
    }

    #[test]
    fn what_is_cut_short_is_garbled() {
        for pdu in [
            &[][..],
            &[0x01],
            &[0x03, 1],
            &[0x05, 3, 1, 0],
            &[0x07],
            &[0x07, 1, 0, 2],
            &[0x09, 7, 1],
            &[0x1D, 1],
            &[0x99],
        ] {
            let decoded = decode(pdu);
            assert!(matches!(decoded, Err(AttError::Garbled { .. })), "{pdu:?} {decoded:?}");
        }
    }
}
