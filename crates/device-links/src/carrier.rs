//! How the channels of a driver travel in the bytes of a link.

use devices::{Action, Channel, Millis};

use crate::{
    address::LinkAddress,
    att::{Arrived, AttError, Client},
};

pub(crate) enum Carrier {
    /// The bytes of the link are those of the device.
    Stream,
    Att(Box<Client>),
}

impl Carrier {
    pub(crate) fn of(address: &LinkAddress) -> Self {
        match address {
            LinkAddress::Serial { .. } | LinkAddress::Tcp(_) => Self::Stream,
            LinkAddress::AttTcp(_) => Self::Att(Box::default()),
        }
    }

    /// What to send for an action that is meant for the device.
    pub(crate) fn send(&mut self, now: Millis, action: Action) -> Result<Vec<u8>, AttError> {
        match (self, action) {
            (_, Action::Report(_)) => Ok(Vec::new()),
            (Self::Stream, Action::Write { channel: Channel::Stream, bytes }) => Ok(bytes),
            (Self::Att(client), Action::Subscribe(channel)) => {
                client.subscribe(now, channel)?;
                Ok(client.take_bytes())
            }
            (Self::Att(client), Action::Read(channel)) => {
                client.read(now, channel)?;
                Ok(client.take_bytes())
            }
            // A driver on a link of the wrong kind: the configuration is at fault.
            (Self::Stream | Self::Att(_), _) => Err(AttError::NotCarried),
        }
    }

    /// Takes bytes of the link; what was in them comes from [`Self::arrived`].
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Option<Arrived> {
        match self {
            Self::Stream => {
                let (channel, value) = (Some(Channel::Stream), bytes.to_vec());
                Some(Arrived { channel, value, confirm: false })
            }
            Self::Att(client) => {
                client.feed(bytes);
                None
            }
        }
    }

    /// The next value that is whole, and what has to be sent before it is dealt with.
    pub(crate) fn arrived(&mut self, now: Millis) -> Result<(Option<Arrived>, Vec<u8>), AttError> {
        match self {
            Self::Stream => Ok((None, Vec::new())),
            Self::Att(client) => {
                let arrived = client.next(now)?;
                Ok((arrived, client.take_bytes()))
            }
        }
    }

    /// The value has been dealt with.
    pub(crate) fn confirm(&mut self) -> Vec<u8> {
        match self {
            Self::Stream => Vec::new(),
            Self::Att(client) => {
                client.confirm();
                client.take_bytes()
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        match self {
            Self::Stream => None,
            Self::Att(client) => client.deadline(),
        }
    }

    pub(crate) fn timer(&self, now: Millis) -> Result<(), AttError> {
        match self {
            Self::Stream => Ok(()),
            Self::Att(client) => client.timer(now),
        }
    }
}
