//! The rules of the rate for one viewer, fed from webrtcbin's threads, and the encoders that follow them.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use gst::prelude::*;
use rate_control::{Controller, Input, MOST, Retransmission, Shares, Standing, shares};

use crate::{encoder::VideoEncoder, fan_out::FanOut, scene::Scene};

/// A pace that was found wrong must not hold a packet longer.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

pub(crate) struct Pilot {
    /// The one by which webrtcbin times what it sends.
    clock: gst::Clock,
    controller: Mutex<Controller>,
    /// Knows whether the room shares the viewer's way with what is examined.
    fan_out: Arc<FanOut>,
    /// Of the viewer's pictures. Each knows whether this pilot decides for it.
    encoders: Vec<Weak<VideoEncoder>>,
    /// When the next packet may leave, whichever picture it is of.
    next: Mutex<Instant>,
}

impl Pilot {
    pub(crate) fn new<'a>(
        fan_out: &Arc<FanOut>,
        encoders: impl IntoIterator<Item = &'a Arc<VideoEncoder>>,
    ) -> Self {
        Self {
            clock: gst::SystemClock::obtain(),
            controller: Mutex::new(Controller::new(MOST)),
            fan_out: Arc::clone(fan_out),
            encoders: encoders.into_iter().map(Arc::downgrade).collect(),
            next: Mutex::new(Instant::now()),
        }
    }

    /// The connection stands now. It goes on at the rate that the one before it had found, if there was one.
    pub(crate) fn begin(self: &Arc<Self>, before: Option<&Self>) {
        let rate = before.map_or(MOST, |before| before.controller().standing().rate);
        *self.controller() = Controller::new(rate);
        for encoder in self.encoders() {
            encoder.steered_by(self);
        }
    }

    /// The viewer is gone.
    pub(crate) fn end(self: &Arc<Self>) {
        for encoder in self.encoders() {
            encoder.steered_no_more_by(self);
        }
    }

    pub(crate) fn handle(self: &Arc<Self>, input: Input<'_>) {
        let now = self.now();
        let wants = self.controller().handle(input, now);
        for encoder in self.encoders() {
            encoder.follow(self, wants);
        }
    }

    /// For how long the browser has not answered what was sent.
    pub(crate) fn silence(&self) -> Duration {
        let now = self.now();
        self.controller().silence(now)
    }

    /// What the encoder of this picture is to make.
    pub(crate) fn standing(&self, scene: Scene) -> Standing {
        let whole = self.controller().standing();
        if !self.fan_out.is_examined() {
            return whole;
        }
        let Shares { examined, room } = shares(whole);
        match scene {
            Scene::Room => room,
            Scene::Exam => examined,
        }
    }

    /// Holds this thread until a packet of so many bytes may follow the one before it.
    pub(crate) fn wait_for_turn(&self, bytes: u32) {
        let pace = self.controller().pace().filter(|pace| *pace > 0);
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let Some(pace) = pace else {
            *next = now;
            return;
        };
        let wait = next.saturating_duration_since(now).min(LONGEST_WAIT);
        let own = Duration::from_micros(u64::from(bytes) * 8_000_000 / u64::from(pace));
        *next = now + wait + own;
        drop(next);
        std::thread::sleep(wait);
    }

    /// Whether packets go one by one, because the network takes its time for each.
    pub(crate) fn is_paced(&self) -> bool {
        self.controller().pace().is_some()
    }

    /// Whether each packet goes twice.
    pub(crate) fn repeats(&self) -> bool {
        self.controller().repeats()
    }

    /// How long the browser is to hold each picture.
    pub(crate) fn hold(&self) -> Duration {
        self.controller().hold()
    }

    /// By SSRC and sequence number of RTP.
    pub(crate) fn retransmission(&self, ssrc: u32, rtp: u16) -> Retransmission {
        self.controller().retransmission(ssrc, rtp)
    }

    fn encoders(&self) -> impl Iterator<Item = Arc<VideoEncoder>> {
        self.encoders.iter().filter_map(Weak::upgrade)
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.clock.time().nseconds())
    }

    fn controller(&self) -> MutexGuard<'_, Controller> {
        self.controller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
