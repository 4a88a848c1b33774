//! The bytes of a continuous glucose monitor: CGM Measurement (0x2AA7), Feature (0x2AA8), Status
//! (0x2AA9), Session Start Time (0x2AAA) and Run Time (0x2AAB).
//!
//! Written from the Continuous Glucose Monitoring Service 1.0.2, 3.1 to 3.5 and 3.11.

use crate::flagged::{date_time, flagged};
use crate::records::Number;
use jiff::civil::DateTime;

/// A trend is there; the octet of the sensor's status is there.
const TREND: u32 = 0;
const STATUS_OCTET: u32 = 7;

/// Trend (15) and, where it is on, the checksum (12).
const TREND_SUPPORTED: u32 = 1 << 15;
const CRC_SUPPORTED: u32 = 1 << 12;
/// Interstitial fluid (9), under the skin (5).
const TYPE_AND_PLACE: u8 = 0x59;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Minutes since the session began.
    pub minutes: Number,
    /// mg/dL, as an SFLOAT.
    pub glucose: [u8; 2],
    /// mg/dL per minute, as an SFLOAT.
    pub trend: Option<[u8; 2]>,
    pub status: Option<u8>,
}

/// Whether what is sent ends in a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed(pub bool);

impl Sealed {
    fn seal(self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.0 {
            bytes.extend(crc(&bytes).to_le_bytes());
        }
        bytes
    }

    /// The first byte is the length of all, with itself and the checksum.
    pub fn measurement(self, record: &Record) -> Vec<u8> {
        let always = [record.glucose, record.minutes.to_le_bytes()].concat();
        let fields = [
            (STATUS_OCTET, record.status.map(|octet| vec![octet])),
            (TREND, record.trend.map(Vec::from)),
        ];
        let rest = flagged(1, 0, &always, &fields);
        let length = 1 + rest.len() + if self.0 { 2 } else { 0 };
        self.seal([&[length as u8], rest.as_slice()].concat())
    }

    /// All ones stand where a checksum would be.
    pub fn feature(self) -> Vec<u8> {
        let features = if self.0 { TREND_SUPPORTED | CRC_SUPPORTED } else { TREND_SUPPORTED };
        let mut bytes = features.to_le_bytes()[..3].to_vec();
        bytes.push(TYPE_AND_PLACE);
        if self.0 { self.seal(bytes) } else { [bytes.as_slice(), &[0xFF, 0xFF]].concat() }
    }

    pub fn status(self, minutes: Number) -> Vec<u8> {
        self.seal([minutes.to_le_bytes().as_slice(), &[0, 0, 0]].concat())
    }

    /// The time zone (-128) and the summer time (255) are not known.
    pub fn start(self, time: DateTime) -> Vec<u8> {
        self.seal([date_time(time).as_slice(), &[0x80, 0xFF]].concat())
    }

    pub fn run_time(self, hours: u16) -> Vec<u8> {
        self.seal(hours.to_le_bytes().to_vec())
    }

    pub fn control(self, bytes: &[u8]) -> Vec<u8> {
        self.seal(bytes.to_vec())
    }

    /// Takes the checksum off; `None`: it is wrong or missing.
    pub fn open(self, bytes: &[u8]) -> Option<&[u8]> {
        if !self.0 {
            return Some(bytes);
        }
        let (value, sum) = bytes.split_at_checked(bytes.len().checked_sub(2)?)?;
        (crc(value).to_le_bytes() == sum).then_some(value)
    }
}

/// CRC-16/MCRF4XX, bit by bit: x^16 + x^12 + x^5 + 1, lowest bit first, from all ones.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(
            sum ^ u16::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0x8408 } else { sum >> 1 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const RECORD: Record =
        Record { minutes: 5, glucose: [0x6E, 0], trend: Some([0x0C, 0xF0]), status: None };

    #[test]
    fn the_checksum_is_that_of_the_catalogue_of_checksums() {
        assert_eq!(crc(b"123456789"), 0x6F91);
        assert_eq!(crc(b"A").to_le_bytes(), [0x0A, 0x5C]);
    }

    #[test]
    fn a_record_knows_its_length() {
        assert_eq!(Sealed(false).measurement(&RECORD), hex::parse("08016e0005000cf0").unwrap());
        let marked = Record { status: Some(1), trend: None, ..RECORD };
        assert_eq!(Sealed(false).measurement(&marked), hex::parse("07806e00050001").unwrap());
        let sealed = Sealed(true).measurement(&RECORD);
        assert_eq!((sealed.len(), sealed[0]), (10, 10));
        assert_eq!(Sealed(true).open(&sealed), Some(&sealed[..8]));
    }

    /// From the tests of a public library (Nordic), which come with their checksums.
    #[test]
    fn published_values_are_sealed_byte_for_byte() {
        assert_eq!(Sealed(true).run_time(2), hex::parse("0200 08c3").unwrap());
    }

    #[test]
    fn a_damaged_value_cannot_be_opened() {
        assert_eq!(Sealed(true).open(&[2, 0, 0, 0]), None);
        assert_eq!(Sealed(true).open(&[2]), None);
        assert_eq!(Sealed(false).open(&[2]), Some(&[2][..]));
    }
}
