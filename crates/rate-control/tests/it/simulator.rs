//! A link, an encoder and a browser's reports, in steps of one millisecond; the same every time.
//!
//! The link serialises packets into a drop-tail queue, loses some at random, and delays the rest in
//! their order. The reports come back over the same delay, slower at low rates as Chromium's do.

#[path = "simulator/link.rs"]
mod link;

use std::{collections::VecDeque, time::Duration};

use rate_control::{Controller, Input, MOST, Report, Retransmission, Standing};

pub use link::Link;

const PACKET: u32 = 1_200;
const SSRC: u32 = 1;
/// RTP with its extensions, SRTP, UDP and IP.
const HEADERS: u32 = 68;
/// With its headers.
const REPORT: u32 = 120;
/// A browser asks again for a packet that is still missing.
const ASKS_AGAIN_AFTER: u64 = 100;
/// Then it asks for an IDR.
const GIVES_UP_AFTER: u64 = 500;

/// What was seen in one millisecond.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub standing: Standing,
    /// How long a packet that is sent now waits before the link takes it, ms.
    pub queue: u64,
}

#[derive(Clone, Copy)]
struct Flight {
    rtp: u16,
    sent: u64,
    arrives: Option<u64>,
    size: u32,
}

struct Missing {
    rtp: u16,
    size: u32,
    since: u64,
    asked: u64,
}

#[derive(Default)]
pub struct Run {
    pub moments: Vec<Moment>,
    /// When packets arrived, ms.
    pub arrivals: Vec<u64>,
    /// The longest time that the gate stayed closed, ms.
    pub longest_pause: u64,
}

struct Stage {
    controller: Controller,
    link: Link,
    /// Packets that wait for the pace: RTP number, bytes, whether an IDR begins with it.
    waiting: VecDeque<(u16, u32, bool)>,
    /// In bits: what the pace allows now.
    allowed: u64,
    flights: VecDeque<Flight>,
    reports: VecDeque<(u64, Vec<Flight>)>,
    missing: Vec<Missing>,
    rtp: u16,
    key: bool,
    run: Run,
}

/// Plays `ms` milliseconds; `link_rate` says the link's bit/s at each.
pub fn play(link: Link, ms: u64, link_rate: impl Fn(u64) -> u32) -> Run {
    play_with(link, ms, |link, now| link.step(now, link_rate(now)))
}

/// The same; `each_ms` does to the link what it wants.
pub fn play_with(link: Link, ms: u64, mut each_ms: impl FnMut(&mut Link, u64)) -> Run {
    let mut stage = Stage {
        controller: Controller::new(MOST),
        link,
        waiting: VecDeque::new(),
        allowed: 0,
        flights: VecDeque::new(),
        reports: VecDeque::new(),
        missing: Vec::new(),
        rtp: 65_000,
        key: true,
        run: Run::default(),
    };
    let (mut paused, mut reported) = (0, 0);
    for now in 0..ms {
        each_ms(&mut stage.link, now);
        if now % 33 == 0 {
            stage.handle(Input::Tick, now);
            if stage.controller.standing().open {
                stage.picture();
            }
        }
        stage.pace(now);
        let interval = if stage.controller.standing().rate < 300_000 { 250 } else { 50 };
        if now - reported >= interval {
            reported = now;
            stage.report(now);
        }
        stage.hear(now);
        stage.ask_again(now);
        let standing = stage.controller.standing();
        paused = if !standing.open { paused + 1 } else { 0 };
        stage.run.longest_pause = stage.run.longest_pause.max(paused);
        stage.run.moments.push(Moment { standing, queue: stage.link.wait(now) });
    }
    stage.run
}

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

impl Stage {
    fn picture(&mut self) {
        let mut left = self.controller.standing().rate / 8 / 30;
        let mut key = std::mem::take(&mut self.key);
        if key {
            // A buffer of 120 ms (`vbv-buf-capacity`) bounds the IDR to some four pictures.
            left *= 4;
        }
        while left > 0 {
            let size = left.min(PACKET);
            left -= size;
            self.waiting.push_back((self.rtp, size + HEADERS, std::mem::take(&mut key)));
            self.rtp = self.rtp.wrapping_add(1);
        }
    }

