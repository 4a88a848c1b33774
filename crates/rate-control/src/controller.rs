//! The rules: when the picture pauses, at which rate and size it goes on.

use std::time::Duration;

use crate::{
    arrivals::Report,
    growth,
    link::Link,
    retransmission::{Retransmission, is_before},
    size::PictureSize,
};

/// Bit/s; a picture of 320x180 needs it to show anything.
pub const LEAST: u32 = 80_000;
/// Bit/s; 1280x720 does not get better by more.
pub const MOST: u32 = 2_500_000;
/// Share of what the link carries, in hundredths: the rest empties the queue.
const CUT: u64 = 82;
/// A pause that is longer is seen as a frozen picture; then one picture is sent to ask the link.
const LONGEST_PAUSE: Duration = Duration::from_millis(750);
/// Lost of a hundred.
const WORTH_REPEATING: u32 = 2;
/// Bit/s: the longest packet then takes 40 ms.
const SLOWEST_PACE: u64 = 250_000;
/// Above what the link carries, in hundredths: packets leave a little faster than it takes them, so that it never idles.
const PACE: u64 = 140;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A packet of the picture left.
    Sent { bytes: u32 },
    /// The viewer's browser told of packets, in the order of sending.
    Feedback(&'a [Report]),
    /// The first packet of an IDR left: its stream and its number in it (SSRC and sequence number of RTP).
    KeyPicture { ssrc: u32, rtp: u16 },
    /// Time passed; expected with each picture of the camera.
    Tick,
}

/// What the encoder is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Bit/s.
    pub rate: u32,
    pub size: PictureSize,
    /// Whether pictures are encoded at all: what is not encoded needs no repair.
    pub open: bool,
}

impl Default for Standing {
    /// For a viewer whose network is not known.
    fn default() -> Self {
        Self { rate: MOST, size: PictureSize::Large, open: true }
    }
}

/// The next picture is to be an IDR, of the size that stands then: a larger one fills the queue again.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantsIdr(pub bool);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Flowing,
    Paused { since: Duration, lossy: bool, learned: bool },
}

/// The pictures of one viewer, which share one way.
#[derive(Clone, Debug)]
pub struct Controller {
    standing: Standing,
    state: State,
    link: Link,
    /// What it carried when it was last full, bit/s; `None`: it was never full, or that is long surpassed.
    capacity: Option<u32>,
    overloaded_at: Duration,
    stepped_at: Duration,
    key_awaited: bool,
    /// One for each of the viewer's streams, which are the room and what is examined.
    newest_keys: Vec<(u32, u16)>,
}

