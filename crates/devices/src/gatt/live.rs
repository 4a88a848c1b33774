//! When a stream of live values becomes a reading, and what is told meanwhile.
//!
//! A sensor on the body sends a value about every second; a chart wants one that can be stood by: the
//! first when the signal has been good for a while, then one a minute.

use crate::{Action, Failure, Millis, Report, Status};

const INTERVAL: Millis = 60_000;
/// Who watches is told this often, however often the sensor sends.
const EVERY: Millis = 1_000;
/// As long as values may stay away before nothing is known of the patient any more; radio loses a
/// few now and then.
const SILENCE: Millis = 5_000;

/// What one value says of the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The sensor is not on the patient.
    Off,
    /// On the patient, but without a value.
    Searching,
    Good,
}

/// What becomes of the value that came with the signal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Heard {
    /// It is told to who watches.
    pub(crate) live: bool,
    /// It is a reading.
    pub(crate) reading: bool,
    /// To tell before it.
    pub(crate) news: Option<Action>,
}

#[derive(Debug)]
pub(crate) struct Live {
    /// How long the signal has to be good before it is stood by.
    settle: Millis,
    good_since: Option<Millis>,
    reading_at: Option<Millis>,
    told_at: Option<Millis>,
    /// A person asked for a reading now.
    asked: bool,
    shown: Option<Status>,
    silent_at: Option<Millis>,
}

impl Live {
    pub(crate) fn new(settle: Millis) -> Self {
        Self {
            settle,
            good_since: None,
            reading_at: None,
            told_at: None,
            asked: false,
            shown: None,
            silent_at: None,
        }
    }

    pub(crate) fn hear(&mut self, now: Millis, signal: Signal) -> Heard {
        self.silent_at = Some(now + SILENCE);
        if signal != Signal::Good {
            self.good_since = None;
            self.reading_at = None;
            self.asked &= signal != Signal::Off;
            let off = signal == Signal::Off;
            let status =
                if off { Status::NotOnPatient } else { Status::Measuring { cuff_mmhg: None } };
            return Heard { news: self.show(status), ..Heard::default() };
        }
        if now.saturating_sub(*self.good_since.get_or_insert(now)) < self.settle {
            let news = self.show(Status::Measuring { cuff_mmhg: None });
            return Heard { news, ..Heard::default() };
        }
        // A reading makes it ready without a word, and so does a live value.
        self.shown = Some(Status::Ready);
        Heard { live: self.is_told(now), reading: self.is_reading(now), news: None }
    }

    fn is_told(&mut self, now: Millis) -> bool {
        let due = self.told_at.is_none_or(|at| now.saturating_sub(at) >= EVERY);
        if due {
            self.told_at = Some(now);
        }
        due
    }

    fn is_reading(&mut self, now: Millis) -> bool {
        let minute = |at: Millis| now.saturating_sub(at) >= INTERVAL;
        let due = self.asked || self.reading_at.is_none_or(minute);
        if due {
            self.reading_at = Some(now);
            self.asked = false;
        }
        due
    }

    fn show(&mut self, status: Status) -> Option<Action> {
        let news = self.shown.replace(status) != Some(status);
        news.then_some(Action::Report(Report::Status(status)))
    }

    /// The next value of a settled signal is a reading.
    pub(crate) fn ask(&mut self) {
        self.asked = true;
    }

    pub(crate) fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.silent_at.is_none_or(|silent_at| now < silent_at) {
            return Vec::new();
        }
        *self = Self::new(self.settle);
        vec![Action::Report(Report::Failed(Failure::Device))]
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.silent_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURING: Action = Action::Report(Report::Status(Status::Measuring { cuff_mmhg: None }));
    const OFF: Action = Action::Report(Report::Status(Status::NotOnPatient));

    /// The seconds of the readings from a signal that comes once a second.
    fn readings(live: &mut Live, seconds: std::ops::Range<Millis>) -> Vec<Millis> {
        seconds.filter(|second| live.hear(second * 1_000, Signal::Good).reading).collect()
    }

    #[test]
    fn one_reading_when_settled_and_then_one_a_minute() {
        assert_eq!(readings(&mut Live::new(10_000), 0..140), [10, 70, 130]);
    }

    #[test]
    fn a_signal_that_is_lost_settles_anew() {
        for lost in [Signal::Off, Signal::Searching] {
            let mut live = Live::new(10_000);
            assert_eq!(readings(&mut live, 0..20), [10]);
            live.hear(20_000, lost);
            assert_eq!(readings(&mut live, 21..40), [31]);
        }
    }

    #[test]
    fn what_is_known_is_told_once() {
        let mut live = Live::new(10_000);
        let mut news = |now, signal| live.hear(now, signal).news;
        assert_eq!(news(0, Signal::Good), Some(MEASURING));
        assert_eq!(news(1_000, Signal::Searching), None);
        assert_eq!(news(2_000, Signal::Off), Some(OFF));
        assert_eq!(news(3_000, Signal::Off), None);
    }

    #[test]
    fn who_watches_is_told_once_a_second_of_a_settled_signal() {
        let mut live = Live::new(2_000);
        let told = |live: &mut Live, from: Millis, to: Millis| -> Vec<Millis> {
            let times = (from..to).step_by(250);
            times.filter(|now| live.hear(*now, Signal::Good).live).collect()
        };
        assert_eq!(told(&mut live, 0, 4_100), [2_000, 3_000, 4_000]);
        assert!(!live.hear(5_000, Signal::Searching).live);
        assert_eq!(told(&mut live, 6_000, 8_500), [8_000]);
    }

    #[test]
    fn who_asks_gets_the_next_settled_value() {
        let mut live = Live::new(10_000);
        live.ask();
        assert_eq!(readings(&mut live, 0..20), [10]);
        live.ask();
        assert_eq!(readings(&mut live, 20..40), [20]);
        live.ask();
        live.hear(40_000, Signal::Off);
        assert_eq!(readings(&mut live, 41..61), [51]);
        assert_eq!(readings(&mut live, 61..100), [0; 0], "the wish ended with the contact");
    }

    #[test]
    fn silence_ends_what_was_known() {
        let mut live = Live::new(10_000);
        assert_eq!(readings(&mut live, 0..11), [10]);
        assert_eq!(live.deadline(), Some(15_000));
        assert_eq!(live.timer(14_999), []);
        assert_eq!(live.timer(15_000), [Action::Report(Report::Failed(Failure::Device))]);
        assert_eq!(live.deadline(), None);
        assert_eq!(readings(&mut live, 16..30), [26]);
    }
}
