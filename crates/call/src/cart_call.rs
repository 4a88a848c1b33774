//! The cart's side of a video visit: ringing, answered, over, and what a lost hub connection does to each.
//!
//! Relays signals and looks into none. Knows no socket, no peer connection and no nurse; time comes in.

use clinical::{CallId, Timestamp};
use hub_api::{CallEnd, CartToHub, Relays, Signal};

/// Ringing without a hub is ringing nowhere. Short enough that the nurse is still looking.
const RINGING_WITHOUT_HUB_MS: i64 = 5_000;
/// Picture and sound go from peer to peer and may go on; a hub that restarts is back by then.
const ANSWERED_WITHOUT_HUB_MS: i64 = 30_000;
/// The hub ends unanswered ringing by itself, earlier; this is for a hub that forgot.
const RINGING_AT_MOST_MS: i64 = 180_000;

/// At most one call at a time. Survives a restart of its program by [`CartCall::resume`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartCall {
    stage: CartCallStage,
    hub: Hub,
}

/// What the nurse sees of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CartCallStage {
    None,
    Ringing {
        call: CallId,
        since: Timestamp,
    },
    Answered {
        call: CallId,
        physician: String,
        since: Timestamp,
        /// What its peer connections may go through.
        relays: Option<Relays>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hub {
    Connected,
    Away { since: Timestamp },
}

/// What happens to a call from outside the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// The hub has been told the cart's status on a new connection.
    HubConnected,
    HubAway,
    Answered {
        call: CallId,
        physician: String,
        relays: Option<Relays>,
    },
    Ended {
        call: CallId,
        why: CallEnd,
    },
    Signal {
        call: CallId,
        signal: Signal,
    },
    /// Time has passed; see [`CartCall::deadline`].
    Tick,
}

/// To be carried out in order.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEffect {
    ToHub(CartToHub),
    ToKiosk {
        call: CallId,
        signal: Signal,
    },
    /// The call is over: no picture, and nobody may move the camera.
    Over {
        why: CallEnd,
    },
}

/// Why the nurse's wish cannot be carried out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallRefusal {
    #[error("the hub is away")]
    HubAway,
    #[error("a call is going on")]
    GoingOn,
    #[error("there is no such call")]
    NoCall,
}

impl CartCall {
    /// No call, and no hub yet.
    pub const fn new(now: Timestamp) -> Self {
        Self { stage: CartCallStage::None, hub: Hub::Away { since: now } }
    }

    /// The call that this cart was in before its program restarted.
    pub const fn resume(stage: CartCallStage, now: Timestamp) -> Self {
        Self { stage, hub: Hub::Away { since: now } }
    }

    pub const fn stage(&self) -> &CartCallStage {
        &self.stage
    }

    /// The call that the hub is told with every status.
    pub const fn current(&self) -> Option<CallId> {
        match &self.stage {
            CartCallStage::None => None,
            CartCallStage::Ringing { call, .. } | CartCallStage::Answered { call, .. } => {
                Some(*call)
            }
        }
    }

    /// The nurse presses "Call". `call` is new.
    ///
    /// # Errors
    /// The hub is away, or a call is going on.
    pub fn press(&mut self, call: CallId, now: Timestamp) -> Result<Vec<CallEffect>, CallRefusal> {
        if self.current().is_some() {
            return Err(CallRefusal::GoingOn);
        }
        self.need_hub()?;
        self.stage = CartCallStage::Ringing { call, since: now };
        Ok(vec![CallEffect::ToHub(CartToHub::Call { call })])
    }

    /// Without a hub the call ends here, and the next status tells the hub.
    ///
    /// # Errors
    /// There is no call.
    pub fn hang_up(&mut self) -> Result<Vec<CallEffect>, CallRefusal> {
        let call = self.current().ok_or(CallRefusal::NoCall)?;
        let mut effects = self.tell_if_connected(CartToHub::HangUp { call });
        effects.extend(self.over(CallEnd::Nurse));
        Ok(effects)
    }

    /// From the kiosk's peer connection to the physician's browser.
    ///
    /// # Errors
    /// It is not of the answered call, or the hub that would relay it is away.
    pub fn signal(&self, call: CallId, signal: Signal) -> Result<Vec<CallEffect>, CallRefusal> {
        if !self.is_answered(call) {
            return Err(CallRefusal::NoCall);
        }
        self.need_hub()?;
        Ok(vec![CallEffect::ToHub(CartToHub::Signal { call, signal })])
    }

