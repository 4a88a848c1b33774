//! What goes between a device's thread and the Bluetooth thread: one message in each packet of a
//! pair of sockets.

use devices::{Channel, Uuid};

use crate::att::Want;

/// The longest value of an attribute (Bluetooth Core, Vol 3, Part F, 3.2.9).
const LONGEST_VALUE: usize = 512;
/// A kind, a service, a characteristic.
const HEAD: usize = 1 + 16 + 16;
/// No message is longer.
pub(super) const LONGEST: usize = HEAD + LONGEST_VALUE;

/// From the Bluetooth thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Connected, and the device's characteristics are known.
    Up,
    Value(Channel, Vec<u8>),
    Refused(Channel),
    /// The device does not advertise itself. It is looked for again at once.
    NotInRange,
    /// Why the link is over.
    Over(String),
}

impl Told {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Up => vec![b'u'],
            Self::Value(channel, value) => packed(b'v', *channel, value),
            Self::Refused(channel) => packed(b'r', *channel, &[]),
            Self::NotInRange => vec![b'n'],
            Self::Over(why) => {
                let mut end = why.len().min(LONGEST - 1);
                while !why.is_char_boundary(end) {
                    end -= 1;
                }
                [b"o", &why.as_bytes()[..end]].concat()
            }
        }
    }

    /// `None`: of no form that the Bluetooth thread writes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        Some(match kind {
            b'u' => Self::Up,
            b'n' => Self::NotInRange,
            b'o' => Self::Over(String::from_utf8_lossy(rest).into_owned()),
            b'v' | b'r' => {
                let (channel, value) = unpacked(rest)?;
                if *kind == b'v' {
                    Self::Value(channel, value.to_vec())
                } else {
                    Self::Refused(channel)
                }
            }
            _ => return None,
        })
    }
}

/// To the Bluetooth thread. `None`: no Bluetooth characteristic, or longer than a value can be.
pub(crate) fn ask(channel: Channel, want: &Want) -> Option<Vec<u8>> {
    let Channel::Gatt { .. } = channel else { return None };
    let (kind, value): (u8, &[u8]) = match want {
        Want::Subscribe => (b's', &[]),
        Want::SubscribeIfThere => (b'i', &[]),
        Want::Read => (b'r', &[]),
        Want::Write(value) => (b'w', value),
    };
    (value.len() <= LONGEST_VALUE).then(|| packed(kind, channel, value))
}

/// What [`ask`] wrote.
pub(super) fn asked(bytes: &[u8]) -> Option<(Channel, Want)> {
    let (kind, rest) = bytes.split_first()?;
    let (channel, value) = unpacked(rest)?;
    let want = match kind {
        b's' => Want::Subscribe,
        b'i' => Want::SubscribeIfThere,
        b'r' => Want::Read,
        b'w' => Want::Write(value.to_vec()),
        _ => return None,
    };
    Some((channel, want))
}

fn packed(kind: u8, channel: Channel, value: &[u8]) -> Vec<u8> {
    let [service, characteristic] = match channel {
        Channel::Gatt { service, characteristic } => [service, characteristic],
        // Only characteristics come here; this one is nowhere.
        _ => [Uuid::new(0); 2],
    };
    let bits = [service, characteristic].map(|uuid| uuid.bits().to_be_bytes());
    [&[kind], bits.as_flattened(), &value[..value.len().min(LONGEST_VALUE)]].concat()
}

fn unpacked(rest: &[u8]) -> Option<(Channel, &[u8])> {
    let (service, rest) = rest.split_first_chunk()?;
    let (characteristic, value) = rest.split_first_chunk()?;
    let [service, characteristic] =
        [service, characteristic].map(|bits| Uuid::new(u128::from_be_bytes(*bits)));
    Some((Channel::Gatt { service, characteristic }, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUFF: Channel = Channel::sig(0x1810, 0x2A35);

    #[test]
    fn what_is_told_is_read_as_it_was_written() {
        for told in [
            Told::Up,
            Told::Value(CUFF, vec![1, 2, 3]),
            Told::Value(CUFF, vec![7; LONGEST_VALUE]),
            Told::Refused(CUFF),
            Told::NotInRange,
            Told::Over("lost".into()),
        ] {
            let bytes = told.to_bytes();
            assert!(bytes.len() <= LONGEST);
            assert_eq!(Told::from_bytes(&bytes), Some(told));
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_two_letters() {
        let Some(Told::Over(why)) = Told::from_bytes(&Told::Over("é".repeat(900)).to_bytes())
        else {
            panic!("no reason");
        };
        assert!(why.len() < LONGEST && why.chars().all(|letter| letter == 'é'), "{why}");
    }

    #[test]
    fn what_is_asked_is_read_as_it_was_written() {
        for want in [Want::Subscribe, Want::SubscribeIfThere, Want::Read, Want::Write(vec![4, 1])] {
            assert_eq!(asked(&ask(CUFF, &want).unwrap()), Some((CUFF, want)));
        }
        assert_eq!(ask(Channel::Stream, &Want::Read), None);
        assert_eq!(ask(CUFF, &Want::Write(vec![0; LONGEST_VALUE + 1])), None);
    }

    #[test]
    fn what_nobody_writes_is_no_message() {
        for bytes in [&[][..], b"x", b"v", &[b'w'; HEAD - 1], &[b'z'; HEAD]] {
            assert!(Told::from_bytes(bytes).is_none() && asked(bytes).is_none(), "{bytes:?}");
        }
    }
}
