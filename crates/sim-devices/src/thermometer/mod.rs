//! A simulated Bluetooth thermometer on a virtual link.
//!
//! Speaks the Attribute Protocol in L2CAP basic frames (length, channel 4) over a byte stream: the
//! same bytes that a radio would carry. Keeps what it measured until a host confirms it.

pub mod att;
pub mod database;
pub mod measurement;

use crate::link::{Message, Speaker};
use crate::lock;
use att::{CONFIRMATION, Server};
use database::{MEASUREMENT, TEMPERATURE_TYPE};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Fixed channel of the Attribute Protocol (Bluetooth Core, Vol 3, Part A, 2.1).
const ATT_CHANNEL: u16 = 0x0004;
/// Pocket thermometers keep about this many; the oldest goes first.
const MEMORY: usize = 25;
/// Longer frames than any client of this server has reason to send.
const LONGEST_FRAME: usize = 512;

/// The thermometer's memory: encoded measurements that no host has confirmed.
#[derive(Debug, Default)]
pub struct Thermometer {
    stored: VecDeque<Vec<u8>>,
}

impl Thermometer {
    /// Keeps the bytes of a measurement for the next host that asks for indications.
    pub fn store(&mut self, characteristic: Vec<u8>) {
        if self.stored.len() == MEMORY {
            self.stored.pop_front();
        }
        self.stored.push_back(characteristic);
    }
}

/// One connection of a host.
pub struct Session {
    thermometer: Arc<Mutex<Thermometer>>,
    server: Server,
    incoming: Vec<u8>,
    /// What was indicated and is not confirmed: only one indication is ever in flight.
    awaiting: Option<Vec<u8>>,
}

impl Session {
    pub fn new(thermometer: Arc<Mutex<Thermometer>>) -> Self {
        Self { thermometer, server: Server::default(), incoming: Vec::new(), awaiting: None }
    }

    fn handle(&mut self, pdu: &[u8]) -> Option<Message> {
        if pdu == [CONFIRMATION] {
            self.forget_confirmed();
            return None;
        }
        self.server.answer(pdu).map(|answer| wrap(&answer))
    }

    fn forget_confirmed(&mut self) {
        let Some(confirmed) = self.awaiting.take() else { return };
        let mut thermometer = lock(&self.thermometer);
        if thermometer.stored.front() == Some(&confirmed) {
            thermometer.stored.pop_front();
        }
    }
}

impl Speaker for Session {
    fn hear(&mut self, bytes: &[u8], _now: Duration) -> Vec<Message> {
        self.incoming.extend_from_slice(bytes);
        let mut answers = Vec::new();
        while let Some(frame) = take_frame(&mut self.incoming) {
            if let Some(pdu) = frame.on_att_channel() {
                answers.extend(self.handle(pdu));
            }
        }
        answers
    }

    fn due(&mut self, _now: Duration) -> Vec<Message> {
        if !self.server.is_subscribed() || self.awaiting.is_some() {
            return Vec::new();
        }
        let Some(next) = lock(&self.thermometer).stored.front().cloned() else {
            return Vec::new();
        };
        if let Some(site) = site_of(&next) {
            self.server.set_value(TEMPERATURE_TYPE, &[site]);
        }
        let indication = wrap(&self.server.indication(MEASUREMENT, &next));
        self.awaiting = Some(next);
        vec![indication]
    }
}

struct Frame {
    channel: u16,
    payload: Vec<u8>,
}

impl Frame {
    fn on_att_channel(&self) -> Option<&[u8]> {
        (self.channel == ATT_CHANNEL).then_some(&self.payload)
    }
}

/// Takes one whole L2CAP frame from the front; drops everything after a length that cannot be.
fn take_frame(incoming: &mut Vec<u8>) -> Option<Frame> {
    let &[low, high, channel_low, channel_high, ..] = incoming.as_slice() else { return None };
    let length = usize::from(u16::from_le_bytes([low, high]));
    if length > LONGEST_FRAME {
        incoming.clear();
        return None;
    }
    if incoming.len() < 4 + length {
        return None;
    }
    let payload = incoming[4..4 + length].to_vec();
    incoming.drain(..4 + length);
    Some(Frame { channel: u16::from_le_bytes([channel_low, channel_high]), payload })
}

fn wrap(pdu: &[u8]) -> Message {
    let mut frame = (pdu.len() as u16).to_le_bytes().to_vec();
    frame.extend(ATT_CHANNEL.to_le_bytes());
    frame.extend(pdu);
    frame
}

/// The site of a measurement without a time, as this thermometer encodes it.
fn site_of(characteristic: &[u8]) -> Option<u8> {
    match characteristic {
        [0x04 | 0x05, _, _, _, _, site] => Some(*site),
        _ => None,
    }
}
