//! How the channels of a driver travel in the bytes of a link.

use std::io;

use devices::{Action, Channel, Control, Millis};

use crate::{
    att::{AttError, Client, Want},
    ble::{self, Told},
    camera::Camera,
    reports::Reports,
    web::{Web, WebError},
};

/// The link is of no use any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CarryError {
    #[error("the device breaks the Attribute Protocol")]
    Att(#[from] AttError),
    #[error("{0}")]
    Bluetooth(String),
    #[error("the camera is gone")]
    CameraGone(#[source] io::Error),
    #[error(transparent)]
    Web(#[from] WebError),
}

/// What there is to tell the driver.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    Value {
        /// `None`: of a characteristic that nobody subscribed to.
        channel: Option<Channel>,
        value: Vec<u8>,
        /// It was indicated, and is confirmed when it has been dealt with.
        confirm: bool,
    },
    /// The device has not, or does not take, what was asked for.
    Refused(Channel),
    /// Of a camera, all that it has.
    Controls(Vec<Control>),
}

pub(crate) enum Carrier {
    /// The bytes of the link are those of the device.
    Plain {
        channel: Channel,
        arrived: Option<Vec<u8>>,
    },
    Hid(Reports),
    Att(Box<Client>),
    /// The link's wire leads to the Bluetooth thread; each read of it is one message.
    Ble(Option<Told>),
    Camera(Camera),
    Web(Web),
}

impl Carrier {
    pub(crate) fn plain(channel: Channel) -> Self {
        Self::Plain { channel, arrived: None }
    }

    /// Whether nothing at all may arrive, and means no end.
    pub(crate) fn takes_nothing(&self) -> bool {
        matches!(self, Self::Plain { channel: Channel::Datagram, .. })
    }

    /// What to send for an action that is meant for the device.
    pub(crate) fn send(&mut self, now: Millis, action: Action) -> Result<Vec<u8>, CarryError> {
        match (self, action) {
            (_, Action::Report(_)) => Ok(Vec::new()),
            (Self::Plain { channel, .. }, Action::Write { channel: to, bytes })
                if *channel == to =>
            {
                Ok(bytes)
            }
            (Self::Hid(reports), Action::Write { channel: Channel::Hid, bytes }) => {
                Ok(reports.numbered(&bytes))
            }
            (Self::Hid(reports), Action::Write { channel: Channel::HidFeature, bytes }) => {
                reports.set_feature(&bytes);
                Ok(Vec::new())
            }
            (Self::Att(client), action) => {
                let (channel, want) = wanted(action)?;
                client.want(now, channel, want)?;
                Ok(client.take_bytes())
            }
            (Self::Ble(_), action) => {
                let (channel, want) = wanted(action)?;
                Ok(ble::ask(channel, &want).ok_or(AttError::NotCarried)?)
            }
            (Self::Camera(camera), Action::SetControl { id, value }) => {
                camera.set(id, value)?;
                Ok(Vec::new())
            }
            (Self::Camera(camera), Action::ReadControls) => {
                camera.read()?;
                Ok(Vec::new())
            }
            (Self::Web(web), Action::Post { path, body }) => {
                web.post(path, body)?;
                Ok(Vec::new())
            }
            // A driver on a link of the wrong kind: the configuration is at fault.
            (Self::Plain { .. } | Self::Hid(_) | Self::Camera(_) | Self::Web(_), _) => {
                Err(AttError::NotCarried.into())
            }
        }
    }

