//! A simulated Nonin Xpod pulse oximeter that streams whether or not anybody listens.
//!
//! Knows whether a finger is in it; `frame` knows the bytes and `wave` the pulse.

pub mod frame;
pub mod wave;

use crate::link::{Message, Speaker};
use crate::lock;
use frame::{FRAMES_PER_PACKET, FRAMES_PER_SECOND, Moment, Numbers, status};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wave::Wave;

/// What the finger in the sensor shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finger {
    pub spo2_percent: u8,
    pub pulse_per_minute: u16,
}

/// How good the signal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Good,
    /// The hand moves.
    Artifact,
    /// Cold hands: little blood in the finger.
    LowPerfusion,
}

/// How long the sensor sees a pulse before it gives numbers.
const SEARCH: Duration = Duration::from_secs(2);
/// A host that was not served for longer has lost the frames in between, as on a real line.
const MOST_FRAMES_AT_ONCE: u64 = FRAMES_PER_SECOND as u64;
const REVISION: u8 = 48;

/// The sensor and its electronics.
#[derive(Debug)]
pub struct Oximeter {
    finger: Option<(Finger, Duration)>,
    signal: Signal,
    wave: Wave,
}

impl Default for Oximeter {
    fn default() -> Self {
        Self { finger: None, signal: Signal::Good, wave: Wave::default() }
    }
}

impl Oximeter {
    /// A finger that is in already only changes its numbers.
    pub fn put_on(&mut self, finger: Finger, now: Duration) {
        let since = self.finger.map_or(now, |(_, since)| since);
        self.finger = Some((finger, since));
    }

    pub fn take_off(&mut self) {
        self.finger = None;
    }

    pub fn set_signal(&mut self, signal: Signal) {
        self.signal = signal;
    }

    pub fn set_wave(&mut self, wave: Wave) {
        self.wave = wave;
    }

    fn packet(&mut self, now: Duration) -> Vec<[u8; 5]> {
        let numbers = self.numbers(now);
        let mut wave = [Moment { pleth: 0, status: status::ALWAYS }; FRAMES_PER_PACKET];
        for moment in &mut wave {
            *moment = self.moment(numbers.pulse_per_minute.is_none());
        }
        frame::packet(&numbers, &wave)
    }

    fn numbers(&self, now: Duration) -> Numbers {
        let found = self.finger.filter(|(_, since)| now.saturating_sub(*since) >= SEARCH);
        Numbers {
            spo2_percent: found.map(|(finger, _)| finger.spo2_percent),
            pulse_per_minute: found.map(|(finger, _)| finger.pulse_per_minute),
            revision: REVISION,
        }
    }

    fn moment(&mut self, searching: bool) -> Moment {
        let Some((finger, _)) = self.finger else {
            let status = status::ALWAYS | status::SENSOR_ALARM | status::OUT_OF_TRACK;
            return Moment { pleth: 0, status };
        };
        let sample = self.wave.next(f64::from(finger.pulse_per_minute));
        let mut moment = Moment { pleth: sample.pleth, status: status::ALWAYS };
        if searching {
            moment.status |= status::OUT_OF_TRACK;
        }
        match self.signal {
            Signal::Good if sample.in_pulse => moment.status |= status::GREEN,
            Signal::LowPerfusion if sample.in_pulse => moment.status |= status::RED,
            Signal::Good | Signal::LowPerfusion => {}
            Signal::Artifact => moment.status |= status::ARTIFACT,
        }
        if self.signal == Signal::LowPerfusion {
            moment.pleth = 110 + moment.pleth / 12;
        }
        moment
    }
}

/// One opening of the serial port; the stream starts with a whole packet.
pub struct Session {
    oximeter: Arc<Mutex<Oximeter>>,
    pending: VecDeque<[u8; 5]>,
    sent_until: Option<u64>,
}

impl Session {
    pub fn new(oximeter: Arc<Mutex<Oximeter>>) -> Self {
        Self { oximeter, pending: VecDeque::new(), sent_until: None }
    }

    fn next_frame(&mut self, now: Duration) -> [u8; 5] {
        if self.pending.is_empty() {
            self.pending.extend(lock(&self.oximeter).packet(now));
        }
        self.pending.pop_front().expect("a packet has 25 frames")
    }
}

impl Speaker for Session {
    /// The Xpod has no commands in this format.
    fn hear(&mut self, _bytes: &[u8], _now: Duration) -> Vec<Message> {
        Vec::new()
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let until = (now.as_secs_f64() * f64::from(FRAMES_PER_SECOND)) as u64;
        let from = self.sent_until.replace(until).unwrap_or(until);
        let count = (until - from).min(MOST_FRAMES_AT_ONCE);
        (0..count).map(|_| self.next_frame(now).to_vec()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(oximeter: Oximeter, from: f64, to: f64) -> Vec<Message> {
        let mut session = Session::new(Arc::new(Mutex::new(oximeter)));
        session.due(Duration::from_secs_f64(from));
        let steps = ((to - from) * 100.0) as u32;
        (1..=steps)
            .flat_map(|i| session.due(Duration::from_secs_f64(from + f64::from(i) / 100.0)))
            .collect()
    }

    fn with_finger() -> Oximeter {
        let mut oximeter = Oximeter::default();
        let finger = Finger { spo2_percent: 97, pulse_per_minute: 72 };
        oximeter.put_on(finger, Duration::ZERO);
        oximeter
    }

    #[test]
    fn it_streams_seventy_five_frames_a_second() {
        assert!(streamed(Oximeter::default(), 0.0, 4.0).len().abs_diff(300) <= 1);
    }

    #[test]
    fn without_a_finger_there_are_no_numbers_and_an_alarm() {
        let frames = streamed(Oximeter::default(), 0.0, 1.0);
        assert_eq!((frames[0][3], frames[1][3], frames[2][3]), (3, 127, 127));
        assert!(frames.iter().all(|f| f[1] & status::SENSOR_ALARM != 0));
    }

    #[test]
    fn numbers_come_after_a_search() {
        let searching = streamed(with_finger(), 0.0, 1.0);
        assert_eq!(searching[2][3], 127);
        assert!(searching.iter().all(|f| f[1] & status::OUT_OF_TRACK != 0));
        let found = streamed(with_finger(), 5.0, 7.0);
        assert_eq!((found[0][3], found[1][3], found[2][3]), (0, 72, 97));
        let green = found.iter().filter(|f| f[1] & status::GREEN != 0).count();
        assert!((20..70).contains(&green), "green during the pulse only: {green} of 150");
    }

    #[test]
    fn flags_are_in_the_status_byte() {
        let mut oximeter = with_finger();
        oximeter.set_signal(Signal::Artifact);
        assert!(streamed(oximeter, 5.0, 6.0).iter().all(|f| f[1] & status::ARTIFACT != 0));
        let mut oximeter = with_finger();
        oximeter.set_signal(Signal::LowPerfusion);
        let frames = streamed(oximeter, 5.0, 7.0);
        assert!(frames.iter().any(|f| f[1] & status::RED != 0));
        assert!(frames.iter().all(|f| f[1] & status::GREEN == 0));
    }

    #[test]
    fn a_host_that_was_not_served_for_a_minute_does_not_get_a_minute_of_frames() {
        let mut session = Session::new(Arc::new(Mutex::new(with_finger())));
        session.due(Duration::ZERO);
        assert_eq!(session.due(Duration::from_secs(60)).len(), 75);
    }
}
