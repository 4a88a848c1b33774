//! Decides when a cart offers a new peer connection, and when an older one may close.
//!
//! Knows no WebRTC: who drives it builds the connections and tells what became of them. A reconnect
//! is a new connection (a generation) made before the old one is broken, because GStreamer's
//! webrtcbin has no ICE restart. At most two exist: the one that carries the call and the attempt
//! to replace it. Time comes in as an argument and only has to be steady, not right.

use clinical::Timestamp;

/// The offer or its answer was lost on the way; both travel over a link that promises nothing.
const ANSWER_WITHIN_MS: i64 = 5_000;
/// Checking candidates of two far networks takes up to three seconds; then something is wrong.
const ICE_WITHIN_MS: i64 = 5_000;
/// After ICE only a DTLS handshake of some 50 ms is left. A lost hello makes it wait seconds.
const DTLS_WITHIN_MS: i64 = 1_500;
/// Shorter gaps heal by themselves, faster than a new connection is made.
const HEALS_WITHIN_MS: i64 = 1_000;
/// A browser tab in the background draws nothing and cannot tell; the old connection costs a
/// second stream meanwhile.
const SHOWN_WITHIN_MS: i64 = 5_000;
/// Building a connection costs a large part of a second of one core, so a page that asks again
/// and again does not get more than this.
const BETWEEN_OFFERS_MS: i64 = 500;
/// A connection that failed at once would fail at once again.
const AFTER_FAILURE_MS: i64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerInput {
    /// The call was answered.
    Join,
    /// The call is over.
    Leave,
    /// The browser has no connection (page reloaded), or this machine has another address.
    WantOffer,
    /// The browser's answer was taken in.
    Answered { generation: u32 },
    /// A pair of candidates works; the media is not yet encrypted.
    IceConnected { generation: u32 },
    /// Media flows.
    Connected { generation: u32 },
    /// Nothing arrives; it may heal.
    Disconnected { generation: u32 },
    /// It will not heal, or could not be built.
    Failed { generation: u32 },
    /// The browser shows this generation.
    Shown { generation: u32 },
    /// Time passed; expected every 100 ms or so during a call.
    Tick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerEffect {
    MakeOffer {
        generation: u32,
    },
    Close {
        generation: u32,
    },
    /// Media flows, first or again.
    Up,
    /// Media has been away for longer than a short gap.
    Down,
}

/// One call's peer connections.
#[derive(Clone, Debug)]
pub struct PeerLife {
    joined: bool,
    /// The number of the newest offer. Never goes back, so late signals are told apart.
    newest: u32,
    offered_at: Option<Timestamp>,
    carrying: Option<Peer>,
    attempt: Option<Peer>,
    wanted: bool,
    up: bool,
}

#[derive(Clone, Copy, Debug)]
struct Peer {
    generation: u32,
    stage: Stage,
    since: Timestamp,
}

/// In the order in which a connection comes up; a late message never takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Offered,
    Answered,
    IceConnected,
    Connected,
    Disconnected,
    Failed,
}

impl PeerLife {
    /// The first offer is the generation after `newest`: a restarted cart program goes on
    /// above the number that the browser has already seen.
    pub fn after(newest: u32) -> Self {
        Self {
            joined: false,
            newest,
            offered_at: None,
            carrying: None,
            attempt: None,
            wanted: false,
            up: false,
        }
    }

    /// Advances the connections. The caller carries out the effects in order.
    #[must_use]
    pub fn handle(&mut self, input: PeerInput, now: Timestamp) -> Vec<PeerEffect> {
        let mut effects = Vec::new();
        match input {
            PeerInput::Join => self.join(now, &mut effects),
            PeerInput::Leave => self.leave(&mut effects),
            PeerInput::WantOffer => self.wanted = self.joined,
            PeerInput::Answered { generation } => self.reach(generation, Stage::Answered, now),
            PeerInput::IceConnected { generation } => {
                self.reach(generation, Stage::IceConnected, now);
            }
            PeerInput::Connected { generation } => self.connected(generation, now),
            PeerInput::Disconnected { generation } => {
                self.reach(generation, Stage::Disconnected, now);
            }
            PeerInput::Failed { generation } => self.reach(generation, Stage::Failed, now),
            PeerInput::Shown { generation } => self.shown(generation, &mut effects),
            PeerInput::Tick => {}
        }
        self.give_up_waiting_for_shown(now, &mut effects);
        if self.offer_is_due(now) {
            self.offer(now, &mut effects);
        }
        self.announce(now, &mut effects);
        effects
    }

