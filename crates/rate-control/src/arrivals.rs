//! What arrived at the viewer lately, and how long it waited in a queue on the way.

use std::{collections::VecDeque, time::Duration};

/// What the viewer's browser says of one packet (transport-wide congestion control,
/// draft-holmer-rmcat-transport-wide-cc-extensions-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// When it was sent, by the sender's steady clock.
    pub sent: Duration,
    /// When it arrived, by the viewer's own clock; `None` when it was lost.
    pub received: Option<Duration>,
    /// Bytes.
    pub size: u32,
}

/// Long enough for some packets at 200 kb/s, short enough to see a link that narrows.
const WINDOW: Duration = Duration::from_millis(300);
/// A window of 300 ms at 20 Mb/s; a report cannot make the memory grow beyond it.
const MOST_REPORTS: usize = 1024;
/// Packets; of one picture at a low rate there are no more.
const FEW: usize = 3;
/// Shorter says nothing about a rate.
const SHORTEST_SPAN: Duration = Duration::from_millis(40);
/// What packets wait for on a network that nobody fills.
const NO_QUEUE: Duration = Duration::from_millis(15);
/// Fewer lost packets in a window are chance.
const FEW_LOST: u32 = 3;
/// Of a hundred.
const MUCH_LOST: u32 = 10;
/// Packets: some seconds of a picture.
const USUAL_OF: u32 = 512;
/// Two clocks drift apart by some 50 ppm: 1.5 ms in this time. The shortest way is looked for anew.
const SHORTEST_WAY_FOR: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals {
    reports: VecDeque<Report>,
    /// Difference of the two clocks plus the way, in microseconds: this period's least and the last one's.
    least: Option<i128>,
    least_before: Option<i128>,
    period_began: Duration,
    usual: UsualLoss,
}

/// Of the last few hundred packets: what a radio loses without being full.
#[derive(Clone, Copy, Debug, Default)]
struct UsualLoss {
    lost: u32,
    all: u32,
}

impl Arrivals {
    pub(crate) fn add(&mut self, report: Report, now: Duration) {
        if now.saturating_sub(self.period_began) >= SHORTEST_WAY_FOR {
            self.least_before = self.least.take();
            self.period_began = now;
        }
        if let Some(way) = way(&report) {
            self.least = Some(self.least.map_or(way, |least| least.min(way)));
        }
        // What is lost while others wait is lost to a full queue.
        if self.waits().take(FEW).all(|(_, wait)| wait < NO_QUEUE) {
            self.usual.count(report.received.is_none());
        }
        if self.reports.len() == MOST_REPORTS {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
    }

    /// The same clocks and the same way, and no packets yet.
    pub(crate) fn begin_anew(&mut self) -> Self {
        let fresh = Self { reports: VecDeque::new(), ..self.clone() };
        std::mem::replace(self, fresh)
    }

    /// Of the last few hundred packets, at most ten in a hundred.
    pub(crate) fn lost_of_a_hundred(&self) -> u32 {
        self.usual.percent()
    }

    /// The way may have become another.
    pub(crate) fn forget_shortest_way(&mut self) {
        self.least = None;
        self.least_before = None;
    }

    /// How long packets waited in a queue lately: the least of the newest few, so that one that came late by jitter is none.
    pub(crate) fn queued(&self) -> Option<Duration> {
        self.waits().take(FEW).map(|(_, wait)| wait).min()
    }

    /// The longest that one of the newest few waited: a short queue is full and empty again within a picture.
    pub(crate) fn longest_wait(&self) -> Option<Duration> {
        self.waits().take(FEW).map(|(_, wait)| wait).max()
    }

    /// Bit/s that arrived since every packet waited longer than `limit`: what the link carries. `None` while too few did.
    pub(crate) fn rate_while_queued(&self, limit: Duration) -> Option<u32> {
        let mut waiting =
            self.waits().take_while(|(_, wait)| *wait > limit).map(|(report, _)| report);
        let newest = waiting.next()?;
        let end = newest.received?;
        let (mut bytes, mut begin, mut before) = (0, end, newest);
        // The oldest one's own time on the link lies before the span, so it does not count.
        for report in waiting {
            let at = report.received?;
            if end.saturating_sub(at) > WINDOW {
                break;
            }
            bytes += u64::from(before.size);
            (begin, before) = (at.min(begin), report);
        }
        let span = end.saturating_sub(begin);
        let micros = u64::try_from(span.as_micros()).ok().filter(|_| span >= SHORTEST_SPAN)?;
        u32::try_from((bytes * 8_000_000).checked_div(micros)?).ok()
    }

    /// Far more is lost in the last window than a radio loses by itself, and not by chance.
    pub(crate) fn loses_much(&self) -> bool {
        let Some(newest) = self.reports.iter().map(|report| report.sent).max() else {
            return false;
        };
        let recent =
            self.reports.iter().filter(|report| newest.saturating_sub(report.sent) <= WINDOW);
        let (lost, all) = recent.fold((0, 0), |(lost, all), report| {
            (lost + u32::from(report.received.is_none()), all + 1)
        });
        lost >= FEW_LOST && lost * 100 > all * (MUCH_LOST + 2 * self.usual.percent())
    }
}

impl UsualLoss {
    fn count(&mut self, lost: bool) {
        if self.all == USUAL_OF {
            *self = Self { lost: self.lost / 2, all: self.all / 2 };
        }
        self.all += 1;
        self.lost += u32::from(lost);
    }

