//! A small client of the Attribute Protocol (Bluetooth Core, Vol 3, Part F): finds a
//! characteristic; reads, writes or subscribes to it; and confirms what the server indicates.
//!
//! No I/O: bytes of the stream go in; values, and bytes to send, come out.

mod discovered;
mod l2cap;
mod pdu;
mod procedures;
mod task;

use devices::{Channel, Millis, Uuid};
use pdu::FromServer;
use procedures::Procedures;
pub(crate) use task::Want;

use crate::carrier::Arrived;

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
    #[error("the device has no characteristic {characteristic} in a service {service}")]
    NoCharacteristic { service: Uuid, characteristic: Uuid },
    #[error("the device pushes no values of characteristic {characteristic}")]
    NoSubscription { characteristic: Uuid },
    #[error("the device refused with code {code:02x}")]
    Refused { code: u8 },
    #[error("the driver asks for too much at once")]
    TooManyTasks,
    #[error("the driver asks for what this kind of link does not carry")]
    NotCarried,
}

#[derive(Default)]
pub(crate) struct Client {
    frames: l2cap::Frames,
    procedures: Procedures,
    send: Vec<u8>,
}

impl Client {
    pub(crate) fn want(
        &mut self,
        now: Millis,
        channel: Channel,
        want: Want,
    ) -> Result<(), AttError> {
        self.procedures.want(now, channel, want)?;
        self.send_requests();
        Ok(())
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.frames.push(bytes);
    }

    /// Works off what was fed, up to the next thing to tell.
    pub(crate) fn next(&mut self, now: Millis) -> Result<Option<Arrived>, AttError> {
        loop {
            if let Some(arrived) = self.procedures.next_arrived() {
                return Ok(Some(arrived));
            }
            let Some(pdu) = self.frames.next()? else { return Ok(None) };
            match pdu::decode(&pdu)? {
                FromServer::Pushed { handle, value, confirm } => {
                    let channel = self.procedures.channel(handle);
                    return Ok(Some(Arrived::Value { channel, value, confirm }));
                }
                FromServer::Asks(answer) => self.send(&answer),
                FromServer::AsksMtu(theirs) => {
                    self.procedures.agree(theirs);
                    self.send(&pdu::answer_mtu());
                }
                FromServer::Nothing => {}
                answer => self.procedures.answer(now, answer, pdu)?,
            }
            self.send_requests();
        }
    }

    /// The value that was indicated last has been dealt with.
    pub(crate) fn confirm(&mut self) {
        self.send(&pdu::CONFIRMATION);
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

    fn send_requests(&mut self) {
        for request in self.procedures.take_requests() {
            self.send(&request);
        }
    }

    fn send(&mut self, pdu: &[u8]) {
        self.send.extend(l2cap::frame(pdu));
    }
}

#[cfg(test)]
mod tests;
