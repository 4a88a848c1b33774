//! How the memory of an Omron cuff is read: packets through pairs of characteristics.
//!
//! `size type type address address count data.. 00 xor`, big-endian; all bytes of a packet XOR to 0.
//! Sixteen bytes go through each characteristic, the next sixteen through the next
//! (userx14/omblepy); later models have one pair that takes whole packets (eigger/hass-omron).

use crate::{Channel, Uuid, Wrong};

/// The characteristics through which a memory is reached.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) service: Uuid,
    /// Where a host shows that it may.
    pub(super) unlock: Channel,
    /// To the cuff. Every request is short enough for the first of its characteristics.
    pub(super) request: Channel,
    /// From the cuff, at most four.
    pub(super) answers: &'static [Channel],
    /// Bytes of a packet that go through one of them.
    width: usize,
}

const EARLIER: Uuid = Uuid::new(0xECBE_3980_C9A2_11E1_B1BD_0002_A5D5_C51B);
const LATER: Uuid = Uuid::sig(0xFE4A);

const fn channel(service: Uuid, bits: u128) -> Channel {
    Channel::Gatt { service, characteristic: Uuid::new(bits) }
}

const fn way(service: Uuid, answers: &'static [Channel], width: usize) -> Way {
    Way {
        service,
        unlock: channel(service, 0xB305_B680_AEE7_11E1_A730_0002_A5D5_C51B),
        request: channel(service, 0xDB5B_55E0_AEE7_11E1_965E_0002_A5D5_C51B),
        answers,
        width,
    }
}

const FIRST_ANSWER: u128 = 0x4912_3040_AEE8_11E1_A74D_0002_A5D5_C51B;

pub(super) static FOUR_PAIRS: Way = way(
    EARLIER,
    &[
        channel(EARLIER, FIRST_ANSWER),
        channel(EARLIER, 0x4D0B_F320_AEE8_11E1_A0D9_0002_A5D5_C51B),
        channel(EARLIER, 0x5128_CE60_AEE8_11E1_B84B_0002_A5D5_C51B),
        channel(EARLIER, 0x560F_1420_AEE8_11E1_8184_0002_A5D5_C51B),
    ],
    16,
);

/// Later models send a whole packet at once; its size is one byte.
pub(super) static ONE_PAIR: Way = way(LATER, &[channel(LATER, FIRST_ANSWER)], 255);

/// Six bytes before the data, two after.
const SHORTEST: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Start,
    Read { address: u16, count: u8 },
    End,
}

impl Request {
    pub(super) fn bytes(self) -> Vec<u8> {
        let body = match self {
            Self::Start => [0x08, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00],
            Self::End => [0x08, 0x0F, 0x00, 0x00, 0x00, 0x00, 0x00],
            Self::Read { address, count } => {
                let [high, low] = address.to_be_bytes();
                [0x08, 0x01, 0x00, high, low, count, 0x00]
            }
        };
        let mut bytes = body.to_vec();
        bytes.push(xor(&body));
        bytes
    }
}

fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Started,
    Data {
        address: u16,
        bytes: Vec<u8>,
    },
    /// 0: without an error.
    Ended {
        error: u8,
    },
}

/// Gathers the parts of one answer, which may come in any order. Bounded by four parts.
#[derive(Debug, Default)]
pub(super) struct Parts([Option<Vec<u8>>; 4]);

impl Parts {
    /// `None` while parts are missing.
    pub(super) fn add(
        &mut self,
        way: &Way,
        index: usize,
        part: &[u8],
    ) -> Option<Result<Answer, Refused>> {
        let slot = self.0.get_mut(index)?;
        *slot = Some(part[..part.len().min(way.width)].to_vec());
        let size = match self.0[0].as_deref() {
            None => return None,
            Some([size, ..]) => usize::from(*size),
            Some([]) => 0,
        };
        let needed = size.div_ceil(way.width).clamp(1, self.0.len());
        if self.0[..needed].iter().any(Option::is_none) {
            return None;
        }
        let mut packet: Vec<u8> = self.0[..needed].iter().flatten().flatten().copied().collect();
        *self = Self::default();
        packet.truncate(size.max(1));
        Some(read(size, &packet).map_err(|what| Refused { what, packet }))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) what: Wrong,
    pub(super) packet: Vec<u8>,
}