    #[must_use]
    pub fn handle(&mut self, event: CallEvent, now: Timestamp) -> Vec<CallEffect> {
        match event {
            CallEvent::HubConnected => self.hub_connected(),
            CallEvent::HubAway => self.hub_away(now),
            CallEvent::Answered { call, physician, relays } => {
                self.answered(call, physician, relays, now)
            }
            CallEvent::Ended { call, why } if self.current() == Some(call) => self.over(why),
            CallEvent::Signal { call, signal } if self.is_answered(call) => {
                vec![CallEffect::ToKiosk { call, signal }]
            }
            // Of a call that is over: the message was on its way when it ended.
            CallEvent::Ended { .. } | CallEvent::Signal { .. } => Vec::new(),
            CallEvent::Tick => self.tick(now),
        }
    }

    /// When a [`CallEvent::Tick`] is due; `None` when time changes nothing.
    pub fn deadline(&self) -> Option<Timestamp> {
        let ringing_too_long = match &self.stage {
            CartCallStage::Ringing { since, .. } => Some(since.plus_millis(RINGING_AT_MOST_MS)),
            CartCallStage::None | CartCallStage::Answered { .. } => None,
        };
        ringing_too_long.into_iter().chain(self.hub_given_up_at()).min()
    }

    fn hub_given_up_at(&self) -> Option<Timestamp> {
        let Hub::Away { since } = self.hub else { return None };
        match &self.stage {
            CartCallStage::None => None,
            CartCallStage::Ringing { .. } => Some(since.plus_millis(RINGING_WITHOUT_HUB_MS)),
            CartCallStage::Answered { .. } => Some(since.plus_millis(ANSWERED_WITHOUT_HUB_MS)),
        }
    }

    fn tick(&mut self, now: Timestamp) -> Vec<CallEffect> {
        if self.hub_given_up_at().is_some_and(|at| at <= now) {
            return self.over(CallEnd::CartLost);
        }
        match (self.deadline(), self.current()) {
            (Some(at), Some(call)) if at <= now => {
                let mut effects = self.tell_if_connected(CartToHub::HangUp { call });
                effects.extend(self.over(CallEnd::Unanswered));
                effects
            }
            _ => Vec::new(),
        }
    }

    fn hub_connected(&mut self) -> Vec<CallEffect> {
        self.hub = Hub::Connected;
        match &self.stage {
            // The press may have been lost with the old connection; the same call rings once.
            CartCallStage::Ringing { call, .. } => {
                vec![CallEffect::ToHub(CartToHub::Call { call: *call })]
            }
            CartCallStage::None | CartCallStage::Answered { .. } => Vec::new(),
        }
    }

    fn hub_away(&mut self, now: Timestamp) -> Vec<CallEffect> {
        // Told twice, the first time counts.
        if self.hub == Hub::Connected {
            self.hub = Hub::Away { since: now };
        }
        Vec::new()
    }

    fn answered(
        &mut self,
        call: CallId,
        physician: String,
        relays: Option<Relays>,
        now: Timestamp,
    ) -> Vec<CallEffect> {
        if self.current() != Some(call) {
            // The nurse took it back while a physician answered, who must not sit in an empty call.
            return vec![CallEffect::ToHub(CartToHub::HangUp { call })];
        }
        if !self.is_answered(call) {
            self.stage = CartCallStage::Answered { call, physician, since: now, relays };
        }
        Vec::new()
    }

    fn over(&mut self, why: CallEnd) -> Vec<CallEffect> {
        self.stage = CartCallStage::None;
        vec![CallEffect::Over { why }]
    }

    fn is_answered(&self, call: CallId) -> bool {
        matches!(&self.stage, CartCallStage::Answered { call: current, .. } if *current == call)
    }

    const fn need_hub(&self) -> Result<(), CallRefusal> {
        match self.hub {
            Hub::Connected => Ok(()),
            Hub::Away { .. } => Err(CallRefusal::HubAway),
        }
    }

    fn tell_if_connected(&self, message: CartToHub) -> Vec<CallEffect> {
        match self.hub {
            Hub::Connected => vec![CallEffect::ToHub(message)],
            Hub::Away { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
