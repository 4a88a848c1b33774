//! A simulated SunTech Advantage blood-pressure module.
//!
//! Knows what it will measure next and how long that takes; `frame` knows the bytes.

mod curve;
pub mod frame;

use crate::link::{Message, Speaker};
use crate::lock;
use curve::Curve;
use frame::{Acknowledgement, Command, Ear, Measured};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the next measurements find. Pressures in mmHg, pulse in beats per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Reads { systolic: u16, diastolic: u16, mean: u16, pulse: u8 },
    Fails(Failure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The cuff leaks or is too loose to be pumped up.
    Loose,
    /// The pulse was too erratic to measure: the arm moved.
    Erratic,
}

/// Error codes as the user manuals of SunTech's monitors print them ("EC 2", "EC 86", "EC 87").
const ERRATIC_SIGNAL: u8 = 2;
const ABORTED_BY_USER: u8 = 86;
const LOOSE_CUFF: u8 = 87;

const FIRST_INFLATION: f64 = 160.0;

/// The module: at most one measurement at a time, and the result of the last one.
#[derive(Debug)]
pub struct Cuff {
    next: Outcome,
    duration: Duration,
    running: Option<Run>,
    last: Measured,
    /// How many measurements have ended; each connection announces those that it has not yet.
    finished: u64,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    outcome: Outcome,
    started: Duration,
    duration: Duration,
}

impl Default for Cuff {
    fn default() -> Self {
        Self {
            next: Outcome::Reads { systolic: 122, diastolic: 78, mean: 93, pulse: 72 },
            duration: Duration::from_secs(12),
            running: None,
            last: Measured::default(),
            finished: 0,
        }
    }
}

impl Cuff {
    pub fn will(&mut self, outcome: Outcome) {
        self.next = outcome;
    }

    pub fn takes(&mut self, duration: Duration) {
        self.duration = duration;
    }

    /// Begins to measure, by a host's command or by the button on the device.
    pub fn start(&mut self, now: Duration) -> Result<(), AlreadyMeasuring> {
        self.pass(now);
        if self.running.is_some() {
            return Err(AlreadyMeasuring);
        }
        self.last = Measured::default();
        self.running = Some(Run { outcome: self.next, started: now, duration: self.duration });
        Ok(())
    }

    /// Lets time pass: a measurement whose time is over ends.
    fn pass(&mut self, now: Duration) {
        if let Some(run) = self.running
            && now >= run.ends()
        {
            self.last = run.measured();
            self.running = None;
            self.finished += 1;
        }
    }

    fn obey(&mut self, command: Command, now: Duration) -> Message {
        self.pass(now);
        match command {
            Command::StartAdult => frame::acknowledgement(match self.start(now) {
                Ok(()) => Acknowledgement::Received,
                Err(AlreadyMeasuring) => Acknowledgement::Busy,
            }),
            Command::Abort => self.abort(),
            Command::GetResult => frame::result(&self.last),
            Command::GetPressure => {
                let mmhg = self.running.map_or(0.0, |run| run.pressure(now));
                frame::pressure(mmhg.round() as u16)
            }
        }
    }

