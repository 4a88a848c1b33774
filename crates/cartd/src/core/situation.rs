//! What a restart takes up again: the call, who was signed in until when, and the patient's limits.

use call::CartCallStage;
use cart_api::{CallState, Nurse};
use clinical::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Core, view, watching::SetLimits};
use crate::vaulting::blocking;

#[derive(Serialize, Deserialize)]
pub struct Situation {
    pub call: CallState,
    pub session: Option<KeptSession>,
    pub limits: Option<SetLimits>,
}

/// Good for a restart within the idle time: a daemon that restarts throws no nurse out.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeptSession {
    pub nurse: Nurse,
    pub until: Timestamp,
}

impl Situation {
    /// A situation of another version is as good as none: the nurse signs in again.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text)
            .inspect_err(|_| {
                tracing::warn!("The situation before the restart is of another version")
            })
            .ok()
    }

    pub fn stage(self) -> CartCallStage {
        match self.call {
            CallState::None => CartCallStage::None,
            CallState::Ringing { call, since } => CartCallStage::Ringing { call, since },
            CallState::Answered { call, physician, since, relays } => {
                CartCallStage::Answered { call, physician, since, relays }
            }
        }
    }
}

impl Core {
    /// Writes only what changed, with what the audit has to tell of it.
    pub(super) async fn keep_situation(&mut self) {
        let situation = Situation {
            call: view::call(self.call.stage()),
            session: self.session.kept(),
            limits: self.watching.set_limits().cloned(),
        };
        let text = serde_json::to_string(&situation).expect("all keys of a situation are text");
        let events = self.audit.waiting();
        if text == self.kept_situation && events.is_empty() {
            return;
        }
        let (vault, written, count) = (self.vault.clone(), text.clone(), events.len());
        match blocking(move || vault.set_situation(&written, &events)).await {
            Ok(()) => {
                self.kept_situation = text;
                self.audit.kept(count);
            }
            // Only a restart would miss it; the audit's rows wait for the next time.
            Err(error) => self.vault_failed("keep the situation", &error),
        }
    }
}