fn read(size: usize, packet: &[u8]) -> Result<Answer, Wrong> {
    if size < SHORTEST || packet.len() != size {
        return Err(Wrong::Length);
    }
    if xor(packet) != 0 {
        return Err(Wrong::Checksum);
    }
    let &[_, first, second, high, low, count, ref rest @ ..] = packet else {
        return Err(Wrong::Length);
    };
    let address = u16::from_be_bytes([high, low]);
    match [first, second] {
        [0x80, 0x00] => Ok(Answer::Started),
        [0x8F, 0x00] => Ok(Answer::Ended { error: rest[0] }),
        [0x81, 0x00] => {
            let data = &rest[..rest.len() - 2];
            // A cuff that has nothing at an address announces bytes and sends none.
            let bytes = match usize::from(count) {
                count if data.len() == count => data.to_vec(),
                count if data.is_empty() => vec![0xFF; count],
                _ => return Err(Wrong::Length),
            };
            Ok(Answer::Data { address, bytes })
        }
        _ => Err(Wrong::Unexpected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    #[test]
    fn requests_are_those_of_the_public_source() {
        assert_eq!(Request::Start.bytes(), hex("0800000000100018"));
        assert_eq!(Request::End.bytes(), hex("080f000000000007"));
        let read = Request::Read { address: 0x02AC, count: 0x0E };
        assert_eq!(read.bytes(), hex("08010002ac0e00a9"));
    }

    /// An answer of 14 bytes of data, in two parts.
    fn answer() -> Vec<u8> {
        let data = hex("5b781a4819d71b42000014006996");
        let mut packet = [&hex("1681 0002ac0e")[..], &data, &[0]].concat();
        packet.push(xor(&packet));
        packet
    }

    #[test]
    fn parts_in_any_order_are_one_answer() {
        let packet = answer();
        let expected = Answer::Data { address: 0x02AC, bytes: packet[6..20].to_vec() };
        let mut parts = Parts::default();
        assert_eq!(parts.add(&FOUR_PAIRS, 1, &packet[16..]), None);
        assert_eq!(parts.add(&FOUR_PAIRS, 0, &packet[..16]), Some(Ok(expected.clone())));
        assert_eq!(parts.add(&FOUR_PAIRS, 0, &packet[..16]), None);
        assert_eq!(parts.add(&FOUR_PAIRS, 1, &packet[16..]), Some(Ok(expected)));
        assert_eq!(parts.add(&FOUR_PAIRS, 9, &[1]), None);
    }

    #[test]
    fn a_later_cuff_sends_an_answer_whole() {
        let packet = answer();
        let expected = Answer::Data { address: 0x02AC, bytes: packet[6..20].to_vec() };
        assert_eq!(Parts::default().add(&ONE_PAIR, 0, &packet), Some(Ok(expected)));
        let cut = Parts::default().add(&ONE_PAIR, 0, &packet[..16]);
        assert!(matches!(cut, Some(Err(Refused { what: Wrong::Length, .. }))));
    }

    #[test]
    fn a_damaged_answer_is_none() {
        for at in 0..22 {
            let mut packet = answer();
            packet[at] ^= 0x04;
            let mut parts = Parts::default();
            parts.add(&FOUR_PAIRS, 1, &packet[16..]);
            let told = parts.add(&FOUR_PAIRS, 0, &packet[..16]);
            assert!(!matches!(told, Some(Ok(_))), "{at}");
        }
        let refused = Refused { what: Wrong::Length, packet: Vec::new() };
        assert_eq!(Parts::default().add(&FOUR_PAIRS, 0, &[]), Some(Err(refused)));
    }

    #[test]
    fn an_address_without_memory_reads_as_erased() {
        let told = Parts::default().add(&FOUR_PAIRS, 0, &hex("0881 0002ac0e0029"));
        assert_eq!(told, Some(Ok(Answer::Data { address: 0x02AC, bytes: vec![0xFF; 14] })));
    }
}
