//! Keeps one card open: a thread that opens it, watches that sound comes, and opens it again.

use std::{
    sync::{
        Arc,
        mpsc::{
            Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, channel, sync_channel,
        },
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use cpal::{
    ErrorKind,
    traits::{DeviceTrait as _, StreamTrait as _},
};
use devices::sound::{Gap, GapCause};

use super::{
    Format, Lost, SoundEvent,
    feed::{Feed, PIECES},
    open::{Card, OpenCardError},
};

/// Without a piece for so long the stream is dead, whatever ALSA says of it.
const ALIVE: Duration = Duration::from_millis(500);
/// How often a card that is away is looked for.
const LOOK: Duration = Duration::from_millis(500);
/// ALSA and USB need a moment before the first piece.
const START: Duration = Duration::from_secs(2);
/// How often a full queue is looked at.
const ROOM: Duration = Duration::from_millis(50);

/// Listens for as long as this exists.
pub struct Capture {
    stop: Option<Sender<Told>>,
    thread: Option<JoinHandle<Ended>>,
}

/// What is only known at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Dropped after the last piece that was taken.
    pub untold: Option<Gap>,
    /// How often the card's buffer ran over.
    pub overruns: u64,
}

/// What the card's thread tells the one that watches it.
enum Told {
    Failed(cpal::Error),
    Stop,
}

impl Capture {
    /// `card`: its ALSA id, as [`super::cards`] gives it. The events are bounded: of what the
    /// listener is too slow for, the number of samples is told.
    ///
    /// # Panics
    /// When the system has no thread left, as [`std::thread::spawn`] does.
    pub fn open(card: &str) -> (Self, Receiver<SoundEvent>) {
        let (events, listener) = sync_channel(PIECES);
        let (stop, told) = channel();
        let keeper = Keeper {
            card: card.to_owned(),
            events,
            told,
            tell: stop.clone(),
            zero: Instant::now(),
            feed: None,
        };
        let thread = std::thread::spawn(move || keeper.run());
        (Self { stop: Some(stop), thread: Some(thread) }, listener)
    }

    /// Closes the card.
    pub fn end(mut self) -> Ended {
        self.close()
    }

    fn close(&mut self) -> Ended {
        if let Some(stop) = self.stop.take() {
            // A thread that has ended has nothing to stop.
            drop(stop.send(Told::Stop));
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            Some(Err(_)) => {
                tracing::error!("The thread of a sound card has panicked");
                Ended::default()
            }
            None => Ended::default(),
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.close();
    }
}

struct Keeper {
    card: String,
    events: SyncSender<SoundEvent>,
    told: Receiver<Told>,
    tell: Sender<Told>,
    /// Of the clock that pieces are timed by, over all times that the card is opened.
    zero: Instant,
    feed: Option<Arc<Feed>>,
}

/// Somebody asked to stop, or nobody listens.
struct Over;

impl Keeper {
    fn run(mut self) -> Ended {
        let mut told = None;
        loop {
            let over = match self.once() {
                Ok(lost) => {
                    told = None;
                    self.say(SoundEvent::Lost(lost))
                }
                Err(Closed::Over) => Err(Over),
                Err(Closed::NotOpen(error)) => {
                    let words = error.to_string();
                    let is_news = told.as_ref() != Some(&words);
                    told = Some(words);
                    if is_news { self.say(SoundEvent::Lost(Lost::NotOpen(error))) } else { Ok(()) }
                }
            };
            if over.is_err() || self.wait(LOOK).is_err() {
                break;
            }
        }
        let feed = self.feed.as_ref();
        feed.map_or_else(Ended::default, |feed| Ended {
            untold: feed.untold(),
            overruns: feed.overruns(),
        })
    }

    /// Opens the card and stays until it is lost.
    fn once(&mut self) -> Result<Lost, Closed> {
        let card = Card::find(&self.card)?;
        let feed = self.feed_for(card.format);
        let stream = self.stream(&card, &feed)?;
        stream.play().map_err(|error| Card::error(&self.card, error))?;
        self.say(SoundEvent::Open(card.format))?;
        let lost = self.stay(&feed);
        // The holes of a stream that is no more are those of its loss.
        feed.broke(GapCause::Reopened);
        drop(stream);
        lost
    }

    fn feed_for(&mut self, format: Format) -> Arc<Feed> {
        let events = &self.events;
        match &self.feed {
            Some(feed) => {
                feed.reopened(format);
                Arc::clone(feed)
            }
            None => Arc::clone(self.feed.insert(Arc::new(Feed::new(events.clone(), format)))),
        }
    }

    fn stream(&self, card: &Card, feed: &Arc<Feed>) -> Result<cpal::Stream, OpenCardError> {
        let (config, sample) = card.config();
        let (zero, heard) = (self.zero, Arc::clone(feed));
        let data = move |data: &cpal::Data, info: &cpal::InputCallbackInfo| {
            // Both times are of ALSA's clock, which begins anew with each stream. Their difference
            // is how long the first sample waited, and that is true in every clock.
            let times = info.timestamp();
            let waited = times.callback.saturating_duration_since(times.capture);
            let begins = zero.elapsed().saturating_sub(waited);
            heard.piece(u64::try_from(begins.as_nanos()).unwrap_or(u64::MAX), data.bytes());
        };
        let (tell, broken) = (self.tell.clone(), Arc::clone(feed));
        let failed = move |error: cpal::Error| match error.kind() {
            // The stream goes on by itself.
            ErrorKind::Xrun => broken.broke(GapCause::Overrun),
            ErrorKind::RealtimeDenied => tracing::debug!("The sound card's thread has no priority"),
            _ => drop(tell.send(Told::Failed(error))),
        };
        card.device
            .build_input_stream_raw(config, sample, data, failed, Some(ALIVE))
            .map_err(|error| Card::error(&self.card, error))
    }

    /// Until nothing comes any more.
    fn stay(&self, feed: &Feed) -> Result<Lost, Closed> {
        let mut patience = START;
        let mut before = feed.pieces();
        loop {
            match self.told.recv_timeout(patience) {
                Ok(Told::Failed(error)) => return Ok(Lost::Failed(error.to_string())),
                Ok(Told::Stop) | Err(RecvTimeoutError::Disconnected) => return Err(Closed::Over),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = feed.pieces();
            if now == before {
                return Ok(Lost::Silent);
            }
            (before, patience) = (now, ALIVE);
        }
    }

    fn wait(&self, time: Duration) -> Result<(), Over> {
        let until = Instant::now() + time;
        loop {
            match self.told.recv_timeout(until.saturating_duration_since(Instant::now())) {
                // Of a stream that is closed.
                Ok(Told::Failed(_)) => {}
                Ok(Told::Stop) | Err(RecvTimeoutError::Disconnected) => return Err(Over),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
            }
        }
    }

    /// Not from the card's thread, so it may wait for the listener, but not for one that has gone or
    /// that waits for the end itself.
    fn say(&self, event: SoundEvent) -> Result<(), Over> {
        let mut event = event;
        loop {
            event = match self.events.try_send(event) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return Err(Over),
                Err(TrySendError::Full(event)) => event,
            };
            self.wait(ROOM)?;
        }
    }
}

enum Closed {
    NotOpen(OpenCardError),
    Over,
}

impl From<OpenCardError> for Closed {
    fn from(error: OpenCardError) -> Self {
        Self::NotOpen(error)
    }
}

impl From<Over> for Closed {
    fn from(Over: Over) -> Self {
        Self::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than a card is looked for.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_card_that_is_not_there_is_told_once_and_looked_for() {
        let (capture, listener) = Capture::open("NoSuchSteth");
        let first = listener.recv_timeout(PATIENCE);
        let away = |lost: &Lost| matches!(lost, Lost::NotOpen(OpenCardError::Away(_)));
        assert!(matches!(first, Ok(SoundEvent::Lost(lost)) if away(&lost)));
        assert!(listener.recv_timeout(2 * LOOK).is_err());
        assert_eq!(capture.end(), Ended::default());
    }

    #[test]
    fn the_end_waits_for_no_listener() {
        let (events, _listener) = sync_channel(0);
        let (tell, told) = channel();
        let feed = None;
        let keeper = Keeper {
            card: "NoSuchSteth".into(),
            events,
            told,
            tell: tell.clone(),
            zero: Instant::now(),
            feed,
        };
        let thread = std::thread::spawn(move || keeper.run());
        drop(Capture { stop: Some(tell), thread: Some(thread) });
    }
}
