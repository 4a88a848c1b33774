//! The rules of the rate for one viewer, fed from webrtcbin's threads.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use gst::prelude::*;
use rate_control::{Controller, Input, MOST, Retransmission, Standing, WantsIdr};

pub(crate) struct Pilot {
    /// The one by which webrtcbin times what it sends.
    clock: gst::Clock,
    controller: Mutex<Controller>,
}

impl Pilot {
    pub(crate) fn new() -> Self {
        let controller = Mutex::new(Controller::new(MOST));
        Self { clock: gst::SystemClock::obtain(), controller }
    }

    /// The connection stands now; the one before it had found this rate (bit/s).
    pub(crate) fn begin(&self, rate: u32) {
        *self.controller() = Controller::new(rate);
    }

    pub(crate) fn handle(&self, input: Input<'_>) -> WantsIdr {
        let now = self.now();
        self.controller().handle(input, now)
    }

    /// For how long the browser has not answered what was sent.
    pub(crate) fn silence(&self) -> Duration {
        let now = self.now();
        self.controller().silence(now)
    }

    pub(crate) fn standing(&self) -> Standing {
        self.controller().standing()
    }

    /// Bit/s at which packets follow each other; `None`: at once.
    pub(crate) fn pace(&self) -> Option<u32> {
        self.controller().pace()
    }

    /// Whether each packet goes twice.
    pub(crate) fn repeats(&self) -> bool {
        self.controller().repeats()
    }

    /// How long the browser is to hold each picture.
    pub(crate) fn hold(&self) -> Duration {
        self.controller().hold()
    }

    pub(crate) fn retransmission(&self, rtp: u16) -> Retransmission {
        self.controller().retransmission(rtp)
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.clock.time().nseconds())
    }

    fn controller(&self) -> MutexGuard<'_, Controller> {
        self.controller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
