//! How much of a stethoscope's sound is missing, told from when its pieces were captured.
//!
//! A physician who listens for a murmur must know that a beat is missing. So holes are counted and
//! marked; they are never filled, stretched or left out.

use std::fmt;

/// Sound that was captured by nobody, before the piece that it is told with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Samples of each channel that are missing. 0: something broke, and no time passed.
    pub missing: u64,
    pub cause: GapCause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// The sound card's buffer ran over.
    Overrun,
    /// The stream broke or stood still and was opened again.
    Reopened,
    /// The listener was too slow.
    QueueFull,
    /// Nobody said anything, but the times do not fit.
    Unexplained,
}

impl fmt::Display for GapCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overrun => "overrun",
            Self::Reopened => "reopened",
            Self::QueueFull => "queue full",
            Self::Unexplained => "unexplained",
        })
    }
}

/// Follows one row of pieces.
#[derive(Debug)]
pub struct GapMeter {
    /// Samples a second of each channel.
    rate: u32,
    /// When the next piece begins, if nothing is missing.
    expected_ns: Option<u64>,
    broken: Option<GapCause>,
    /// Samples that were captured and then dropped. Their number is known exactly.
    dropped: u64,
}

/// The time of a piece is known to a few milliseconds: it is the time of a call, less the delay that
/// the sound card tells. Below this a hole that nobody tells of is taken for that.
const JITTER_NS: u64 = 20_000_000;

impl GapMeter {
    /// `rate`: samples a second; 0 is taken for 1, so that a wrong one cannot divide by zero.
    pub fn new(rate: u32) -> Self {
        Self { rate: rate.max(1), expected_ns: None, broken: None, dropped: 0 }
    }

    /// The pieces from now on have another rate. What is missing before the next is counted by it.
    pub fn set_rate(&mut self, rate: u32) {
        self.rate = rate.max(1);
    }

    /// Something broke; how much is missing shows with the next piece. The first reason is told.
    pub fn broke(&mut self, cause: GapCause) {
        // Before the first piece there is nothing to miss.
        if self.expected_ns.is_some() {
            self.broken.get_or_insert(cause);
        }
    }

    /// A piece of `samples` a channel, the first of which was captured at `begins_ns` of a clock
    /// that only goes forward. Gives the hole before it.
    pub fn piece(&mut self, begins_ns: u64, samples: u64) -> Option<Gap> {
        let late = self.expected_ns.map_or(0, |expected| begins_ns.saturating_sub(expected));
        self.expected_ns = Some(begins_ns.saturating_add(self.nanos(samples)));
        let broken = self.broken.take();
        let dropped = std::mem::take(&mut self.dropped);
        let lost = match broken {
            Some(_) => self.samples(late),
            None if late > JITTER_NS => self.samples(late),
            None => 0,
        };
        let cause = match (broken, dropped, lost) {
            (Some(cause), ..) => cause,
            (None, 0, 0) => return None,
            (None, 0, _) => GapCause::Unexplained,
            (None, ..) => GapCause::QueueFull,
        };
        Some(Gap { missing: lost.saturating_add(dropped), cause })
    }

    /// The piece that was just counted could not be handed on: it is missing too, with the hole
    /// before it.
    pub fn drop_piece(&mut self, samples: u64, gap_before: Option<Gap>) {
        let before = gap_before.map_or(0, |gap| gap.missing);
        self.dropped = self.dropped.saturating_add(samples).saturating_add(before);
    }

    /// Samples that are known to be missing and were not told of, for the end of a recording.
    pub fn untold(&mut self) -> Option<Gap> {
        let missing = std::mem::take(&mut self.dropped);
        (missing > 0).then_some(Gap { missing, cause: GapCause::QueueFull })
    }

    fn samples(&self, nanos: u64) -> u64 {
        let samples = (u128::from(nanos) * u128::from(self.rate) + NANOS / 2) / NANOS;
        u64::try_from(samples).unwrap_or(u64::MAX)
    }

    fn nanos(&self, samples: u64) -> u64 {
        let nanos = u128::from(samples) * NANOS / u128::from(self.rate);
        u64::try_from(nanos).unwrap_or(u64::MAX)
    }
}

const NANOS: u128 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;
    /// A piece of 20 ms at 48 kHz.
    const PIECE: u64 = 960;

    fn gap(missing: u64, cause: GapCause) -> Option<Gap> {
        Some(Gap { missing, cause })
    }

    #[test]
    fn pieces_that_follow_each_other_have_no_gap_between_them() {
        let mut meter = GapMeter::new(48_000);
        for at in 0..10_000 {
            // Times waver by some milliseconds, and the card's clock is 100 ppm slow.
            let waver = (at % 7) * MS;
            assert_eq!(meter.piece(5 * MS + at * 20 * MS + at * 2_000 + waver, PIECE), None);
        }
    }

    #[test]
    fn a_hole_is_counted_to_the_sample() {
        let mut meter = GapMeter::new(48_000);
        assert_eq!(meter.piece(0, PIECE), None);
        // 100 ms and one sample late.
        let next = 120 * MS + 20_833;
        assert_eq!(meter.piece(next, PIECE), gap(4801, GapCause::Unexplained));
        assert_eq!(meter.piece(next + 20 * MS, PIECE), None);
    }

    #[test]
    fn an_overrun_is_marked_however_short() {
        let mut meter = GapMeter::new(48_000);
        assert_eq!(meter.piece(0, PIECE), None);
        meter.broke(GapCause::Overrun);
        meter.broke(GapCause::Reopened);
        assert_eq!(meter.piece(25 * MS, PIECE), gap(240, GapCause::Overrun));
        meter.broke(GapCause::Overrun);
        assert_eq!(meter.piece(44 * MS, PIECE), gap(0, GapCause::Overrun));
    }

    #[test]
    fn a_stream_that_is_opened_again_misses_what_passed_meanwhile() {
        let mut meter = GapMeter::new(44_100);
        meter.broke(GapCause::Reopened);
        assert_eq!(meter.piece(0, 441), None);
        meter.broke(GapCause::Reopened);
        assert_eq!(meter.piece(1_010 * MS, 441), gap(44_100, GapCause::Reopened));
    }

    #[test]
    fn what_a_slow_listener_misses_is_counted_exactly() {
        let mut meter = GapMeter::new(48_000);
        assert_eq!(meter.piece(0, PIECE), None);
        for at in 1..4 {
            let before = meter.piece(at * 20 * MS, PIECE);
            meter.drop_piece(PIECE, before);
        }
        assert_eq!(meter.piece(80 * MS, PIECE), gap(3 * PIECE, GapCause::QueueFull));
        assert_eq!(meter.untold(), None);
    }

    #[test]
    fn a_gap_before_a_dropped_piece_is_not_lost_with_it() {
        let mut meter = GapMeter::new(48_000);
        assert_eq!(meter.piece(0, PIECE), None);
        meter.broke(GapCause::Overrun);
        let before = meter.piece(120 * MS, PIECE);
        assert_eq!(before, gap(4800, GapCause::Overrun));
        meter.drop_piece(PIECE, before);
        assert_eq!(meter.untold(), gap(4800 + PIECE, GapCause::QueueFull));
        assert_eq!(meter.untold(), None);
    }

    #[test]
    fn no_time_is_too_long() {
        let mut meter = GapMeter::new(0);
        assert_eq!(meter.piece(0, u64::MAX), None);
        assert_eq!(meter.piece(u64::MAX, u64::MAX), None);
        meter.broke(GapCause::Overrun);
        assert_eq!(meter.piece(u64::MAX, 1), gap(0, GapCause::Overrun));
    }
}
