//! One measurement of the cuff: when it is over, and whether its result may be believed.
//!
//! Knows no bytes on their way and no timers but its own.

use clinical::{BloodPressure, Decimal, Measurement};

use super::frame::ResultFrame;
use crate::{Failure, Measured, Millis, Report};

/// Above this the cuff was pumped up; below it no blood pressure can be found.
const INFLATED: u16 = 60;
/// Below this the cuff is empty.
pub(super) const EMPTY: u16 = 10;
/// A pump that has not reached [`INFLATED`] after this works against a leak or an open cuff.
const PUMPING: Millis = 30_000;
/// No adult's cuff may stay inflated for longer (IEC 80601-2-30).
const LONGEST: Millis = 180_000;
/// No measurement ends within its first second: such a word is an answer to the start.
const ANSWERING: Millis = 1_000;
/// How long after the end the result may take; a second inflation takes the end back.
const RESULT_PATIENCE: Millis = 5_000;

/// What to ask the module next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Pressure,
    Result,
}

pub(super) struct Progress {
    started: Millis,
    peak: u16,
    /// Since when the measurement seems to be over.
    over: Option<Millis>,
    /// What the module gave as result while the cuff was still full: that of an earlier patient.
    stale: Option<[u8; 24]>,
    asked_for_stale: bool,
    last: Question,
}

impl Progress {
    pub(super) fn new(now: Millis) -> Self {
        Self {
            started: now,
            peak: 0,
            over: None,
            stale: None,
            asked_for_stale: false,
            last: Question::Result,
        }
    }

    /// After the end both are asked in turns, because the module may inflate a second time.
    pub(super) fn question(&mut self) -> Question {
        let wants_stale = self.inflated() && !self.asked_for_stale;
        let wants_result = self.over.is_some() && self.last == Question::Pressure;
        self.asked_for_stale |= wants_stale;
        self.last = if wants_stale || wants_result { Question::Result } else { Question::Pressure };
        self.last
    }

    pub(super) fn pressure(&mut self, now: Millis, mmhg: u16) {
        self.peak = self.peak.max(mmhg);
        if mmhg >= INFLATED {
            self.over = None;
        } else if mmhg < EMPTY && self.inflated() {
            self.over.get_or_insert(now);
        }
    }

    /// The module says that it has finished.
    pub(super) fn finished(&mut self, now: Millis) {
        if now >= self.started + ANSWERING {
            self.over.get_or_insert(now);
        }
    }

    /// `None`: not yet, ask again.
    pub(super) fn result(&mut self, result: &ResultFrame) -> Option<Report> {
        if self.over.is_none() {
            self.stale = Some(result.raw);
            return None;
        }
        if self.stale == Some(result.raw) {
            return None;
        }
        if result.error != 0 {
            // The codes are not public; that the cuff held no pressure was seen.
            let why = if self.inflated() { Failure::Device } else { Failure::LooseCuff };
            return Some(Report::Failed(why));
        }
        // Without inflation there was nothing to measure: an old result, whatever it says.
        self.inflated().then(|| value(result)).flatten()
    }

    /// Why to give up now, if so.
    pub(super) fn expired(&mut self, now: Millis) -> Option<Failure> {
        if self.over.is_some_and(|over| now >= over + RESULT_PATIENCE) {
            if self.inflated() {
                return Some(Failure::Device);
            }
            self.over = None;
        }
        if !self.inflated() && now >= self.started + PUMPING {
            return Some(Failure::LooseCuff);
        }
        (now >= self.started + LONGEST).then_some(Failure::TimedOut)
    }

    fn inflated(&self) -> bool {
        self.peak >= INFLATED
    }
}

fn value(result: &ResultFrame) -> Option<Report> {
    let known = |number: u16| (number != 0).then(|| Decimal::from(number));
    // 1 stands in the maker's own example of a good result, 0 in a module that says nothing more.
    if result.status > 1 || result.beats == 0 {
        return None;
    }
    let measurement = Measurement::BloodPressure(BloodPressure {
        systolic: known(result.systolic)?,
        diastolic: known(result.diastolic)?,
        mean: known(result.mean),
        pulse: known(result.pulse),
    });
    Some(Report::value(Measured::new(measurement, &result.raw)))
}
