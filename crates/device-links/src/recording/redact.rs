//! Takes out of a recording who the device and the patient are, and leaves it as a driver can read it.
//!
//! By the characteristics that hold nothing else, and by what is known of a vendor's own stream. Of
//! the others (Nonin, Contec, Berry, SunTech, Yonker, Polar's ECG, the records that Omron's cuffs are
//! asked for) nothing that their drivers ask for holds a serial number or a name.

mod microlife;

use devices::{Channel, Uuid};
use microlife::Microlife;

/// Of the same length, so that what it stands for is read in the same way.
const PLACEHOLDER: u8 = b'x';

/// The User Data Service: a name, a date of birth, and the code by which a user consents.
const USER_DATA: Uuid = Uuid::sig(0x181C);

/// Device name, system id (it holds the radio's address) and serial number.
const IDENTITIES: [Uuid; 3] = [Uuid::sig(0x2A00), Uuid::sig(0x2A23), Uuid::sig(0x2A25)];

const MICROLIFE: Channel = Channel::sig(0xFFF0, 0xFFF1);
/// What the EMAY SleepO2 answers. Of its live values and its battery it is known what they hold.
const EMAY: Channel = Channel::sig(0xFF12, 0xFF02);
const EMAY_KNOWN: [u8; 2] = [0xEB, 0xE6];

/// For what one link carries: some devices cut an answer into several values.
#[derive(Default)]
pub(super) struct Redactor {
    microlife: Microlife,
}

impl Redactor {
    /// From the device.
    pub(super) fn heard(&mut self, channel: Channel, bytes: &[u8]) -> Vec<u8> {
        match (channel, bytes) {
            (MICROLIFE, _) => self.microlife.value(bytes),
            // A driver looks at nothing but the first byte.
            (EMAY, [first, rest @ ..]) if !EMAY_KNOWN.contains(first) => {
                [&[*first], &vec![PLACEHOLDER; rest.len()][..]].concat()
            }
            (Channel::Http, _) => without_hosts(bytes),
            _ => said(channel, bytes),
        }
    }
}

/// To the device.
pub(super) fn said(channel: Channel, bytes: &[u8]) -> Vec<u8> {
    let identity = match channel {
        Channel::Gatt { service, characteristic } => {
            service == USER_DATA || IDENTITIES.contains(&characteristic)
        }
        Channel::Stream
        | Channel::Datagram
        | Channel::Hid
        | Channel::HidFeature
        | Channel::Http
        | Channel::Control => false,
    };
    if identity { vec![PLACEHOLDER; bytes.len()] } else { bytes.to_vec() }
}

/// A camera tells at which address its services are; of that, only the path matters.
fn without_hosts(body: &[u8]) -> Vec<u8> {
    const BEFORE: &[u8] = b"XAddr>http://";
    let mut redacted = body.to_vec();
    for at in 0..body.len() {
        if body[..at].ends_with(BEFORE) {
            let host = redacted[at..].iter_mut();
            let host =
                host.take_while(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(byte));
            host.for_each(|byte| *byte = PLACEHOLDER);
        }
    }
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(channel: Channel, bytes: &[u8]) -> Vec<u8> {
        Redactor::default().heard(channel, bytes)
    }

    fn check(service: u16, characteristic: u16, expected: &[u8]) {
        let channel = Channel::sig(service, characteristic);
        assert_eq!(heard(channel, b"A17"), expected, "{characteristic:04x}");
        assert_eq!(said(channel, b"A17"), expected, "{characteristic:04x}");
    }

    #[test]
    fn identities_become_as_many_letters() {
        check(0x180A, 0x2A25, b"xxx");
        check(0x180A, 0x2A23, b"xxx");
        check(0x1800, 0x2A00, b"xxx");
        check(0x181C, 0x2A8A, b"xxx");
        check(0x181C, 0x2A9F, b"xxx");
    }

    #[test]
    fn measurements_and_models_stay() {
        check(0x180A, 0x2A26, b"A17");
        check(0x1809, 0x2A1C, b"A17");
        assert_eq!(heard(Channel::Stream, b"A17"), b"A17");
    }

    #[test]
    fn what_an_oximeter_answers_that_nobody_knows_is_not_kept() {
        assert_eq!(heard(EMAY, &[0xE9, b'S', b'N']), [0xE9, b'x', b'x']);
        let live = [0xEB, 0x01, 0x05, 0x48, 0x61, 0x7F, 0x00, 0x19];
        assert_eq!(heard(EMAY, &live), live);
        assert_eq!(heard(EMAY, &[]), []);
    }

    #[test]
    fn a_camera_s_address_is_not_kept_but_where_its_services_are() {
        let body = b"<a xmlns:a='http://w3.org/'><a:XAddr>http://10.0.0.9:80/onvif/PTZ</a:XAddr>";
        let kept = b"<a xmlns:a='http://w3.org/'><a:XAddr>http://xxxxxxxxxxx/onvif/PTZ</a:XAddr>";
        assert_eq!(heard(Channel::Http, body), kept);
    }
}