    /// A link that is full for long must not pass for one that loses by itself, so there is a most.
    fn percent(self) -> u32 {
        (self.lost * 100 / self.all.max(1)).min(10)
    }
}

impl Arrivals {
    /// What arrived and how long it waited, newest first.
    fn waits(&self) -> impl Iterator<Item = (&Report, Duration)> {
        let least = match (self.least, self.least_before) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.reports.iter().rev().filter_map(move |report| {
            let wait = u64::try_from(way(report)? - least?).ok()?;
            Some((report, Duration::from_micros(wait)))
        })
    }
}

/// From one clock to the other; only differences of it mean anything. In microseconds.
fn way(report: &Report) -> Option<i128> {
    let received = i128::try_from(report.received?.as_micros()).ok()?;
    Some(received - i128::try_from(report.sent.as_micros()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of 1,000 bytes every 10 ms, each waiting as long as that.
    fn after(waits_ms: &[u64]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for (number, wait) in waits_ms.iter().enumerate() {
            let sent = Duration::from_millis(10 * number as u64);
            let received = Some(sent + Duration::from_millis(5_000 + wait));
            arrivals.add(Report { sent, received, size: 1_000 }, sent);
        }
        arrivals
    }

    #[test]
    fn a_packet_that_comes_late_alone_is_no_queue() {
        let ms = Duration::from_millis;
        for (waits, queued) in [
            (&[0, 0, 0, 90][..], Some(0)),
            (&[0, 20, 40, 60], Some(20)),
            (&[0, 90, 80, 90, 85], Some(80)),
            (&[], None),
        ] {
            assert_eq!(after(waits).queued(), queued.map(ms), "{waits:?}");
        }
    }

    #[test]
    fn a_rate_is_what_arrives_while_a_queue_stands() {
        let limit = Duration::from_millis(40);
        // From 50 ms on, packets that were sent every 10 ms arrive every 20.
        let queue: Vec<u64> = (0..20).map(|number| number * 10).collect();
        assert_eq!(after(&queue).rate_while_queued(limit), Some(400_000));
        // What was there before the queue counts for nothing.
        let late: Vec<u64> = [vec![0; 30], queue].concat();
        assert_eq!(after(&late).rate_while_queued(limit), Some(400_000));
        assert_eq!(after(&[0; 40]).rate_while_queued(limit), None);
        assert_eq!(after(&[0, 50, 60]).rate_while_queued(limit), None);
    }

    #[test]
    fn clocks_that_drift_apart_are_no_queue() {
        let mut arrivals = Arrivals::default();
        for ms in (0..200_000).step_by(20) {
            let sent = Duration::from_millis(ms);
            let received = Some(sent + sent / 10_000);
            arrivals.add(Report { sent, received, size: 1_000 }, sent);
        }
        assert!(arrivals.queued() < Some(Duration::from_millis(7)));
    }
}
