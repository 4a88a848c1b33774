//! From when until when an X.509 certificate holds: the only thing that is read of the hub's own.
//!
//! TLS itself never looks at the end of the certificate that it presents; the EHR does, and then says little.

use clinical::Timestamp;

/// DER tags (X.690 section 8; X.680 section 47 for the times).
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, the version of a certificate.
const VERSION: u8 = 0xa0;

/// Inclusive on both sides (RFC 5280 section 4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Validity {
    /// `None`: not a certificate in DER.
    pub fn of(certificate: &[u8]) -> Option<Self> {
        let mut outer = Der(certificate);
        let mut certificate = Der(outer.take(SEQUENCE)?);
        let mut body = Der(certificate.take(SEQUENCE)?);
        if body.0.first() == Some(&VERSION) {
            body.take(VERSION)?;
        }
        body.take(INTEGER)?; // The serial number,
        body.take(SEQUENCE)?; // the algorithm of the signature,
        body.take(SEQUENCE)?; // who issued it.
        let mut validity = Der(body.take(SEQUENCE)?);
        Some(Self { from: validity.time()?, until: validity.time()? })
    }
}

/// What is left to read.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next element, which has to have this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, content) = self.element()?;
        (found == tag).then_some(content)
    }

    fn element(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        // Up to 127 in one byte; else so many bytes of length (X.690 section 8.1.3).
        let (length, rest) = match first & 0x80 {
            0 => (usize::from(*first), rest),
            _ => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                // Three bytes are 16 MiB, which no certificate has.
                if bytes.is_empty() || bytes.len() > 3 {
                    return None;
                }
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, content))
    }

    fn time(&mut self) -> Option<Timestamp> {
        let (tag, text) = self.element()?;
        let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, rest) = match (tag, text.len()) {
            // RFC 5280 section 4.1.2.5.1: 50 to 99 are the twentieth century.
            (UTC_TIME, 12) if text.get(..2)? >= "50" => (format!("19{}", &text[..2]), &text[2..]),
            (UTC_TIME, 12) => (format!("20{}", &text[..2]), &text[2..]),
            (GENERALIZED_TIME, 14) => (text[..4].to_owned(), &text[4..]),
            _ => return None,
        };
        let part = |at: usize| rest.get(at..at + 2);
        let (month, day) = (part(0)?, part(2)?);
        let (hour, minute, second) = (part(4)?, part(6)?, part(8)?);
        format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: i32, until: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["hub.example".into()]).unwrap();
        params.not_before = date_time_ymd(from, 2, 3);
        params.not_after = date_time_ymd(until, 12, 31);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_read_in_both_forms_of_time() {
        // Until 2049 in two digits of the year, after that in four.
        for (from, until) in [(1999, 2026), (2026, 2049), (2026, 2050), (2051, 2100)] {
            let validity = Validity::of(&certificate(from, until)).unwrap();
            assert_eq!(validity.from.to_string(), format!("{from}-02-03T00:00:00.000Z"));
            assert_eq!(validity.until.to_string(), format!("{until}-12-31T00:00:00.000Z"));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_and_any_damage_are_read_without_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            at in 0_usize..400,
            byte in any::<u8>(),
        ) {
            let _ = Validity::of(&bytes);
            let mut damaged = certificate(2020, 2030);
            if let Some(place) = damaged.get_mut(at) {
                *place = byte;
            }
            let _ = Validity::of(&damaged);
        }
    }
}
