//! Which command goes to the camera when, and what its answers mean for the next.
//!
//! A camera executes two commands at a time and answers each twice: taken, carried out. What it
//! should do is kept per lane (pan-tilt, zoom, ..) as the newest wish, so nothing can pile up. A
//! wish to move waits until the camera has taken the command before it. A stop waits for nothing:
//! it is written at once and drops every older wish of its lane.
//!
//! Where commands are numbered (UDP), an answer names its command. Elsewhere answers come in the
//! order of the commands.

mod answers;
mod order;

use std::collections::VecDeque;

use order::LANES;
pub(super) use order::{Lane, Manner, Order};

use super::{packet, wire::Wire};
use crate::{Action, Failure, Millis, Report};

/// A camera takes a command within one frame of its picture, 20 ms or so.
const ACK_PATIENCE: Millis = 200;
const ACK_TRIES: u32 = 3;
/// From one end stop to the other at the lowest speed of common cameras.
const DONE_PATIENCE: Millis = 10_000;
/// A camera whose sockets are full is asked again after this, for one second.
const FULL_PAUSE: Millis = 50;
const FULL_TRIES: u32 = 20;
/// No datagram is under way for longer in the network of one building.
const SETTLES: Millis = 1_000;

struct Sent {
    order: Order,
    /// Where commands are numbered.
    number: Option<u32>,
    tries: u32,
    /// When it was written; for one that waits, when it will be.
    at: Millis,
}

#[derive(Clone, Copy)]
struct Busy {
    number: Option<u32>,
    /// When it should be done.
    until: Millis,
}

pub(super) struct Commands {
    pub(super) wire: Wire,
    /// By lane; the newest wish only.
    wanted: [Option<Order>; LANES],
    /// By lane; what the camera was told last, unless it refused.
    last: [Option<Order>; LANES],
    /// Not taken yet, in the order of writing.
    sent: VecDeque<Sent>,
    /// Refused because the sockets were full.
    waiting: Vec<Sent>,
    /// What is in socket 1 and 2.
    busy: [Option<Busy>; 2],
    /// A failure was reported, and nothing has been taken since.
    complained: bool,
    /// When the camera was told to count from 0, until that has settled.
    reset_at: Option<Millis>,
    /// When something was last written that must be done once.
    once_at: Option<Millis>,
}

