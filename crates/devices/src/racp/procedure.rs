//! Fetches stored records: counts them, asks for them, and knows what to ask for after an interruption.
//!
//! One procedure at a time, as the services demand. Knows nothing of what a record holds.

use super::{
    Bound, Records, Request,
    response::{NO_RECORDS, Response, SUCCESS},
};
use crate::{Failure, Millis, Wrong};

/// Since the last thing that the device sent (Bluetooth Glucose Profile 1.0.1, 5.5: procedure timeout).
const PATIENCE: Millis = 30_000;
/// A person has to confirm the pairing on the device or on the cart before it answers at all.
const PAIRING: Millis = 30_000;
/// Some meters drop a request that comes right after they were subscribed to.
const PAUSE: Millis = 500;

/// What the driver does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Write this to the control point.
    Write(Vec<u8>),
    /// Every record has come.
    Done,
    Failed(Failure),
}

#[derive(Debug, Default)]
pub(crate) struct Procedure {
    state: State,
    deadline: Option<Millis>,
    /// Every record up to this number has come.
    complete_to: Option<u16>,
    /// What `complete_to` was when the procedure began.
    began_at: Option<u16>,
    highest: Option<u16>,
    counted: u32,
    received: u32,
    asked_again: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// There is no link.
    #[default]
    Closed,
    Idle,
    /// The link is open, but not everything else has been asked for.
    Waiting,
    Counting(Records),
    Reporting(Records),
    Aborting,
}

impl Procedure {
    /// The link is open; begins by itself, once it is [`Self::ready`] or after a while.
    pub(crate) fn up(&mut self, now: Millis) {
        self.state = State::Waiting;
        self.deadline = Some(now + PAIRING);
    }

    /// The device has answered to everything that was asked when the link opened.
    pub(crate) fn ready(&mut self, now: Millis) {
        if self.state == State::Waiting {
            self.deadline = Some(now + PAUSE);
        }
    }

    /// Asks for what has not come yet; nothing, while a procedure runs or is about to.
    pub(crate) fn begin(&mut self, now: Millis) -> Vec<Step> {
        if self.state == State::Idle { self.start(now) } else { Vec::new() }
    }

    fn start(&mut self, now: Millis) -> Vec<Step> {
        self.began_at = self.complete_to;
        self.highest = self.complete_to;
        self.asked_again = false;
        self.count(now, self.missing())
    }

    /// The next procedure asks for everything: it is another device, or its memory may have changed.
    pub(crate) fn forget(&mut self) {
        self.complete_to = None;
    }

