//! The header that VISCA gets in a datagram of UDP (port 52381), as Sony's command lists define it:
//! type, length and sequence number, big-endian, then one packet of VISCA or a control message.

use crate::{
    Fields, Undecoded, Wrong,
    fields::{Field, hex},
};

const HEADER: usize = 8;
/// The longest packet of VISCA.
const LONGEST_PAYLOAD: usize = 16;
/// Control messages: their payloads.
pub(super) const RESET: &[u8] = &[0x01];
pub(super) const RESET_DONE: &[u8] = &[0x01];
pub(super) const WRONG_NUMBER: &[u8] = &[0x0F, 0x01];
pub(super) const WRONG_TYPE: &[u8] = &[0x0F, 0x02];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Kind {
    Command = 0x0100,
    Inquiry = 0x0110,
    Reply = 0x0111,
    Setting = 0x0120,
    Control = 0x0200,
    ControlReply = 0x0201,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Datagram<'a> {
    pub(super) kind: Kind,
    pub(super) number: u32,
    pub(super) payload: &'a [u8],
}

impl<'a> Datagram<'a> {
    pub(super) fn encode(&self) -> Vec<u8> {
        // At most sixteen bytes.
        let length = self.payload.len() as u16;
        let mut bytes = (self.kind as u16).to_be_bytes().to_vec();
        bytes.extend(length.to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.payload);
        bytes
    }

    pub(super) fn decode(bytes: &'a [u8]) -> Result<Self, Wrong> {
        let Some(([k0, k1, l0, l1, number @ ..], payload)) = bytes.split_first_chunk::<HEADER>()
        else {
            return Err(Wrong::Length);
        };
        let length = usize::from(u16::from_be_bytes([*l0, *l1]));
        if length != payload.len() || !(1..=LONGEST_PAYLOAD).contains(&length) {
            return Err(Wrong::Length);
        }
        let kind = match u16::from_be_bytes([*k0, *k1]) {
            0x0100 => Kind::Command,
            0x0110 => Kind::Inquiry,
            0x0111 => Kind::Reply,
            0x0120 => Kind::Setting,
            0x0200 => Kind::Control,
            0x0201 => Kind::ControlReply,
            _ => return Err(Wrong::Field),
        };
        Ok(Self { kind, number: u32::from_be_bytes(*number), payload })
    }
}

/// For a person who looks at bytes.
pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let Datagram { kind, number, payload } = Datagram::decode(bytes)?;
    let meaning = match (kind, payload) {
        (Kind::Control, RESET) => Field::from("reset sequence number"),
        (Kind::ControlReply, RESET_DONE) => Field::from("sequence number reset"),
        (Kind::ControlReply, WRONG_NUMBER) => Field::from("abnormal sequence number"),
        (Kind::ControlReply, WRONG_TYPE) => Field::from("abnormal message type"),
        _ => Field::Absent,
    };
    Ok(Fields::default()
        .with("type", kind as u16)
        .with("seq", i64::from(number))
        .with("payload", hex(payload))
        .with("meaning", meaning))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testdata;

    #[test]
    fn published_datagrams_are_written_as_they_are_read() {
        let file = include_str!("../../testdata/vectors/visca_over_ip.json");
        for vector in testdata::vectors(file) {
            let bytes = testdata::hex(vector["input_hex"].as_str().unwrap());
            let datagram = Datagram::decode(&bytes).unwrap();
            assert_eq!(datagram.encode(), bytes, "{vector}");
        }
    }

    fn refused(bytes: &str, why: Wrong) {
        assert_eq!(Datagram::decode(&testdata::hex(bytes)), Err(why), "{bytes}");
    }

    #[test]
    fn a_length_that_is_not_that_of_the_payload_is_refused() {
        refused("0111000300000001 9041", Wrong::Length);
        refused("0111000300000001 9041ff00", Wrong::Length);
        refused("0111000000000001", Wrong::Length);
        refused("01110003000000", Wrong::Length);
        refused("0112000300000001 9041ff", Wrong::Field);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_whole_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(datagram) = Datagram::decode(&bytes) {
                prop_assert_eq!(datagram.encode(), bytes);
            }
        }
    }
}
