//! The samples of the ECG as the strap sends them, frame type 0: when the last of them was, in
//! nanoseconds since 2000, and three bytes for each, in microvolts.

use crate::waves::electrocardiogram;
use jiff::civil::{DateTime, date};
use std::time::Duration;

const HERTZ: u64 = 130;
/// In one notification.
const SAMPLES: u64 = 73;
const NANOS: u64 = 1_000_000_000;
/// An R wave of one millivolt.
const TALLEST: f64 = 1_000.0;

/// One recording, from its start.
pub struct Stream {
    started: Duration,
    /// What the strap's clock showed then, nanoseconds since 2000.
    shown: u64,
    sent: u64,
    /// Where in a heartbeat the next sample is.
    phase: f64,
}

impl Stream {
    pub fn start(now: Duration, shown: DateTime) -> Self {
        let since = shown.duration_since(date(2000, 1, 1).at(0, 0, 0, 0));
        // A clock before 2000 shows the beginning.
        let shown = u64::try_from(since.as_nanos()).unwrap_or(0);
        Self { started: now, shown, sent: 0, phase: 0.0 }
    }

    /// The next notification, once its last sample is there. `rate`: of the heart, per minute; without
    /// a heart the line is flat.
    pub fn due(&mut self, now: Duration, rate: Option<u16>) -> Option<Vec<u8>> {
        let whole = self.sent + SAMPLES;
        let last = after(whole);
        if now.saturating_sub(self.started) < Duration::from_nanos(last) {
            return None;
        }
        self.sent = whole;
        let samples: Vec<i32> = (0..SAMPLES).map(|_| self.sample(rate)).collect();
        Some(encode(self.shown + last, &samples))
    }

    pub fn is_under_way(&self) -> bool {
        self.sent > 0
    }

    fn sample(&mut self, rate: Option<u16>) -> i32 {
        let Some(rate) = rate else { return 0 };
        self.phase = (self.phase + f64::from(rate) / 60.0 / HERTZ as f64).fract();
        (electrocardiogram(self.phase) * TALLEST).round() as i32
    }
}

/// How long this many samples take, nanoseconds.
fn after(samples: u64) -> u64 {
    samples * NANOS / HERTZ
}

fn encode(last: u64, microvolts: &[i32]) -> Vec<u8> {
    let mut bytes = vec![0];
    bytes.extend(last.to_le_bytes());
    bytes.push(0);
    bytes.extend(microvolts.iter().flat_map(|sample| sample.to_le_bytes().into_iter().take(3)));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    #[test]
    fn samples_are_encoded_as_the_maker_s_tests_have_them() {
        let expected = hex::parse("00 0094357700000000 00 0280ff 028000").unwrap();
        assert_eq!(encode(2_000_000_000, &[-32_766, 32_770]), expected);
    }

    #[test]
    fn as_much_time_passes_from_one_to_the_next_as_its_samples_take() {
        let mut stream = Stream::start(Duration::ZERO, date(2026, 11, 22).at(8, 42, 0, 0));
        let time = |bytes: &[u8]| u64::from_le_bytes(bytes[1..9].try_into().unwrap());
        let later = Duration::from_secs(60);
        let told: Vec<Vec<u8>> = std::iter::from_fn(|| stream.due(later, Some(72))).collect();
        assert_eq!(told.len() as u64, 60 * HERTZ / SAMPLES);
        for pair in told.windows(2) {
            assert!((time(&pair[1]) - time(&pair[0])).abs_diff(561_538_461) <= 1);
        }
        // 9822 days and 08:42 after 2000 began.
        assert_eq!(time(&told[0]) / NANOS, 9_822 * 86_400 + 8 * 3_600 + 42 * 60);
    }

    #[test]
    fn the_tallest_of_each_beat_is_about_a_millivolt_and_nobody_s_heart_is_flat() {
        let mut stream = Stream::start(Duration::ZERO, date(2026, 11, 22).at(0, 0, 0, 0));
        let samples: Vec<i32> = (0..1300).map(|_| stream.sample(Some(60))).collect();
        for beat in samples.chunks(130) {
            let tallest = beat.iter().copied().max().unwrap();
            assert!((900..1100).contains(&tallest), "{tallest}");
        }
        assert_eq!(stream.sample(None), 0);
    }
}
