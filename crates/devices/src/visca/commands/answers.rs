//! What the answers of a camera mean for the commands that wait for them.

use super::{
    super::packet::{Refusal, Reply},
    ACK_TRIES, Busy, Commands, DONE_PATIENCE, FULL_PAUSE, FULL_TRIES, Manner, SETTLES, Sent,
};
use crate::{Action, Failure, Millis};

impl Commands {
    /// `number`: of the command that is answered, where commands are numbered.
    pub(in crate::visca) fn reply(
        &mut self,
        now: Millis,
        number: Option<u32>,
        reply: Reply,
        out: &mut Vec<Action>,
    ) {
        match reply {
            Reply::Ack { socket } => self.taken(now, number, socket),
            Reply::Done { socket } => self.done(number, socket),
            Reply::Refused { socket, why } => self.refused(now, number, socket, why, out),
            Reply::Addressed | Reply::Cleared | Reply::NetworkChange | Reply::Other => {}
        }
        self.next(now, out);
    }

    fn taken(&mut self, now: Millis, number: Option<u32>, socket: u8) {
        let answered = self.answered(number);
        // A second copy of an answer: what it answers may be done already.
        if number.is_some() && answered.is_none() {
            return;
        }
        self.complained = false;
        if let Some(busy) = self.socket(socket) {
            *busy = Some(Busy { number, until: now + DONE_PATIENCE });
        }
    }

    fn done(&mut self, number: Option<u32>, socket: u8) {
        let carried_out = self
            .socket(socket)
            .is_some_and(|busy| busy.take_if(|busy| busy.number == number).is_some());
        // Some cameras say at once that it is done, and never that it was taken.
        if !carried_out && self.answered(number).is_some() {
            self.complained = false;
        }
    }

    /// Takes what an answer belongs to.
    fn answered(&mut self, number: Option<u32>) -> Option<Sent> {
        match number {
            None => self.sent.pop_front(),
            Some(_) => {
                let place = self.sent.iter().position(|sent| sent.number == number)?;
                self.sent.remove(place)
            }
        }
    }

    /// The camera says that the number is not the next: it has had this command already, or one
    /// with a higher number, or it counts from elsewhere.
    pub(in crate::visca) fn wrong_number(
        &mut self,
        now: Millis,
        number: u32,
        out: &mut Vec<Action>,
    ) {
        let Some(sent) = self.answered(Some(number)) else { return };
        if !self.is_newest(&sent) {
            return self.next(now, out);
        }
        let alone = self.wire.is_last(number);
        match sent.order.manner {
            // Nothing overtook it and it was repeated: the first copy has arrived.
            Manner::Once if sent.tries > 1 && alone => {}
            // It may have been carried out or not. A person who knows can do it again.
            Manner::Once => self.give_up(sent.order.lane, Failure::Device, out),
            // Doing it again harms nothing, and a stop that is only thought to have arrived would.
            Manner::Stop | Manner::Drive | Manner::Go if sent.tries < ACK_TRIES => {
                // The first time a datagram has overtaken another, most likely.
                if alone && sent.tries > 1 {
                    self.reset_numbers(now, out);
                }
                self.write(now, sent.order, sent.tries + 1, out);
            }
            Manner::Stop | Manner::Drive | Manner::Go => {
                self.give_up(sent.order.lane, Failure::Device, out);
            }
        }
        self.next(now, out);
    }

    /// After it the camera would do again what it has had. So it is kept apart from what must be
    /// done once, of which copies may still be under way.
    pub(in crate::visca) fn reset_numbers(&mut self, now: Millis, out: &mut Vec<Action>) {
        if self.once_at.is_none_or(|once| now >= once + SETTLES) {
            out.push(self.wire.reset());
            self.reset_at = Some(now);
        }
    }

    fn refused(
        &mut self,
        now: Millis,
        number: Option<u32>,
        socket: u8,
        why: Refusal,
        out: &mut Vec<Action>,
    ) {
        if self.is_of_socket(number, socket, why) {
            // A number that is not that of the command in the socket is the cancel's own.
            if let Some(busy) = self.socket(socket) {
                *busy = None;
            }
            return;
        }
        let Some(refused) = self.answered(number).filter(|sent| self.is_newest(sent)) else {
            return;
        };
        if why == Refusal::Full && refused.tries < FULL_TRIES {
            self.waiting.push(Sent { at: now + FULL_PAUSE, ..refused });
        } else {
            self.give_up(refused.order.lane, Failure::Device, out);
        }
    }

    /// Whether a refusal ends what is in a socket, and not a command that waits to be taken.
    fn is_of_socket(&mut self, number: Option<u32>, socket: u8, why: Refusal) -> bool {
        let busy = self.socket(socket).is_some_and(|busy| busy.is_some());
        match why {
            Refusal::Cancelled | Refusal::NoSocket => true,
            Refusal::Full | Refusal::NotUnderstood => false,
            Refusal::NotExecutable | Refusal::Other => {
                let waited_for = self.sent.iter().any(|sent| sent.number == number);
                busy && !waited_for
            }
        }
    }
}