    fn pace(&mut self, now: u64) {
        let Some(pace) = self.controller.pace() else {
            while let Some(packet) = self.waiting.pop_front() {
                self.send_first(packet, now);
            }
            return;
        };
        // What is not used is not saved up.
        self.allowed = (self.allowed + u64::from(pace) / 1_000).min(u64::from(PACKET) * 8);
        while let Some(packet) = self.waiting.front().copied() {
            let bits = u64::from(packet.1) * 8;
            if self.allowed < bits.min(u64::from(PACKET) * 8) {
                return;
            }
            self.allowed = self.allowed.saturating_sub(bits);
            self.waiting.pop_front();
            self.send_first(packet, now);
        }
    }

    fn send_first(&mut self, (rtp, size, key): (u16, u32, bool), now: u64) {
        if key {
            self.handle(Input::KeyPicture { ssrc: SSRC, rtp }, now);
        }
        self.handle(Input::Sent { bytes: size }, now);
        if self.send(rtp, size, now).is_none() {
            self.missing.push(Missing { rtp, size, since: now, asked: 0 });
        }
    }

    fn send(&mut self, rtp: u16, size: u32, now: u64) -> Option<u64> {
        let arrives = self.link.carry(size, now);
        self.flights.push_back(Flight { rtp, sent: now, arrives, size });
        arrives
    }

    /// The browser reports up to its newest packet; a lost one shows only by a later one that arrived.
    fn report(&mut self, now: u64) {
        let newest =
            self.flights.iter().rposition(|flight| flight.arrives.is_some_and(|at| at <= now));
        let Some(newest) = newest else { return };
        let told: Vec<Flight> = self.flights.drain(..=newest).collect();
        self.run.arrivals.extend(told.iter().filter_map(|flight| flight.arrives));
        // As on a radio, both directions share the link and its queue; a report that is lost comes never.
        if let Some(arrives) = self.link.carry(REPORT, now) {
            self.reports.push_back((arrives, told));
        }
    }

    fn hear(&mut self, now: u64) {
        while self.reports.front().is_some_and(|(due, _)| *due <= now) {
            let Some((_, told)) = self.reports.pop_front() else { return };
            let reports = told.iter().map(|flight| {
                let received = flight.arrives.map(|at| Duration::from_millis(at + 7_000));
                Report { sent: at(flight.sent), received, size: flight.size }
            });
            self.handle(Input::Feedback(&reports.collect::<Vec<_>>()), now);
            for flight in told.iter().filter(|flight| flight.arrives.is_none()) {
                self.ask(flight.rtp, now);
            }
        }
    }

    /// One request for a packet that is missing.
    fn ask(&mut self, rtp: u16, now: u64) {
        let Some(missing) = self.missing.iter_mut().find(|missing| missing.rtp == rtp) else {
            return;
        };
        missing.asked = now;
        let size = missing.size;
        if self.controller.retransmission(SSRC, rtp) == Retransmission::SendTwice {
            let arrived = [self.send(rtp, size, now), self.send(rtp, size, now)];
            if arrived.iter().any(Option::is_some) {
                self.missing.retain(|missing| missing.rtp != rtp);
            }
        }
    }

    fn ask_again(&mut self, now: u64) {
        let lost_for_good = self.missing.iter().any(|one| now - one.since > GIVES_UP_AFTER);
        if lost_for_good {
            self.missing.clear();
            self.key = true;
        }
        let due = |one: &&Missing| one.asked > 0 && now - one.asked >= ASKS_AGAIN_AFTER;
        let due: Vec<u16> = self.missing.iter().filter(due).map(|one| one.rtp).collect();
        for rtp in due {
            self.ask(rtp, now);
        }
    }

    fn handle(&mut self, input: Input<'_>, now: u64) {
        if self.controller.handle(input, at(now)).0 {
            self.key = true;
            self.missing.clear();
        }
    }
}