impl Controller {
    /// Flowing at this rate (bit/s), which a connection before may have found.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        let mut standing = Standing { rate: rate.clamp(LEAST, MOST), ..Standing::default() };
        standing.size = standing.size.at(standing.rate);
        Self {
            standing,
            state: State::Flowing,
            link: Link::default(),
            capacity: None,
            overloaded_at: Duration::ZERO,
            stepped_at: Duration::ZERO,
            key_awaited: false,
            newest_keys: Vec::new(),
        }
    }

    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Bit/s at which packets of one picture follow each other; `None`: at once. A picture is a burst, and a short queue
    /// loses its end. Nothing arrives later by it: the link takes that time anyway.
    #[must_use]
    pub fn pace(&self) -> Option<u32> {
        let carries = u64::from(self.capacity?) * PACE / 100;
        // What was measured of a few packets may be far too little, and pictures must not wait for it.
        let most = carries.max(u64::from(self.standing.rate) * 2).max(SLOWEST_PACE);
        u32::try_from(most).ok()
    }

    /// `now` is steady and the clock of `Report::sent`.
    pub fn handle(&mut self, input: Input<'_>, now: Duration) -> WantsIdr {
        match input {
            Input::Sent { bytes } => self.link.sent(bytes, now),
            Input::Feedback(reports) => self.link.heard(reports, now),
            Input::KeyPicture { ssrc, rtp } => {
                self.newest_keys.retain(|(stream, _)| *stream != ssrc);
                self.newest_keys.push((ssrc, rtp));
                self.key_awaited = false;
            }
            Input::Tick => {}
        }
        let wants = match self.state {
            State::Flowing => self.flow(now),
            State::Paused { since, lossy, learned } => self.wait(since, lossy, learned, now),
        };
        self.key_awaited |= wants;
        WantsIdr(wants)
    }

    /// Whether each packet is to go twice from the beginning, because many are lost and there is room: who asks for a lost
    /// one waits for it, and a browser repeats a request that is lost itself only after a tenth of a second.
    #[must_use]
    pub fn repeats(&self) -> bool {
        let is_free = self.capacity.is_none() && self.standing.rate == MOST;
        is_free && self.link.lost_of_a_hundred() >= WORTH_REPEATING
    }

    /// How long the browser is to hold each picture so that they are shown evenly; no longer than needed, in steps of 10 ms.
    #[must_use]
    pub fn hold(&self) -> Duration {
        self.link.hold()
    }

    /// For how long the viewer's browser has not answered what was sent.
    #[must_use]
    pub fn silence(&self, now: Duration) -> Duration {
        self.link.silence(now)
    }

    /// What becomes of a request for the packet of this stream and number (SSRC and sequence number of RTP).
    #[must_use]
    pub fn retransmission(&self, ssrc: u32, rtp: u16) -> Retransmission {
        let of_before = |(stream, key): &(u32, u16)| *stream == ssrc && is_before(rtp, *key);
        let stale = self.newest_keys.iter().any(of_before);
        if !self.standing.open || self.key_awaited || stale {
            Retransmission::Swallow
        } else {
            Retransmission::SendTwice
        }
    }

    /// Whether an IDR is wanted, as of all below.
    fn flow(&mut self, now: Duration) -> bool {
        let rate = self.standing.rate;
        if self.link.is_overloaded(rate, now) {
            self.pause(now);
            return false;
        }
        if !self.link.is_quiet(rate) || now.saturating_sub(self.stepped_at) < growth::STEP {
            return false;
        }
        self.stepped_at = now;
        let since = now.saturating_sub(self.overloaded_at);
        let factor = growth::factor(rate, self.capacity, since);
        self.set_rate(u64::from(rate) * factor / 1_000);
        if self.capacity.is_some_and(|capacity| growth::surpassed(self.standing.rate, capacity)) {
            self.capacity = None;
        }
        self.resize()
    }

    fn pause(&mut self, now: Duration) {
        self.overloaded_at = now;
        self.standing.open = false;
        let learned = self.learn();
        self.state = State::Paused { since: now, lossy: self.link.loses_much(), learned };
    }

    fn wait(&mut self, since: Duration, lossy: bool, learned: bool, now: Duration) -> bool {
        let lossy = lossy || self.link.loses_much();
        let learned = self.learn() || learned;
        self.state = State::Paused { since, lossy, learned };
        let carries = self.capacity.filter(|_| learned);
        let over = carries.is_some_and(|carries| self.link.is_drained(carries, now));
        let longest = LONGEST_PAUSE + self.link.round_trip();
        let is_empty = self.link.is_empty();
        if !(is_empty || over || now.saturating_sub(since) >= longest) {
            return false;
        }
        if !learned {
            self.fall_back(is_empty);
        }
        self.state = State::Flowing;
        self.standing.open = true;
        self.stepped_at = now;
        self.link.begin(now);
        self.resize() || lossy
    }

    /// Reports tell what the link carries, also those that come in the pause. Whether they do.
    fn learn(&mut self) -> bool {
        let rate = self.standing.rate;
        let Some(carries) = self.link.carries(rate) else { return false };
        self.capacity = Some(carries);
        self.set_rate(u64::from(rate).min(u64::from(carries) * CUT / 100));
        true
    }

    /// Nobody knows what it carries. When everything has arrived by now it had only stopped for a moment; otherwise it is full
    /// of what was sent, and so little is sent that its next answer is not long in coming.
    fn fall_back(&mut self, all_arrived: bool) {
        let rate = u64::from(self.standing.rate);
        self.set_rate(if all_arrived { rate * CUT / 100 } else { rate / 8 });
    }

    fn set_rate(&mut self, rate: u64) {
        self.standing.rate = u32::try_from(rate).unwrap_or(MOST).clamp(LEAST, MOST);
    }

    /// Whether the size changed, which needs its IDR.
    fn resize(&mut self) -> bool {
        let size = self.standing.size.at(self.standing.rate);
        size != std::mem::replace(&mut self.standing.size, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_picture_makes_older_packets_of_its_own_stream_stale() {
        let (room, examined) = (1, 2);
        let mut controller = Controller::new(MOST);
        for (ssrc, rtp) in [(room, 100), (examined, 9), (examined, 50)] {
            let wants = controller.handle(Input::KeyPicture { ssrc, rtp }, Duration::ZERO);
            assert!(!wants.0);
        }
        for (ssrc, rtp, expected) in [
            (room, 99, Retransmission::Swallow),
            (room, 100, Retransmission::SendTwice),
            (examined, 49, Retransmission::Swallow),
            (examined, 60, Retransmission::SendTwice),
            (3, 1, Retransmission::SendTwice),
        ] {
            assert_eq!(controller.retransmission(ssrc, rtp), expected, "{ssrc} {rtp}");
        }
    }
}