impl Commands {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            wire,
            wanted: Default::default(),
            last: Default::default(),
            sent: VecDeque::new(),
            waiting: Vec::new(),
            busy: [None; 2],
            complained: false,
            reset_at: None,
            once_at: None,
        }
    }

    /// Of what the camera was told, nothing holds any more. A complaint is not made twice.
    pub(super) fn forget(&mut self) {
        *self = Self { complained: self.complained, ..Self::new(self.wire) };
    }

    /// What the lane should do from now on. `again`: say it even if the camera was told already.
    pub(super) fn set(&mut self, now: Millis, order: Order, again: bool, out: &mut Vec<Action>) {
        let lane = order.lane as usize;
        let told = self.last[lane].as_ref() == Some(&order);
        self.replace(lane, &order, out);
        let under_way = self.sent.iter().chain(&self.waiting).any(|sent| sent.order == order);
        if told && (under_way || !again) {
            return;
        }
        if order.manner == Manner::Stop {
            self.write(now, order, 1, out);
        } else {
            self.wanted[lane] = Some(order);
            self.next(now, out);
        }
    }

    /// Drops the wish that waits. A memory that is not saved is worth a word; a movement that was
    /// not begun is not.
    fn replace(&mut self, lane: usize, order: &Order, out: &mut Vec<Action>) {
        let dropped = self.wanted[lane].take();
        if dropped.is_some_and(|old| old.manner == Manner::Once && old != *order) {
            out.push(Action::Report(Report::Failed(Failure::Stopped)));
        }
    }

    /// Whether the lane drives, or will, until somebody stops it.
    pub(super) fn drives(&self, lane: Lane) -> bool {
        let orders = [&self.wanted[lane as usize], &self.last[lane as usize]];
        orders.into_iter().flatten().any(|order| order.manner == Manner::Drive)
    }

    /// Something else than this lane's orders moves its motor: the next order is news.
    pub(super) fn forget_lane(&mut self, lane: Lane) {
        self.wanted[lane as usize] = None;
        self.last[lane as usize] = None;
    }

    /// Gives up what the camera carries out now, such as the long way home.
    pub(super) fn cancel_busy(&mut self, out: &mut Vec<Action>) {
        for (socket, busy) in (1..).zip(&self.busy) {
            if busy.is_some() {
                let (_, action) = self.wire.command(&packet::cancel(socket));
                out.push(action);
            }
        }
    }

    pub(super) fn timer(&mut self, now: Millis, out: &mut Vec<Action>) {
        self.reset_at.take_if(|reset| now >= *reset + SETTLES);
        while let Some(sent) = self.sent.pop_front_if(|sent| now >= sent.at + ACK_PATIENCE) {
            if !self.is_newest(&sent) {
                continue;
            }
            if sent.tries < ACK_TRIES {
                self.write_again(now, sent, out);
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
            if self.busy[socket].take_if(|busy| now >= busy.until).is_some() {
                self.complain(Failure::TimedOut, out);
            }
        }
        self.next(now, out);
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        let acks = self.sent.front().map(|sent| sent.at + ACK_PATIENCE);
        let waiting = self.waiting.iter().map(|sent| sent.at);
        let busy = self.busy.iter().flatten().map(|busy| busy.until);
        let wants_once = self.wanted.iter().flatten().any(|order| order.manner == Manner::Once);
        let settled = self.reset_at.filter(|_| wants_once).map(|reset| reset + SETTLES);
        acks.into_iter().chain(waiting).chain(busy).chain(settled).min()
    }

    /// Writes the next wish to move, when the camera is free to take it.
    fn next(&mut self, now: Millis, out: &mut Vec<Action>) {
        let free = self.busy.iter().any(Option::is_none);
        let settled = self.reset_at.is_none_or(|reset| now >= reset + SETTLES);
        let may = |order: &mut Order| settled || order.manner != Manner::Once;
        if self.sent.is_empty()
            && self.waiting.is_empty()
            && free
            && let Some(order) = self.wanted.iter_mut().find_map(|wanted| wanted.take_if(may))
        {
            self.write(now, order, 1, out);
        }
    }

    fn write(&mut self, now: Millis, order: Order, tries: u32, out: &mut Vec<Action>) {
        let (number, action) = self.wire.command(&order.bytes);
        out.push(action);
        self.note_once(now, &order);
        self.last[order.lane as usize] = Some(order.clone());
        self.sent.push_back(Sent { order, number, tries, at: now });
    }

    fn note_once(&mut self, now: Millis, order: &Order) {
        if order.manner == Manner::Once {
            self.once_at = Some(now);
        }
    }

    /// What was lost, or its answer was. With the same number, so that the camera does not do twice
    /// what it has had; but a camera that has had a higher number would not do it at all.
    fn write_again(&mut self, now: Millis, sent: Sent, out: &mut Vec<Action>) {
        let Sent { order, number, tries, .. } = sent;
        match number {
            Some(number) if order.manner == Manner::Once || self.wire.is_last(number) => {
                out.push(self.wire.command_again(number, &order.bytes));
                self.note_once(now, &order);
                let number = Some(number);
                self.sent.push_back(Sent { order, number, tries: tries + 1, at: now });
            }
            _ => self.write(now, order, tries + 1, out),
        }
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
        let stopped = |order: &Order| order.manner == Manner::Stop;
        self.last[..=Lane::Zoom as usize].iter().all(|last| last.as_ref().is_some_and(stopped))
    }

    fn socket(&mut self, number: u8) -> Option<&mut Option<Busy>> {
        self.busy.get_mut(usize::from(number.checked_sub(1)?))
    }
}
