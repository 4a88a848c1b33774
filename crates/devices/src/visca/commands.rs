//! Which command goes to the camera when, and what its answers mean for the next.
//!
//! A camera executes two commands at a time and answers each twice: taken, carried out. What it
//! should do is kept per lane (pan-tilt, zoom) as the newest wish, so nothing can pile up. A wish
//! to move waits until the camera has taken the command before it. A stop waits for nothing: it is
//! written at once and drops every older wish of its lane.

use std::collections::VecDeque;

use super::packet::{self, Refusal, Reply};
use crate::{Action, Channel, Failure, Millis, Report};

/// A camera takes a command within one frame of its picture, 20 ms or so.
const ACK_PATIENCE: Millis = 200;
const ACK_TRIES: u32 = 3;
/// From one end stop to the other at the lowest speed of common cameras.
const DONE_PATIENCE: Millis = 10_000;
/// A camera whose sockets are full is asked again after this, for one second.
const FULL_PAUSE: Millis = 50;
const FULL_TRIES: u32 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    PanTilt,
    Zoom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) lane: Lane,
    pub(super) bytes: Vec<u8>,
    /// Overtakes everything.
    pub(super) stop: bool,
}

struct Sent {
    order: Order,
    tries: u32,
    /// When it was written; for one that waits, when it will be.
    at: Millis,
}

#[derive(Default)]
pub(super) struct Commands {
    /// By lane; the newest wish only.
    wanted: [Option<Order>; 2],
    /// By lane; what the camera was told last, unless it refused.
    last: [Option<Order>; 2],
    /// Not taken yet, in the order of writing, which is the order of the answers.
    sent: VecDeque<Sent>,
    /// Refused because the sockets were full.
    waiting: Vec<Sent>,
    /// Until when the command in socket 1 and 2 should be done.
    busy: [Option<Millis>; 2],
    /// A failure was reported, and nothing has been taken since.
    complained: bool,
}

impl Commands {
    /// Of what the camera was told, nothing holds any more. A complaint is not made twice.
    pub(super) fn forget(&mut self) {
        *self = Self { complained: self.complained, ..Self::default() };
    }

    /// What the lane should do from now on. `again`: say it even if the camera was told already.
    pub(super) fn set(&mut self, now: Millis, order: Order, again: bool, out: &mut Vec<Action>) {
        let lane = order.lane as usize;
        let told = self.last[lane].as_ref() == Some(&order);
        self.wanted[lane] = None;
        let under_way = self.sent.iter().chain(&self.waiting).any(|sent| sent.order == order);
        if told && (under_way || !again) {
            return;
        }
        if order.stop {
            self.write(now, order, 1, out);
        } else {
            self.wanted[lane] = Some(order);
            self.next(now, out);
        }
    }

    /// Gives up what the camera carries out now, such as the long way home.
    pub(super) fn cancel_busy(&mut self, out: &mut Vec<Action>) {
        for (socket, busy) in (1..).zip(&self.busy) {
            if busy.is_some() {
                out.push(write(packet::cancel(socket)));
            }
        }
    }

    pub(super) fn reply(&mut self, now: Millis, reply: Reply, out: &mut Vec<Action>) {
        match reply {
            Reply::Ack { socket } => {
                self.sent.pop_front();
                self.complained = false;
                if let Some(busy) = self.socket(socket) {
                    *busy = Some(now + DONE_PATIENCE);
                }
            }
            Reply::Done { socket } => {
                let carried_out = self.socket(socket).is_some_and(|busy| busy.take().is_some());
                if !carried_out {
                    // Some cameras say at once that it is done, and never that it was taken.
                    self.sent.pop_front();
                    self.complained = false;
                }
            }
            Reply::Refused { socket, why } => self.refused(now, socket, why, out),
            Reply::Addressed | Reply::Cleared | Reply::NetworkChange | Reply::Other => {}
        }
        self.next(now, out);
    }

