//! Keeps one pipeline running: notices that it is lost, takes it down, and tries again.
//!
//! One thread for each, because opening or closing a broken device can take seconds and must hold
//! up nothing else. Knows nothing of what flows.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use gst::prelude::*;

use crate::pipeline::{BuildError, retire};

/// A cable that is plugged in again is found fast, a camera that is gone for good costs nothing.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A USB camera takes more than a second from opening to its first picture.
const FIRST_BEAT_WITHIN: Duration = Duration::from_secs(5);
const BEAT_WITHIN: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Errors come in a burst, and only the first one counts.
const WAITING_NEWS: usize = 4;

/// What a keeper keeps.
pub(crate) trait Kept: Send + Sync + 'static {
    fn what(&self) -> &'static str;
    /// A fresh pipeline; `pulse` is beaten by whatever shows that it works.
    fn build(&self, pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError>;
    /// Whether something must beat the pulse all the time: true for what captures.
    fn must_beat(&self) -> bool;
    /// Whether it is to run at all. While it is not, nothing is built, and nothing is lost.
    fn is_wanted(&self) -> bool {
        true
    }
    /// It is wanted no more, and its pipeline is gone.
    fn rested(&self) {}
    /// Whether an end of stream that comes after a beat is no loss: true for a recording.
    fn starts_over(&self) -> bool {
        false
    }
    /// It does not work. Told once for each loss.
    fn lost(&self);
    /// It works, first or again. Told once for each time.
    fn back(&self);
}

/// When something last came out of a pipeline.
#[derive(Default)]
pub(crate) struct Pulse {
    last: Mutex<Option<Instant>>,
}

