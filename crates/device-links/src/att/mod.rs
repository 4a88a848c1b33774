//! A small client of the Attribute Protocol (Bluetooth Core, Vol 3, Part F): finds a
//! characteristic, reads it or subscribes to it, and confirms what the server indicates.
//!
//! No I/O: bytes of the stream go in; values, and bytes to send, come out.

mod l2cap;
mod pdu;
mod procedures;

use devices::{Channel, Millis};
use pdu::FromServer;
use procedures::{Procedures, Want};

/// The link is of no use any more.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum AttError {
    #[error("a frame of {length} bytes")]
    FrameTooLong { length: usize },
    #[error("a garbled answer")]
    Garbled { pdu: Vec<u8> },
    #[error("an answer that was not asked for")]
    Unasked { pdu: Vec<u8> },
    #[error("no answer in time")]
    TimedOut,
    #[error("the device has no characteristic {characteristic:04x} in a service {service:04x}")]
    NoCharacteristic { service: u16, characteristic: u16 },
    #[error("the device pushes no values of characteristic {characteristic:04x}")]
    NoSubscription { characteristic: u16 },
    #[error("the device refused with code {code:02x}")]
    Refused { code: u8 },
    #[error("the driver asks for too much at once")]
    TooManyTasks,
    #[error("the driver asks for what this kind of link does not carry")]
    NotCarried,
}

/// A value that arrived; one that was indicated is confirmed when it has been dealt with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// `None`: of a characteristic that nobody subscribed to.
    pub(crate) channel: Option<Channel>,
    pub(crate) value: Vec<u8>,
    pub(crate) confirm: bool,
}

#[derive(Default)]
pub(crate) struct Client {
    frames: l2cap::Frames,
    procedures: Procedures,
    send: Vec<u8>,
}

impl Client {
    pub(crate) fn read(&mut self, now: Millis, channel: Channel) -> Result<(), AttError> {
        self.want(now, channel, Want::Read)
    }

    pub(crate) fn subscribe(&mut self, now: Millis, channel: Channel) -> Result<(), AttError> {
        self.want(now, channel, Want::Subscribe)
    }

    fn want(&mut self, now: Millis, channel: Channel, want: Want) -> Result<(), AttError> {
        let request = self.procedures.want(now, channel, want)?;
        self.send(request.as_deref());
        Ok(())
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.frames.push(bytes);
    }

    /// Works off what was fed, up to the next value.
    pub(crate) fn next(&mut self, now: Millis) -> Result<Option<Arrived>, AttError> {
        while let Some(pdu) = self.frames.next()? {
            let arrived = match pdu::decode(&pdu)? {
                FromServer::Pushed { handle, value, confirm } => {
                    let channel = self.procedures.channel(handle);
                    Some(Arrived { channel, value, confirm })
                }
                FromServer::Asks(answer) => {
                    self.send(Some(&answer));
                    None
                }
                FromServer::Nothing => None,
                answer => self.answer(now, answer, pdu)?,
            };
            if arrived.is_some() {
                return Ok(arrived);
            }
        }
        Ok(None)
    }

    fn answer(
        &mut self,
        now: Millis,
        answer: FromServer,
        pdu: Vec<u8>,
    ) -> Result<Option<Arrived>, AttError> {
        let outcome = self.procedures.answer(now, answer, pdu)?;
        self.send(outcome.request.as_deref());
        let read = outcome.read.map(|(channel, value)| Arrived {
            channel: Some(channel),
            value,
            confirm: false,
        });
        Ok(read)
    }

    /// The value that was indicated last has been dealt with.
    pub(crate) fn confirm(&mut self) {
        self.send(Some(&pdu::CONFIRMATION));
    }

    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.send)
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.procedures.deadline()
    }

    pub(crate) fn timer(&self, now: Millis) -> Result<(), AttError> {
        let late = self.deadline().is_some_and(|until| now >= until);
        if late { Err(AttError::TimedOut) } else { Ok(()) }
    }

    fn send(&mut self, pdu: Option<&[u8]>) {
        self.send.extend(pdu.map(l2cap::frame).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests;