    /// Takes bytes of the link; what was in them comes from [`Self::arrived`].
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Plain { arrived, .. } => *arrived = Some(bytes.to_vec()),
            Self::Hid(reports) => reports.feed(bytes),
            Self::Att(client) => client.feed(bytes),
            Self::Ble(told) => {
                let garbled = || Told::Over("the Bluetooth thread is not understood".to_owned());
                *told = Some(Told::from_bytes(bytes).unwrap_or_else(garbled));
            }
            // Nothing comes over the wire of a camera; that of a web service only rings.
            Self::Camera(_) | Self::Web(_) => {}
        }
    }

    /// The next thing to tell the driver, and what has to be sent before it is dealt with.
    pub(crate) fn arrived(
        &mut self,
        now: Millis,
    ) -> Result<(Option<Arrived>, Vec<u8>), CarryError> {
        match self {
            Self::Plain { channel, arrived, .. } => {
                let channel = Some(*channel);
                let value = |value| Arrived::Value { channel, value, confirm: false };
                Ok((arrived.take().map(value), Vec::new()))
            }
            Self::Att(client) => {
                let arrived = client.next(now)?;
                Ok((arrived, client.take_bytes()))
            }
            Self::Hid(reports) => Ok((reports.next(), Vec::new())),
            Self::Ble(told) => Ok((told.take().map_or(Ok(None), told_by_radio)?, Vec::new())),
            Self::Camera(camera) => Ok((camera.next(), Vec::new())),
            Self::Web(web) => Ok((web.next()?, Vec::new())),
        }
    }

    /// The value has been dealt with.
    pub(crate) fn confirm(&mut self) -> Vec<u8> {
        match self {
            Self::Plain { .. } | Self::Hid(_) | Self::Ble(_) | Self::Camera(_) | Self::Web(_) => {
                Vec::new()
            }
            Self::Att(client) => {
                client.confirm();
                client.take_bytes()
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        match self {
            // The Bluetooth thread keeps its own deadlines.
            Self::Plain { .. } | Self::Hid(_) | Self::Ble(_) | Self::Web(_) => None,
            Self::Att(client) => client.deadline(),
            Self::Camera(camera) => Some(camera.deadline()),
        }
    }

    pub(crate) fn timer(&mut self, now: Millis) -> Result<(), CarryError> {
        match self {
            Self::Plain { .. } | Self::Hid(_) | Self::Ble(_) | Self::Web(_) => Ok(()),
            Self::Att(client) => Ok(client.timer(now)?),
            Self::Camera(camera) => camera.timer(now),
        }
    }
}

/// What a driver wants of a characteristic.
fn wanted(action: Action) -> Result<(Channel, Want), CarryError> {
    match action {
        Action::Write { channel, bytes } => Ok((channel, Want::Write(bytes))),
        Action::Subscribe(channel) => Ok((channel, Want::Subscribe)),
        Action::SubscribeIfThere(channel) => Ok((channel, Want::SubscribeIfThere)),
        Action::Read(channel) => Ok((channel, Want::Read)),
        Action::Report(_)
        | Action::Post { .. }
        | Action::SetControl { .. }
        | Action::ReadControls => Err(AttError::NotCarried.into()),
    }
}

fn told_by_radio(told: Told) -> Result<Option<Arrived>, CarryError> {
    match told {
        // BlueZ confirms what is indicated by itself.
        Told::Value(channel, value) => {
            Ok(Some(Arrived::Value { channel: Some(channel), value, confirm: false }))
        }
        Told::Refused(channel) => Ok(Some(Arrived::Refused(channel))),
        // It was up already when the wire was handed over.
        Told::Up => Ok(None),
        Told::NotInRange => Err(CarryError::Bluetooth("out of range".to_owned())),
        Told::Over(why) => Err(CarryError::Bluetooth(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRESSURE: Channel = Channel::sig(0x1810, 0x2A35);

    fn arrived(carrier: &mut Carrier, told: &Told) -> Result<Option<Arrived>, CarryError> {
        carrier.feed(&told.to_bytes());
        let (arrived, bytes) = carrier.arrived(0)?;
        assert_eq!(bytes, []);
        Ok(arrived)
    }

    #[test]
    fn the_bluetooth_thread_is_asked_and_tells_in_messages() {
        let mut carrier = Carrier::Ble(None);
        let asked = carrier.send(0, Action::Subscribe(PRESSURE)).unwrap();
        assert_eq!(Some(asked), ble::ask(PRESSURE, &Want::Subscribe));
        let value = arrived(&mut carrier, &Told::Value(PRESSURE, vec![1, 2])).unwrap();
        let channel = Some(PRESSURE);
        assert_eq!(value, Some(Arrived::Value { channel, value: vec![1, 2], confirm: false }));
        let refused = arrived(&mut carrier, &Told::Refused(PRESSURE)).unwrap();
        assert_eq!(refused, Some(Arrived::Refused(PRESSURE)));
        assert_eq!(carrier.arrived(0).unwrap().0, None);
        let over = arrived(&mut carrier, &Told::Over("lost".into())).unwrap_err();
        assert_eq!(over.to_string(), "lost");
        carrier.feed(b"?");
        assert!(carrier.arrived(0).is_err());
    }

    #[test]
    fn a_driver_of_a_cable_is_not_carried_by_bluetooth() {
        let write = Action::Write { channel: Channel::Stream, bytes: vec![1] };
        assert!(Carrier::Ble(None).send(0, write).is_err());
    }
}
