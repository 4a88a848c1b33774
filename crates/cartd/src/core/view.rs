//! What the kiosk is shown, written from the core's parts. Decides nothing.

use call::CartCallStage;
use cart_api::{CallState, CartState, EncounterState, SignInState, Tray};
use clinical::{EarlyWarning, Vital};

use super::{Core, ShownVisit};
use crate::clock;

/// More than a nurse scrolls through; the record has them all. Keeps the state far below the
/// longest message of the socket.
const READINGS_SHOWN: usize = 300;

impl Core {
    /// Without a nurse the screen has no patient on it.
    pub(super) fn state(&self) -> CartState {
        let sign_in = self.session.state();
        let signed_in = matches!(sign_in, SignInState::SignedIn { .. });
        CartState {
            cart: self.cart.clone(),
            hub: self.hub.clone(),
            power: self.power_state(),
            worklist: match &self.worklist {
                Some(worklist) if signed_in => worklist.entries.clone(),
                Some(_) | None => Vec::new(),
            },
            worklist_as_of: self.worklist.as_ref().map(|worklist| worklist.as_of),
            encounter: self.shown.as_ref().filter(|_| signed_in).map(encounter),
            sign_in,
            devices: self.devices.states(),
            call: call(self.call.stage()),
            sync: self.sync,
            notices: self.notices.shown().to_vec(),
            tray: if signed_in { self.tray.clone() } else { Tray::default() },
        }
    }
}

fn encounter(visit: &ShownVisit) -> EncounterState {
    let mut shown = visit.state().clone();
    shown.early_warning = early_warning(&shown);
    let surplus = shown.readings.len().saturating_sub(READINGS_SHOWN);
    shown.readings.drain(..surplus);
    shown
}

/// Scored anew for every state, because values become too old.
fn early_warning(shown: &EncounterState) -> EarlyWarning {
    let measured = shown.readings.iter().map(|saved| Vital::Measured(&saved.reading));
    let observed = shown.observed.iter().map(|saved| Vital::Observed(&saved.observed, saved.at));
    EarlyWarning::of(&shown.patient, measured.chain(observed), clock::now())
}

pub(super) fn call(stage: &CartCallStage) -> CallState {
    match stage.clone() {
        CartCallStage::None => CallState::None,
        CartCallStage::Ringing { call, since } => CallState::Ringing { call, since },
        CartCallStage::Answered { call, physician, since } => {
            CallState::Answered { call, physician, since }
        }
    }
}