    fn abort(&mut self) -> Message {
        if self.running.take().is_some() {
            self.last = Measured { error: ABORTED_BY_USER, ..Measured::default() };
        }
        frame::acknowledgement(Acknowledgement::Aborted)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cuff is measuring already")]
pub struct AlreadyMeasuring;

impl Run {
    /// A leak is noticed early, a restless arm late.
    fn ends(&self) -> Duration {
        let share = match self.outcome {
            Outcome::Reads { .. } => 1.0,
            Outcome::Fails(Failure::Erratic) => 0.8,
            Outcome::Fails(Failure::Loose) => 0.4,
        };
        self.started + self.duration.mul_f64(share)
    }

    fn pressure(&self, now: Duration) -> f64 {
        let seconds = self.duration.as_secs_f64();
        let progress = (now - self.started).as_secs_f64() / seconds.max(0.001);
        self.curve().pressure(progress, seconds).max(0.0)
    }

    fn curve(&self) -> Curve {
        match self.outcome {
            Outcome::Reads { systolic, diastolic, pulse, .. } => Curve {
                peak: FIRST_INFLATION.max(f64::from(systolic) + 30.0),
                lowest: (f64::from(diastolic) - 15.0).max(10.0),
                pulse: f64::from(pulse),
            },
            Outcome::Fails(Failure::Erratic) => {
                Curve { peak: FIRST_INFLATION, lowest: 50.0, pulse: 190.0 }
            }
            Outcome::Fails(Failure::Loose) => Curve { peak: 34.0, lowest: 20.0, pulse: 70.0 },
        }
    }

    fn measured(&self) -> Measured {
        match self.outcome {
            Outcome::Reads { systolic, diastolic, mean, pulse } => Measured {
                systolic,
                diastolic,
                mean,
                pulse,
                beats: self.beats(pulse),
                status: 1,
                error: 0,
            },
            Outcome::Fails(Failure::Erratic) => {
                Measured { error: ERRATIC_SIGNAL, ..Measured::default() }
            }
            Outcome::Fails(Failure::Loose) => Measured { error: LOOSE_CUFF, ..Measured::default() },
        }
    }

    /// Beats are counted while the pressure comes down, about two thirds of the time.
    fn beats(&self, pulse: u8) -> u8 {
        (f64::from(pulse) / 60.0 * self.duration.as_secs_f64() * 0.63).round() as u8
    }
}

/// One host's conversation with the module.
pub struct Session {
    cuff: Arc<Mutex<Cuff>>,
    ear: Ear,
    announced: u64,
}

impl Session {
    pub fn new(cuff: Arc<Mutex<Cuff>>) -> Self {
        let announced = lock(&cuff).finished;
        Self { cuff, ear: Ear::default(), announced }
    }
}

impl Speaker for Session {
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message> {
        let mut cuff = lock(&self.cuff);
        self.ear.hear(bytes).into_iter().map(|command| cuff.obey(command, now)).collect()
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let mut cuff = lock(&self.cuff);
        cuff.pass(now);
        let ended = cuff.finished > self.announced;
        self.announced = cuff.finished;
        ended.then(|| frame::acknowledgement(Acknowledgement::Completed)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: [u8; 3] = [0x3A, 0x20, 0xA6];
    const RESULT: [u8; 5] = [0x3A, 0x79, 0x03, 0x00, 0x4A];
    const PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];
    const ABORT: [u8; 5] = [0x3A, 0x79, 0x01, 0x00, 0x4C];

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn session(outcome: Outcome) -> Session {
        let mut cuff = Cuff::default();
        cuff.will(outcome);
        Session::new(Arc::new(Mutex::new(cuff)))
    }

    fn mmhg(session: &mut Session, at: f64) -> u16 {
        let answer = &session.hear(&PRESSURE, seconds(at))[0];
        u16::from_le_bytes([answer[2], answer[3]])
    }

    #[test]
    fn a_measurement_pumps_up_and_then_gives_its_result() {
        let outcome = Outcome::Reads { systolic: 128, diastolic: 82, mean: 97, pulse: 71 };
        let mut session = session(outcome);
        assert_eq!(session.hear(&START, seconds(0.0))[0][2], b'O');
        assert!(mmhg(&mut session, 3.5) > 150);
        assert!((60..130).contains(&mmhg(&mut session, 9.0)));
        assert!(session.due(seconds(11.9)).is_empty());
        assert_eq!(session.due(seconds(12.0))[0][2], b'K');
        assert!(session.due(seconds(12.1)).is_empty(), "the end is announced once");
        let result = &session.hear(&RESULT, seconds(12.2))[0];
        assert_eq!((result[2], result[4], result[16], result[18]), (128, 82, 71, 97));
        assert_eq!(mmhg(&mut session, 12.3), 0);
    }

    #[test]
    fn a_loose_cuff_never_gets_tight_and_reads_nothing() {
        let mut session = session(Outcome::Fails(Failure::Loose));
        session.hear(&START, seconds(0.0));
        assert!((0..480).all(|i| mmhg(&mut session, f64::from(i) / 100.0) < 50));
        assert_eq!(session.due(seconds(5.0))[0][2], b'K');
        let result = &session.hear(&RESULT, seconds(5.0))[0];
        assert_eq!((result[2], result[4], result[20]), (0, 0, LOOSE_CUFF));
    }

    #[test]
    fn aborting_empties_the_cuff_at_once() {
        let mut session = session(Outcome::Fails(Failure::Erratic));
        session.hear(&START, seconds(0.0));
        assert!(mmhg(&mut session, 3.0) > 100);
        assert_eq!(session.hear(&ABORT, seconds(3.0))[0][2], b'A');
        assert_eq!(mmhg(&mut session, 3.1), 0);
        assert_eq!(session.hear(&RESULT, seconds(3.2))[0][20], ABORTED_BY_USER);
        assert!(session.due(seconds(30.0)).is_empty());
    }

    #[test]
    fn a_second_start_is_answered_with_busy() {
        let mut session = session(Outcome::Fails(Failure::Erratic));
        session.hear(&START, seconds(0.0));
        assert_eq!(session.hear(&START, seconds(1.0))[0][2], b'B');
    }
}
