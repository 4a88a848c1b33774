//! What the kiosk is shown, written from the core's parts. Decides nothing.

use call::CartCallStage;
use cart_api::{CallState, CartState, EncounterState, SignInState, Tray};

use super::{Core, ShownVisit, watching::Watching};

/// More than a nurse scrolls through; the record has them all. Keeps the state far below the
/// longest message of the socket.
const READINGS_SHOWN: usize = 300;

impl Core {
    /// Without a nurse the screen has no patient on it.
    pub(super) fn state(&self) -> CartState {
        let sign_in = self.session.state();
        let signed_in = matches!(sign_in, SignInState::SignedIn { .. });
        let shown = self.shown.as_ref().filter(|_| signed_in);
        CartState {
            cart: self.cart.clone(),
            hub: self.hub.clone(),
            power: self.power_state(),
            space: self.disk.space(),
            worklist: match &self.worklist {
                Some(worklist) if signed_in => worklist.entries.clone(),
                Some(_) | None => Vec::new(),
            },
            worklist_as_of: self.worklist.as_ref().map(|worklist| worklist.as_of),
            encounter: shown.map(|visit| encounter(visit, &self.watching)),
            sign_in,
            devices: self.devices.states(),
            call: call(self.call.stage()),
            sync: self.sync,
            notices: self.notices.shown().to_vec(),
            tray: if signed_in { self.tray.clone() } else { Tray::default() },
        }
    }
}

fn encounter(visit: &ShownVisit, watching: &Watching) -> EncounterState {
    let mut shown = visit.state().clone();
    shown.early_warning = visit.early_warning();
    shown.monitoring = watching.monitoring();
    let surplus = shown.readings.len().saturating_sub(READINGS_SHOWN);
    shown.readings.drain(..surplus);
    shown
}

pub(super) fn call(stage: &CartCallStage) -> CallState {
    match stage.clone() {
        CartCallStage::None => CallState::None,
        CartCallStage::Ringing { call, since } => CallState::Ringing { call, since },
        CartCallStage::Answered { call, physician, since, relays } => {
            CallState::Answered { call, physician, since, relays }
        }
    }
}
