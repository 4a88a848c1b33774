//! From the sound card's thread to the listener: never waits, marks what it has to drop.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    mpsc::{SyncSender, TrySendError},
};

use devices::sound::{Gap, GapCause, GapMeter};

use super::{Format, Piece, SoundEvent};

/// Pieces of some 20 ms: five seconds. A disk that is slower than that is broken; a listener on the
/// network has to drop by itself long before.
pub(super) const PIECES: usize = 256;

/// One listener, over all times that the card was opened.
pub(super) struct Feed {
    events: SyncSender<SoundEvent>,
    state: Mutex<State>,
}

struct State {
    format: Format,
    meter: GapMeter,
    pieces: u64,
    overruns: u64,
}

impl Feed {
    pub(super) fn new(events: SyncSender<SoundEvent>, format: Format) -> Self {
        let meter = GapMeter::new(format.rate);
        Self { events, state: Mutex::new(State { format, meter, pieces: 0, overruns: 0 }) }
    }

    /// Called by the sound card's thread. `begins_ns`: when the first sample was captured, by a
    /// clock that only goes forward.
    pub(super) fn piece(&self, begins_ns: u64, bytes: &[u8]) {
        let mut state = self.state();
        let whole = bytes.len() - bytes.len() % state.format.frame().max(1);
        let samples = u64::try_from(whole / state.format.frame().max(1)).unwrap_or(u64::MAX);
        state.pieces += 1;
        let gap = state.meter.piece(begins_ns, samples);
        let piece = SoundEvent::Piece(Piece { gap, bytes: bytes[..whole].to_vec() });
        match self.events.try_send(piece) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                state.meter.drop_piece(samples, gap);
            }
        }
    }

    pub(super) fn broke(&self, cause: GapCause) {
        let mut state = self.state();
        if cause == GapCause::Overrun {
            state.overruns += 1;
            tracing::warn!(overruns = state.overruns, "The sound card's buffer ran over");
        }
        state.meter.broke(cause);
    }

    /// The card is open again. The clock of what is missing goes on, at the new rate.
    pub(super) fn reopened(&self, format: Format) {
        let mut state = self.state();
        state.meter.broke(GapCause::Reopened);
        state.meter.set_rate(format.rate);
        state.format = format;
    }

    /// Pieces that have come so far, which shows that the card is alive.
    pub(super) fn pieces(&self) -> u64 {
        self.state().pieces
    }

    pub(super) fn overruns(&self) -> u64 {
        self.state().overruns
    }

    /// What was dropped and is told by no piece.
    pub(super) fn untold(&self) -> Option<Gap> {
        self.state().meter.untold()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Counters, each of them written at once.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;
    use crate::sound::Sample;

    const MONO: Format = Format { rate: 48_000, channels: 1, sample: Sample::S16 };
    /// 20 ms.
    const BYTES: [u8; 1920] = [0; 1920];
    const PIECE_NS: u64 = 20_000_000;

    fn feed(bound: usize) -> (Feed, Receiver<SoundEvent>) {
        let (events, told) = sync_channel(bound);
        (Feed::new(events, MONO), told)
    }

    fn next(told: &Receiver<SoundEvent>) -> (Option<Gap>, usize) {
        match told.try_recv() {
            Ok(SoundEvent::Piece(piece)) => (piece.gap, piece.bytes.len()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_listener_that_is_too_slow_is_told_what_it_missed() {
        let (feed, told) = feed(2);
        for at in 0..5 {
            feed.piece(at * PIECE_NS, &BYTES);
        }
        assert_eq!([next(&told), next(&told)], [(None, 1920), (None, 1920)]);
        feed.piece(5 * PIECE_NS, &BYTES);
        let gap = Gap { missing: 3 * 960, cause: GapCause::QueueFull };
        assert_eq!(next(&told), (Some(gap), 1920));
        assert_eq!((feed.untold(), feed.pieces()), (None, 6));
    }

    #[test]
    fn what_is_dropped_at_the_end_is_told_at_the_end() {
        let (feed, _told) = feed(1);
        feed.piece(0, &BYTES);
        feed.piece(PIECE_NS, &BYTES);
        assert_eq!(feed.untold(), Some(Gap { missing: 960, cause: GapCause::QueueFull }));
    }

    #[test]
    fn a_card_that_comes_back_at_another_rate_is_measured_at_that_rate() {
        let (feed, told) = feed(8);
        feed.piece(0, &BYTES);
        feed.reopened(Format { rate: 8_000, channels: 2, ..MONO });
        feed.piece(1_020_000_000, &[0; 642]);
        assert_eq!(next(&told), (None, 1920));
        // The two bytes too many are no frame.
        let gap = Gap { missing: 8_000, cause: GapCause::Reopened };
        assert_eq!(next(&told), (Some(gap), 640));
    }

    #[test]
    fn overruns_are_counted() {
        let (feed, told) = feed(8);
        feed.piece(0, &BYTES);
        feed.broke(GapCause::Overrun);
        feed.piece(30_000_000, &BYTES);
        assert_eq!(next(&told).0, None);
        assert_eq!(next(&told).0, Some(Gap { missing: 480, cause: GapCause::Overrun }));
        assert_eq!(feed.overruns(), 1);
    }
}