impl Pulse {
    pub(crate) fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn last(&self) -> Option<Instant> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropping it takes the pipeline down and waits for that.
pub(crate) struct Keeper {
    stop: Arc<AtomicBool>,
    news: SyncSender<News>,
    thread: Option<JoinHandle<()>>,
}

enum News {
    Ended,
    Failed(String),
    Stop,
}

enum Ending {
    Stopped,
    StartOver,
    NotWanted,
    Lost(String),
}

impl Keeper {
    pub(crate) fn start(kept: Arc<impl Kept>) -> Result<Self, std::io::Error> {
        let stop = Arc::new(AtomicBool::new(false));
        let (news, inbox) = sync_channel(WAITING_NEWS);
        let mut watch = Watch {
            stop: Arc::clone(&stop),
            news: news.clone(),
            inbox,
            works: None,
            rests: true,
            kept,
        };
        let name = format!("media-{}", watch.kept.what());
        let thread = std::thread::Builder::new().name(name).spawn(move || watch.run())?;
        Ok(Self { stop, news, thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // A full inbox wakes the thread as well, and it looks at `stop` whenever it wakes.
        drop(self.news.try_send(News::Stop));
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("A keeper's thread had panicked");
        }
    }
}

struct Watch<K> {
    kept: Arc<K>,
    stop: Arc<AtomicBool>,
    news: SyncSender<News>,
    inbox: Receiver<News>,
    /// What was told last; `None` before anything was.
    works: Option<bool>,
    /// It is not wanted, and knows that its pipeline is gone.
    rests: bool,
}

impl<K: Kept> Watch<K> {
    fn run(&mut self) {
        let mut pause = FIRST_PAUSE;
        while !self.stopped() {
            if !self.kept.is_wanted() {
                pause = FIRST_PAUSE;
                self.rest();
                continue;
            }
            self.rests = false;
            match self.one_life() {
                Ending::Stopped => return,
                Ending::StartOver => pause = FIRST_PAUSE,
                // Seen above.
                Ending::NotWanted => {}
                Ending::Lost(reason) => {
                    if self.works == Some(true) {
                        pause = FIRST_PAUSE;
                    }
                    self.tell(false, &reason);
                    self.wait(pause, |kept| !kept.is_wanted());
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn rest(&mut self) {
        if !std::mem::replace(&mut self.rests, true) {
            self.works = None;
            self.kept.rested();
        }
        self.wait(LOOK_EVERY, |kept| kept.is_wanted());
    }

    /// From building the pipeline to its end.
    fn one_life(&mut self) -> Ending {
        let pulse = Arc::new(Pulse::default());
        let pipeline = match self.kept.build(&pulse) {
            Ok(pipeline) => pipeline,
            Err(error) => return Ending::Lost(explain(&error)),
        };
        self.listen(&pipeline);
        let ending = match pipeline.set_state(gst::State::Playing) {
            Ok(_) => self.watch(&pulse),
            Err(error) => Ending::Lost(self.failure().unwrap_or_else(|| error.to_string())),
        };
        retire(self.kept.what(), &pipeline);
        // What the old pipeline said while it went down is not about the next one.
        while self.inbox.try_recv().is_ok() {}
        ending
    }

    fn listen(&self, pipeline: &gst::Pipeline) {
        let news = self.news.clone();
        let Some(bus) = pipeline.bus() else { return };
        bus.set_sync_handler(move |_, message| {
            let told = match message.view() {
                gst::MessageView::Eos(_) => Some(News::Ended),
                gst::MessageView::Error(error) => Some(News::Failed(error.error().to_string())),
                _ => None,
            };
            // A full inbox already holds the reason.
            if let Some(told) = told {
                drop(news.try_send(told));
            }
            gst::BusSyncReply::Drop
        });
    }

    fn watch(&mut self, pulse: &Pulse) -> Ending {
        let started = Instant::now();
        loop {
            match self.inbox.recv_timeout(LOOK_EVERY) {
                Ok(News::Failed(reason)) => return Ending::Lost(reason),
                Ok(News::Ended) if self.kept.starts_over() && pulse.last().is_some() => {
                    return Ending::StartOver;
                }
                Ok(News::Ended) => return Ending::Lost("the stream ended".to_owned()),
                Ok(News::Stop) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ending::Stopped,
            }
            if self.stopped() {
                return Ending::Stopped;
            }
            if !self.kept.is_wanted() {
                return Ending::NotWanted;
            }
            if let Some(ending) = self.judge(pulse, started) {
                return ending;
            }
        }
    }

    fn judge(&mut self, pulse: &Pulse, started: Instant) -> Option<Ending> {
        if !self.kept.must_beat() {
            self.tell(true, "");
            return None;
        }
        let (quiet, patience) = match pulse.last() {
            Some(last) => (last.elapsed(), BEAT_WITHIN),
            None => (started.elapsed(), FIRST_BEAT_WITHIN),
        };
        if quiet > patience {
            return Some(Ending::Lost(format!("nothing came for {} ms", quiet.as_millis())));
        }
        if pulse.last().is_some() {
            self.tell(true, "");
        }
        None
    }

    fn tell(&mut self, works: bool, reason: &str) {
        if self.works == Some(works) {
            return;
        }
        self.works = Some(works);
        let what = self.kept.what();
        if works {
            tracing::info!(what, "Works");
            self.kept.back();
        } else {
            tracing::warn!(what, reason, "Lost; trying again");
            self.kept.lost();
        }
    }

    fn failure(&self) -> Option<String> {
        self.inbox.try_iter().find_map(|news| match news {
            News::Failed(reason) => Some(reason),
            News::Ended | News::Stop => None,
        })
    }

    /// Shorter when it is to stop, or when `over` says so.
    fn wait(&self, pause: Duration, over: impl Fn(&K) -> bool) {
        let until = Instant::now() + pause;
        while !self.stopped() && !over(&self.kept) && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now()).min(LOOK_EVERY);
            // What is left of a pipeline that is gone says nothing any more; a wish to stop is seen above.
            drop(self.inbox.recv_timeout(left));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// With its causes, for the log.
fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
