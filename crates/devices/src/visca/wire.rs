//! How packets of VISCA travel: as they are, or numbered in datagrams.

use super::over_ip::{Datagram, Kind, RESET};
use crate::{Action, Channel};

#[derive(Clone, Copy, Debug)]
pub(super) enum Wire {
    /// As they are, on this channel.
    Plain(Channel),
    /// VISCA over IP. `last`: the number of the last datagram, which only grows, so that an answer
    /// that comes late is not taken for another command's. A reset makes the camera count from 0
    /// again, and every higher number is then good.
    Numbered { last: u32 },
}

impl Wire {
    pub(super) fn channel(&self) -> Channel {
        match self {
            Self::Plain(channel) => *channel,
            Self::Numbered { .. } => Channel::Datagram,
        }
    }

    /// Its number, and what to do.
    pub(super) fn command(&mut self, packet: &[u8]) -> (Option<u32>, Action) {
        self.send(Kind::Command, packet)
    }

    pub(super) fn command_again(&self, number: u32, packet: &[u8]) -> Action {
        self.write(Datagram { kind: Kind::Command, number, payload: packet }.encode())
    }

    pub(super) fn inquiry(&mut self, packet: &[u8]) -> Action {
        self.send(Kind::Inquiry, packet).1
    }

    /// The camera shall count from 0; it ignores the number of this datagram itself.
    pub(super) fn reset(&self) -> Action {
        let number = match self {
            Self::Plain(_) => 0,
            Self::Numbered { last } => *last,
        };
        self.write(Datagram { kind: Kind::Control, number, payload: RESET }.encode())
    }

    /// Whether nothing was sent after the datagram of this number.
    pub(super) fn is_last(&self, number: u32) -> bool {
        matches!(self, Self::Numbered { last } if *last == number)
    }

    fn send(&mut self, kind: Kind, packet: &[u8]) -> (Option<u32>, Action) {
        match self {
            Self::Plain(_) => (None, self.write(packet.to_vec())),
            Self::Numbered { last } => {
                *last = last.wrapping_add(1);
                let number = *last;
                let bytes = Datagram { kind, number, payload: packet }.encode();
                (Some(number), self.write(bytes))
            }
        }
    }

    fn write(&self, bytes: Vec<u8>) -> Action {
        Action::Write { channel: self.channel(), bytes }
    }
}