    /// The link is lost. What has come up to here is not asked for again.
    pub(crate) fn down(&mut self) {
        self.state = State::Closed;
        self.deadline = None;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Or about to.
    pub(crate) fn is_running(&self) -> bool {
        !matches!(self.state, State::Closed | State::Idle)
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.deadline
    }

    /// A record with this number has come.
    pub(crate) fn record(&mut self, now: Millis, number: u16) {
        let State::Reporting(_) = self.state else { return };
        self.deadline = Some(now + PATIENCE);
        self.received = self.received.saturating_add(1);
        if self.highest.is_none_or(|highest| number > highest) {
            // In ascending order there is no gap below it. After a break of the order
            // `complete_to` lags behind `highest`, and stays where it was.
            let in_order = self.highest == self.complete_to;
            self.highest = Some(number);
            if in_order {
                self.complete_to = self.highest;
            }
        } else if self.highest != Some(number) {
            // Sent out of order, so that the highest number says nothing about those below.
            self.complete_to = self.began_at;
        }
    }

    pub(crate) fn response(&mut self, now: Millis, bytes: &[u8]) -> Result<Vec<Step>, Wrong> {
        let response = Response::from_bytes(bytes)?;
        match (self.state, response) {
            (State::Counting(_), Response::Count(0)) => Ok(self.done()),
            (State::Counting(records), Response::Count(count)) => {
                self.counted = count;
                Ok(self.report(now, records))
            }
            (State::Counting(records), Response::Ended { request, code })
                if request == Request::Count(records).op() =>
            {
                Ok(self.not_counted(now, records, code))
            }
            (State::Reporting(records), Response::Ended { request, code })
                if request == Request::Report(records).op() =>
            {
                Ok(self.reported(now, records, code))
            }
            // Whatever ended, the device is free again.
            (State::Aborting, Response::Ended { .. }) => {
                self.end();
                Ok(Vec::new())
            }
            (State::Aborting, Response::Count(_)) => Ok(Vec::new()),
            (
                State::Closed
                | State::Idle
                | State::Waiting
                | State::Counting(_)
                | State::Reporting(_),
                _,
            ) => Err(Wrong::Unexpected),
        }
    }

    /// The device did not take what was written, or has no control point.
    pub(crate) fn refused(&mut self) -> Vec<Step> {
        match self.state {
            State::Waiting | State::Counting(_) | State::Reporting(_) => {
                self.end();
                vec![Step::Failed(Failure::Device)]
            }
            State::Aborting => {
                self.end();
                Vec::new()
            }
            State::Closed | State::Idle => Vec::new(),
        }
    }

    pub(crate) fn timer(&mut self, now: Millis) -> Vec<Step> {
        if self.deadline.take_if(|deadline| now >= *deadline).is_none() {
            return Vec::new();
        }
        match self.state {
            State::Waiting => self.start(now),
            State::Counting(_) | State::Reporting(_) => self.stop(now, Failure::TimedOut),
            // It does not even answer the abort; the next procedure may still be taken.
            State::Aborting => {
                self.end();
                Vec::new()
            }
            State::Closed | State::Idle => Vec::new(),
        }
    }

    /// A person ends it.
    pub(crate) fn abort(&mut self, now: Millis) -> Vec<Step> {
        match self.state {
            State::Waiting => {
                self.end();
                vec![Step::Failed(Failure::Stopped)]
            }
            State::Counting(_) | State::Reporting(_) => self.stop(now, Failure::Stopped),
            State::Closed | State::Idle | State::Aborting => Vec::new(),
        }
    }

    fn missing(&self) -> Records {
        // After the last number that there is, numbers begin anew.
        let next = self.complete_to.and_then(|number| number.checked_add(1));
        next.map_or(Records::All, |number| Records::AtLeast(Bound::Sequence(number)))
    }

    fn count(&mut self, now: Millis, records: Records) -> Vec<Step> {
        self.counted = 0;
        self.ask(now, State::Counting(records), Request::Count(records))
    }

    fn report(&mut self, now: Millis, records: Records) -> Vec<Step> {
        self.received = 0;
        self.ask(now, State::Reporting(records), Request::Report(records))
    }

    fn ask(&mut self, now: Millis, state: State, request: Request) -> Vec<Step> {
        self.state = state;
        self.deadline = Some(now + PATIENCE);
        vec![Step::Write(request.to_bytes())]
    }

    fn stop(&mut self, now: Millis, why: Failure) -> Vec<Step> {
        let mut steps = self.ask(now, State::Aborting, Request::Abort);
        steps.push(Step::Failed(why));
        steps
    }

    fn not_counted(&mut self, now: Millis, records: Records, code: u8) -> Vec<Step> {
        match (code, records) {
            (NO_RECORDS, _) => self.done(),
            // A device that cannot count, or that wants no bounds, is asked for what it has.
            (_, _) => self.report(now, Records::All),
        }
    }

    fn reported(&mut self, now: Millis, records: Records, code: u8) -> Vec<Step> {
        match (code, records) {
            (SUCCESS, _) if self.received < self.counted && !self.asked_again => {
                self.asked_again = true;
                self.report(now, records)
            }
            (SUCCESS, _) if self.received < self.counted => self.refused(),
            (SUCCESS | NO_RECORDS, _) => self.done(),
            (_, Records::All) => self.refused(),
            // It counts with bounds, but does not report with them.
            (_, _) => {
                self.counted = 0;
                self.report(now, Records::All)
            }
        }
    }

    fn done(&mut self) -> Vec<Step> {
        self.complete_to = self.highest;
        self.end();
        vec![Step::Done]
    }

    fn end(&mut self) {
        self.state = State::Idle;
        self.deadline = None;
    }
}

#[cfg(test)]
mod tests;
