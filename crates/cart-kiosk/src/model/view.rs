//! What the pages are drawn from: everything that is decided before it is arranged.

use cart_api::{
    CallState, CartState, DeviceState, EncounterState, HubLink, Measurable, Notice, Nurse,
    SignInState, SyncStage,
};
use clinical::{EncounterId, Timestamp};
use hub_api::View;

use super::{Choice, Daemon, Examining, Listening, Model, OwnKind, PinEntry, Wish};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    SignIn,
    Worklist,
    Identify,
    Vitals,
    Camera,
    Call,
    /// What the nurse sees herself.
    Observe,
    /// Breaths are counted or typed.
    Breaths,
    Tray,
    /// Whose a reading of the tray is.
    Claim,
    /// Why a reading of the tray is nobody's.
    Discard,
}

/// What hides every page while there is nothing true to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    None,
    Starting,
    Restarting,
    WrongVersion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncKind {
    AllArrived,
    OnTheWay,
    Sending,
    Waiting,
    Attention,
}

/// A notice of `cartd` or of the screen itself.
pub struct ShownNotice<'a> {
    pub id: u64,
    pub at: Timestamp,
    pub kind: ShownKind<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum ShownKind<'a> {
    Carts(&'a Notice),
    Own(&'a OwnKind),
}

impl ShownNotice<'_> {
    fn alarms(&self) -> bool {
        matches!(self.kind, ShownKind::Carts(notice) if notice.kind.alarms())
    }
}

impl Model {
    pub fn page(&self) -> Page {
        let Some(state) = &self.state else { return Page::SignIn };
        if matches!(state.sign_in, SignInState::SignedOut { .. }) {
            return Page::SignIn;
        }
        match (&state.encounter, &state.call, self.desk.page().or(self.sheet.page())) {
            (Some(_), CallState::Ringing { .. } | CallState::Answered { .. }, _) => Page::Call,
            (_, _, Some(page)) => page,
            (Some(_), CallState::None, None) if self.viewfinder => Page::Camera,
            (Some(_), CallState::None, None) => Page::Vitals,
            (None, _, None) if self.choice.is_some() => Page::Identify,
            (None, _, None) => Page::Worklist,
        }
    }

    /// A call goes on without the daemon, and stays in sight.
    pub fn cover(&self) -> Cover {
        match self.daemon {
            Daemon::Starting => Cover::Starting,
            Daemon::Restarting if self.page() == Page::Call => Cover::None,
            Daemon::Restarting => Cover::Restarting,
            Daemon::WrongVersion => Cover::WrongVersion,
            Daemon::Here => Cover::None,
        }
    }

    pub fn is_restarting(&self) -> bool {
        self.daemon == Daemon::Restarting
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn state(&self) -> Option<&CartState> {
        self.state.as_ref()
    }

    pub fn encounter(&self) -> Option<&EncounterState> {
        self.state.as_ref()?.encounter.as_ref()
    }

    pub fn encounter_id(&self) -> Option<EncounterId> {
        self.encounter().map(|encounter| encounter.id)
    }

    pub fn call(&self) -> &CallState {
        self.state.as_ref().map_or(&CallState::None, |state| &state.call)
    }

    pub fn nurse(&self) -> Option<&Nurse> {
        match &self.state.as_ref()?.sign_in {
            SignInState::SignedIn { nurse } => Some(nurse),
            SignInState::SignedOut { .. } => None,
        }
    }

    pub fn hub_away_since(&self) -> Option<Timestamp> {
        match self.state.as_ref()?.hub {
            HubLink::Connected => None,
            HubLink::Away { since } => Some(since),
        }
    }

    pub const fn pin(&self) -> &PinEntry {
        &self.pin
    }

    pub const fn choice(&self) -> Option<&Choice> {
        self.choice.as_ref()
    }

    pub fn is_asked(&self, wish: Wish) -> bool {
        self.asked.is_waiting(wish)
    }

    pub const fn asks_end(&self) -> bool {
        self.ask_end
    }

    pub const fn is_muted(&self) -> bool {
        self.muted
    }

    pub const fn examining(&self) -> &Examining {
        &self.examining
    }

    pub const fn listening(&self) -> &Listening {
        &self.listening
    }

    pub const fn is_taking(&self) -> bool {
        self.taking
    }

    /// What the physician of the call sees of the camera's picture.
    pub const fn physicians_view(&self) -> View {
        self.view
    }

    pub const fn camera_is_away(&self) -> bool {
        self.camera_away
    }

    /// The page shows moving pictures.
    pub fn shows_video(&self) -> bool {
        matches!(self.page(), Page::Call | Page::Camera) && self.cover() == Cover::None
    }

    pub fn device(&self, what: Measurable) -> Option<&DeviceState> {
        self.state.as_ref()?.devices.iter().find(|device| device.measures == Some(what))
    }

    /// The most urgent word for all entries of the cart, and how many it is about.
    pub fn sync(&self) -> (SyncKind, u32) {
        let sync = self.state.as_ref().map(|state| state.sync).unwrap_or_default();
        let away = self.hub_away_since().is_some();
        match (sync.set_aside, sync.on_cart, sync.sent) {
            (0, 0, 0) => (SyncKind::AllArrived, 0),
            (0, 0, sent) => (SyncKind::OnTheWay, sent),
            (0, on_cart, _) if away => (SyncKind::Waiting, on_cart),
            (0, on_cart, _) => (SyncKind::Sending, on_cart),
            (set_aside, _, _) => (SyncKind::Attention, set_aside),
        }
    }

    /// Entries of the open encounter that are not in the EHR, its own opening included.
    pub fn unsent(&self) -> usize {
        let Some(encounter) = self.encounter() else { return 0 };
        let readings = encounter.readings.iter().map(|saved| saved.stage);
        let observed = encounter.observed.iter().map(|saved| saved.stage);
        let stills = encounter.stills.iter().map(|saved| saved.stage);
        let sounds = encounter.auscultations.iter().map(|saved| saved.stage);
        let entries = readings.chain(observed).chain(stills).chain(sounds);
        let stages = entries.chain([encounter.stage]);
        stages.filter(|stage| *stage != SyncStage::InEhr).count()
    }

    /// Newest first.
    pub fn notices(&self) -> Vec<ShownNotice<'_>> {
        let carts = self.state.iter().flat_map(|state| &state.notices).map(|notice| ShownNotice {
            id: notice.id,
            at: notice.at,
            kind: ShownKind::Carts(notice),
        });
        let own = self.told.notices().iter().map(|notice| ShownNotice {
            id: notice.id,
            at: notice.at,
            kind: ShownKind::Own(&notice.kind),
        });
        let mut notices: Vec<_> = carts.chain(own).collect();
        // A patient beyond a limit is told of before anything else.
        notices.sort_by_key(|notice| (!notice.alarms(), std::cmp::Reverse(notice.at)));
        notices
    }
}