    fn refused(&mut self, now: Millis, socket: u8, why: Refusal, out: &mut Vec<Action>) {
        let busy = self.socket(socket).is_some_and(|busy| busy.is_some());
        let of_socket = match why {
            Refusal::Cancelled | Refusal::NoSocket => true,
            Refusal::Full | Refusal::NotUnderstood => false,
            Refusal::NotExecutable | Refusal::Other => busy && self.sent.is_empty(),
        };
        if of_socket {
            if let Some(busy) = self.socket(socket) {
                *busy = None;
            }
            return;
        }
        let Some(refused) = self.sent.pop_front().filter(|sent| self.is_newest(sent)) else {
            return;
        };
        if why == Refusal::Full && refused.tries < FULL_TRIES {
            self.waiting.push(Sent { at: now + FULL_PAUSE, ..refused });
        } else {
            self.give_up(refused.order.lane, Failure::Device, out);
        }
    }

    pub(super) fn timer(&mut self, now: Millis, out: &mut Vec<Action>) {
        while let Some(sent) = self.sent.pop_front_if(|sent| now >= sent.at + ACK_PATIENCE) {
            if !self.is_newest(&sent) {
                continue;
            }
            if sent.tries < ACK_TRIES {
                self.write(now, sent.order, sent.tries + 1, out);
            } else {
                self.give_up(sent.order.lane, Failure::Device, out);
            }
        }
        for sent in self.waiting.extract_if(.., |sent| now >= sent.at).collect::<Vec<_>>() {
            if self.is_newest(&sent) {
                self.write(now, sent.order, sent.tries + 1, out);
            }
        }
        for socket in 0..self.busy.len() {
            if self.busy[socket].take_if(|until| now >= *until).is_some() {
                self.complain(Failure::TimedOut, out);
            }
        }
        self.next(now, out);
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        let acks = self.sent.front().map(|sent| sent.at + ACK_PATIENCE);
        let waiting = self.waiting.iter().map(|sent| sent.at);
        acks.into_iter().chain(waiting).chain(self.busy.iter().flatten().copied()).min()
    }

    /// Writes the next wish to move, when the camera is free to take it.
    fn next(&mut self, now: Millis, out: &mut Vec<Action>) {
        let free = self.busy.iter().any(Option::is_none);
        if self.sent.is_empty()
            && self.waiting.is_empty()
            && free
            && let Some(order) = self.wanted.iter_mut().find_map(Option::take)
        {
            self.write(now, order, 1, out);
        }
    }

    fn write(&mut self, now: Millis, order: Order, tries: u32, out: &mut Vec<Action>) {
        out.push(write(order.bytes.clone()));
        self.last[order.lane as usize] = Some(order.clone());
        self.sent.push_back(Sent { order, tries, at: now });
    }

    /// Whether nothing newer was written to its lane.
    fn is_newest(&self, sent: &Sent) -> bool {
        self.last[sent.order.lane as usize].as_ref() == Some(&sent.order)
    }

    fn give_up(&mut self, lane: Lane, why: Failure, out: &mut Vec<Action>) {
        self.last[lane as usize] = None;
        self.complain(why, out);
    }

    /// Once, until the camera takes a command again: a held button repeats its wish.
    fn complain(&mut self, why: Failure, out: &mut Vec<Action>) {
        if !std::mem::replace(&mut self.complained, true) {
            out.push(Action::Report(Report::Failed(why)));
        }
    }

    #[cfg(test)]
    pub(super) fn last_is_stop(&self) -> bool {
        self.last.iter().all(|last| last.as_ref().is_some_and(|order| order.stop))
    }

    fn socket(&mut self, number: u8) -> Option<&mut Option<Millis>> {
        self.busy.get_mut(usize::from(number.checked_sub(1)?))
    }
}

pub(super) fn write(bytes: Vec<u8>) -> Action {
    Action::Write { channel: Channel::Stream, bytes }
}
