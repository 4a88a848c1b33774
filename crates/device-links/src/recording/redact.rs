//! Takes out of a recording who the device and the patient are.
//!
//! By the characteristics that hold nothing else. A vendor's own stream may hold a serial number
//! too; which bytes those are only its driver knows.

use devices::{Channel, Uuid};

/// Of the same length, so that what it stands for is read in the same way.
const PLACEHOLDER: u8 = b'x';

/// The User Data Service: a name, a date of birth, and the code by which a user consents.
const USER_DATA: Uuid = Uuid::sig(0x181C);

/// Device name, system id (it holds the radio's address) and serial number.
const IDENTITIES: [Uuid; 3] = [Uuid::sig(0x2A00), Uuid::sig(0x2A23), Uuid::sig(0x2A25)];

pub(super) fn bytes(channel: Channel, bytes: &[u8]) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: u16, characteristic: u16, expected: &[u8]) {
        let redacted = bytes(Channel::sig(service, characteristic), b"A17");
        assert_eq!(redacted, expected, "{characteristic:04x}");
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
        assert_eq!(bytes(Channel::Stream, b"A17"), b"A17");
    }
}