    fn join(&mut self, now: Timestamp, effects: &mut Vec<PeerEffect>) {
        if !self.joined {
            self.joined = true;
            self.offer(now, effects);
        }
    }

    fn leave(&mut self, effects: &mut Vec<PeerEffect>) {
        for peer in self.carrying.take().into_iter().chain(self.attempt.take()) {
            effects.push(PeerEffect::Close { generation: peer.generation });
        }
        *self = Self::after(self.newest);
    }

    fn offer(&mut self, now: Timestamp, effects: &mut Vec<PeerEffect>) {
        if let Some(given_up) = self.attempt.take() {
            effects.push(PeerEffect::Close { generation: given_up.generation });
        }
        self.newest = self.newest.saturating_add(1);
        self.wanted = false;
        self.offered_at = Some(now);
        self.attempt = Some(Peer { generation: self.newest, stage: Stage::Offered, since: now });
        effects.push(PeerEffect::MakeOffer { generation: self.newest });
    }

    fn peer(&mut self, generation: u32) -> Option<&mut Peer> {
        [&mut self.carrying, &mut self.attempt]
            .into_iter()
            .flatten()
            .find(|peer| peer.generation == generation)
    }

    fn reach(&mut self, generation: u32, stage: Stage, now: Timestamp) {
        if let Some(peer) = self.peer(generation)
            && peer.stage < stage
        {
            peer.stage = stage;
            peer.since = now;
        }
    }

    fn connected(&mut self, generation: u32, now: Timestamp) {
        // A connection that was away may be back, so this one does go from a later stage.
        if let Some(peer) = self.peer(generation)
            && peer.stage != Stage::Connected
        {
            peer.stage = Stage::Connected;
            peer.since = now;
        }
        // With nothing to replace there is no swap to wait for.
        if self.carrying.is_none() {
            self.carrying = self.attempt.take_if(|peer| peer.stage == Stage::Connected);
        }
    }

    fn shown(&mut self, generation: u32, effects: &mut Vec<PeerEffect>) {
        let Some(shown) = self.attempt.take_if(|peer| peer.generation == generation) else {
            return;
        };
        if let Some(old) = self.carrying.replace(shown) {
            effects.push(PeerEffect::Close { generation: old.generation });
        }
    }

    fn give_up_waiting_for_shown(&mut self, now: Timestamp, effects: &mut Vec<PeerEffect>) {
        if let Some(attempt) = self.attempt
            && attempt.stage == Stage::Connected
            && now.millis_since(attempt.since) > SHOWN_WITHIN_MS
        {
            self.shown(attempt.generation, effects);
        }
    }

    fn offer_is_due(&self, now: Timestamp) -> bool {
        let since_offer = self.offered_at.map_or(i64::MAX, |at| now.millis_since(at));
        if self.wanted {
            return since_offer >= BETWEEN_OFFERS_MS;
        }
        match self.attempt.or(self.carrying) {
            Some(peer) if peer.stage == Stage::Failed => since_offer >= AFTER_FAILURE_MS,
            Some(peer) => peer.is_overdue(now),
            None => false,
        }
    }

    fn announce(&mut self, now: Timestamp, effects: &mut Vec<PeerEffect>) {
        let up = [self.carrying, self.attempt].into_iter().flatten().any(|peer| peer.flows(now));
        if up != self.up {
            self.up = up;
            effects.push(if up { PeerEffect::Up } else { PeerEffect::Down });
        }
    }
}

impl Peer {
    fn is_overdue(self, now: Timestamp) -> bool {
        let patience = match self.stage {
            Stage::Offered => ANSWER_WITHIN_MS,
            Stage::Answered => ICE_WITHIN_MS,
            Stage::IceConnected => DTLS_WITHIN_MS,
            Stage::Disconnected => HEALS_WITHIN_MS,
            Stage::Connected | Stage::Failed => return false,
        };
        now.millis_since(self.since) > patience
    }

    fn flows(self, now: Timestamp) -> bool {
        match self.stage {
            Stage::Connected => true,
            Stage::Disconnected => now.millis_since(self.since) <= HEALS_WITHIN_MS,
            Stage::Offered | Stage::Answered | Stage::IceConnected | Stage::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests;
