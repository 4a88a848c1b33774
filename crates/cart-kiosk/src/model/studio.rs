//! When camera and microphone run: while an encounter is open and its nurse signed in.
//!
//! Never otherwise: nobody is filmed who does not know it, and an idle cart uses no power for it.
//! They start with the encounter and not with the call, because a camera takes seconds to start and
//! a physician who answers at once should see the patient at once.

use cart_api::{CallState, CartState, SignInState};
use clinical::{CallId, EncounterId, Examined};
use hub_api::{CartOnChannel, Relays, Signal, View};

use super::SoundFor;

/// What the studio is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum StudioOrder {
    Open,
    Prepare,
    Join(CallId, Relays),
    Leave,
    Close,
    Signal(CallId, Signal),
    Say(CartOnChannel),
    Still(StillFor),
    Mute(bool),
    /// Whether the stethoscope's sound goes to the physician.
    Listen(bool),
    ProveSound,
    /// The part of the camera's picture that the physician sees.
    Look(View),
    /// Whose picture goes to the physician and to this screen, beside the room's.
    Examine(Option<Examined>),
    /// The chest piece lies somewhere else.
    ListenAnew,
    /// What was heard at this place.
    KeepSound(SoundFor),
}

/// Who asked for a still, and in which encounter: the picture takes a moment to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillFor {
    pub encounter: Option<EncounterId>,
    pub who: Asker,
    /// `None`: of the room.
    pub examined: Option<Examined>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Nurse,
    /// `request` is the physician's number for it.
    Physician {
        request: u32,
    },
}

/// A JPEG of the camera's full resolution.
pub struct TakenPicture {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StudioUse {
    Off,
    /// Camera and microphone run, nobody is called.
    Ready,
    Ringing(CallId),
    InCall(CallId),
}

impl StudioUse {
    pub fn of(state: Option<&CartState>) -> Self {
        let Some(state) = state else { return Self::Off };
        let signed_in = matches!(state.sign_in, SignInState::SignedIn { .. });
        match state.call {
            CallState::Ringing { call, .. } => Self::Ringing(call),
            CallState::Answered { call, .. } => Self::InCall(call),
            CallState::None if signed_in && state.encounter.is_some() => Self::Ready,
            CallState::None => Self::Off,
        }
    }

    pub const fn call(self) -> Option<CallId> {
        match self {
            Self::Off | Self::Ready => None,
            Self::Ringing(call) | Self::InCall(call) => Some(call),
        }
    }
}

/// What leads from one use to the other; a call that is joined may use these relays.
pub(super) fn orders(before: StudioUse, after: StudioUse, relays: Relays) -> Vec<StudioOrder> {
    let mut orders = Vec::new();
    if before == after {
        return orders;
    }
    if before == StudioUse::Off {
        orders.push(StudioOrder::Open);
    }
    if before.call().is_some() && before.call() != after.call() {
        orders.push(StudioOrder::Leave);
    }
    match after {
        StudioUse::Off => orders.push(StudioOrder::Close),
        StudioUse::Ready => {}
        StudioUse::Ringing(_) => orders.push(StudioOrder::Prepare),
        StudioUse::InCall(call) => orders.push(StudioOrder::Join(call, relays)),
    }
    orders
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ONE: CallId = CallId::new(Uuid::from_u128(1));
    const TWO: CallId = CallId::new(Uuid::from_u128(2));

    fn relays() -> Relays {
        Relays { only: true, ..Relays::default() }
    }

    fn check(before: StudioUse, after: StudioUse, expected: &[StudioOrder]) {
        assert_eq!(orders(before, after, relays()), expected, "{before:?} → {after:?}");
    }

    #[test]
    fn an_encounter_opens_the_studio_and_its_end_closes_it() {
        use StudioOrder::{Close, Join, Leave, Open, Prepare};
        check(StudioUse::Off, StudioUse::Ready, &[Open]);
        check(StudioUse::Ready, StudioUse::Ringing(ONE), &[Prepare]);
        check(StudioUse::Ringing(ONE), StudioUse::InCall(ONE), &[Join(ONE, relays())]);
        check(StudioUse::InCall(ONE), StudioUse::InCall(ONE), &[]);
        check(StudioUse::InCall(ONE), StudioUse::Ready, &[Leave]);
        check(StudioUse::Ringing(ONE), StudioUse::Ready, &[Leave]);
        check(StudioUse::Ready, StudioUse::Off, &[Close]);
        check(StudioUse::InCall(ONE), StudioUse::Off, &[Leave, Close]);
    }

    #[test]
    fn a_kiosk_that_starts_in_the_middle_of_a_call_joins_it() {
        let joined = [StudioOrder::Open, StudioOrder::Join(ONE, relays())];
        check(StudioUse::Off, StudioUse::InCall(ONE), &joined);
    }

    #[test]
    fn another_call_is_another_peer() {
        let changed = [StudioOrder::Leave, StudioOrder::Join(TWO, relays())];
        check(StudioUse::InCall(ONE), StudioUse::InCall(TWO), &changed);
    }
}
