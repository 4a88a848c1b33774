//! What is known of the way to the viewer: how much it carries, how long things wait, whether too much was sent.

use std::time::Duration;

use crate::{
    arrivals::{Arrivals, Report},
    jitter::Jitter,
    outstanding::Outstanding,
};

/// A queue that is heard as delay by nobody, and is more than the jitter of a quiet link.
const QUEUE_FULL: Duration = Duration::from_millis(60);
/// Above this what arrives is what the link can carry; below it is only what was sent, and a
/// rate cut by it again and again ends at nothing.
const QUEUE_LIMITS: Duration = Duration::from_millis(40);
/// Loss without any queue is the radio's, and a lower rate does not cure it.
const QUEUE_WITH_LOSS: Duration = Duration::from_millis(20);
/// Below this rate (bit/s) browsers stretch their reports to 250 ms, and those wait in the queue too.
const SLOW: u32 = 800_000;
/// So much may still wait when sending begins anew: the link must not idle.
const SLACK: Duration = Duration::from_millis(45);
/// Bits of the largest packet. Its own time on a slow link is no queue.
const PACKET: u64 = 10_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    arrivals: Arrivals,
    /// Of what was sent before the last pause.
    before: Arrivals,
    outstanding: Outstanding,
    jitter: Jitter,
    heard_at: Option<Duration>,
    /// The shortest time from sending to the report of it.
    round_trip: Option<Duration>,
    /// How long the newest report took. It may have waited in a queue itself.
    report_took: Duration,
    /// What was sent before is not judged any more: it was judged when the pause began.
    since: Duration,
}

impl Link {
    pub(crate) fn sent(&mut self, bytes: u32, now: Duration) {
        self.outstanding.sent(bytes, now);
    }

    pub(crate) fn heard(&mut self, reports: &[Report], now: Duration) {
        self.heard_at = Some(now);
        for report in reports {
            self.outstanding.answered(report.sent);
            self.jitter.add(*report);
            if report.sent < self.since {
                self.before.add(*report, now);
                continue;
            }
            self.arrivals.add(*report, now);
        }
        if let Some(newest) = reports.iter().map(|report| report.sent).max() {
            let took = now.saturating_sub(newest);
            self.round_trip = Some(self.round_trip.map_or(took, |least| least.min(took)));
            self.report_took = took;
        }
    }

    /// Sending begins anew after a pause. What still waits then, when everything was answered, waits for others' packets or
    /// on a longer way: a queue of ours it is not.
    pub(crate) fn begin(&mut self, now: Duration) {
        self.before = self.arrivals.begin_anew();
        if self.is_empty() {
            self.arrivals.forget_shortest_way();
        }
        self.since = now;
    }

    /// Bit/s that it carries; `None` while nothing queues, because then all arrives that is sent. `rate` in bit/s.
    pub(crate) fn carries(&self, rate: u32) -> Option<u32> {
        // A short queue never stands higher; what it drops shows that it is full.
        let limit = if self.loses_much() { QUEUE_WITH_LOSS } else { QUEUE_LIMITS };
        let limit = limit + self.uneven(rate);
        let now = self.arrivals.rate_while_queued(limit);
        // What comes late of the time before the pause tells it too, while nothing of after it has arrived.
        let late = || self.before.rate_while_queued(limit);
        now.or_else(|| if self.arrivals.queued().is_none() { late() } else { None })
    }

    pub(crate) fn is_quiet(&self, rate: u32) -> bool {
        let queued = self.arrivals.queued();
        !self.loses_much() && queued.is_some_and(|queued| queued < QUEUE_LIMITS + self.uneven(rate))
    }

    /// So much is lost that asking for it again would fill the link.
    pub(crate) fn loses_much(&self) -> bool {
        self.arrivals.loses_much()
    }

    pub(crate) fn lost_of_a_hundred(&self) -> u32 {
        self.arrivals.lost_of_a_hundred()
    }

    pub(crate) fn round_trip(&self) -> Duration {
        self.round_trip.unwrap_or_default()
    }

    /// More was sent than it carries.
    pub(crate) fn is_overloaded(&self, rate: u32, now: Duration) -> bool {
        let queued = self.arrivals.queued().unwrap_or_default();
        let longest = self.arrivals.longest_wait().unwrap_or_default();
        queued > QUEUE_FULL + self.uneven(rate)
            || (self.loses_much() && longest > QUEUE_WITH_LOSS)
            || self.is_silent(rate, now)
    }

    /// Everything that was sent is answered.
    pub(crate) fn is_empty(&self) -> bool {
        self.outstanding.is_empty(SLACK)
    }

    /// What is on its way has left the queue, at `carries` bit/s since the last report.
    pub(crate) fn is_drained(&self, carries: u32, now: Duration) -> bool {
        let Some(heard) = self.heard_at else { return false };
        let left = self.outstanding.bytes() * 8_000_000 / u64::from(carries.max(1));
        now.saturating_sub(heard) + SLACK >= Duration::from_micros(left)
    }

    /// For how long something has been on its way and nothing was heard. Of a browser that never reports, nothing can be said.
    pub(crate) fn silence(&self, now: Duration) -> Duration {
        let (Some(heard), Some(oldest)) = (self.heard_at, self.outstanding.oldest()) else {
            return Duration::ZERO;
        };
        now.saturating_sub(heard.max(oldest))
    }

    /// Sent, and not answered for longer than answers take.
    fn is_silent(&self, rate: u32, now: Duration) -> bool {
        let Some(heard) = self.heard_at else { return false };
        if self.is_empty() {
            return false;
        }
        let (age, silence) = if rate < SLOW { (650, 550) } else { (300, 250) };
        let newest = self.outstanding.newest_answered().unwrap_or_default().max(self.since);
        let over = |since: Duration, ms| {
            now.saturating_sub(since)
                > Duration::from_millis(ms) + self.round_trip().max(self.report_took)
        };
        over(newest, age) || over(heard.max(self.since), silence)
    }

    /// How long a packet takes without any queue: its own time, and what the network makes of it.
    fn uneven(&self, rate: u32) -> Duration {
        let own = Duration::from_micros(PACKET * 1_000_000 / u64::from(rate.max(1)));
        own + self.jitter.mean()
    }

    /// How long a browser is to hold pictures so that they are shown evenly.
    pub(crate) fn hold(&self) -> Duration {
        self.jitter.hold()
    }
}
