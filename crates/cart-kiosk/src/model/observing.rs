//! The sheet of what the nurse sees herself: what is chosen on it and not saved yet.
//!
//! What is chosen is about one encounter and about now: with another encounter it is gone, and after some
//! minutes too, because an entry is of the moment in which it is saved. What is saved is `cartd`'s.

use cart_api::{CartState, Command, SavedObserved, SignInState};
use clinical::{EncounterId, Finding, Timestamp};

use super::{
    Effect, Model, OwnKind, Page, Wish,
    breaths::{Breaths, BreathsPress},
};

/// A patient may be another one after it: it is looked again, not saved late.
const FRESH_MS: i64 = 5 * 60_000;

/// What is observed, each once on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Breaths,
    Consciousness,
    Oxygen,
    Pregnancy,
    /// Prescribed by a physician; the sheet does not offer it.
    OxygenScale,
}

impl Aspect {
    pub const fn of(what: Finding) -> Self {
        match what {
            Finding::RespiratoryRate { .. } => Self::Breaths,
            Finding::Consciousness { .. } => Self::Consciousness,
            Finding::Breathing { .. } => Self::Oxygen,
            Finding::Pregnancy { .. } => Self::Pregnancy,
            Finding::OxygenScale { .. } => Self::OxygenScale,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservePress {
    Open,
    /// What is chosen and not saved is forgotten.
    Close,
    /// A second tap takes the first one back.
    Choose(Finding),
    Save,
    /// Opens the page on which breaths are counted.
    OpenBreaths,
    CloseBreaths,
    Breaths(BreathsPress),
    /// What was counted or typed goes onto the sheet.
    TakeRate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub what: Finding,
    /// Breaths in half a minute, where it was counted here.
    pub counted: Option<u16>,
    at: Timestamp,
}

pub(super) enum Sheet {
    Closed,
    Open(Notes),
}

pub(super) struct Notes {
    encounter: EncounterId,
    /// One of each aspect at most.
    chosen: Vec<Chosen>,
    /// While breaths are counted or typed.
    breaths: Option<Breaths>,
}

impl Notes {
    fn choose(&mut self, what: Finding, counted: Option<u16>, at: Timestamp) {
        self.forget(Aspect::of(what));
        self.chosen.push(Chosen { what, counted, at });
    }

    fn forget(&mut self, aspect: Aspect) {
        self.chosen.retain(|chosen| Aspect::of(chosen.what) != aspect);
    }
}

impl Sheet {
    pub const fn page(&self) -> Option<Page> {
        match self {
            Self::Closed => None,
            Self::Open(Notes { breaths: None, .. }) => Some(Page::Observe),
            Self::Open(Notes { breaths: Some(_), .. }) => Some(Page::Breaths),
        }
    }

    pub fn keep_up(&mut self, state: &CartState) {
        let signed_out = matches!(state.sign_in, SignInState::SignedOut { .. });
        let open = state.encounter.as_ref().map(|encounter| encounter.id);
        if let Self::Open(notes) = self
            && (signed_out || open != Some(notes.encounter))
        {
            *self = Self::Closed;
        }
    }

    pub fn pass_time(&mut self, now: Timestamp) {
        if let Self::Open(Notes { breaths: Some(breaths), .. }) = self {
            breaths.pass_time(now);
        }
    }

    fn notes(&mut self) -> Option<&mut Notes> {
        match self {
            Self::Closed => None,
            Self::Open(notes) => Some(notes),
        }
    }
}

impl Model {
    pub(super) fn press_at_sheet(&mut self, press: ObservePress) -> Vec<Effect> {
        match press {
            ObservePress::Open => self.open_sheet(),
            ObservePress::Close => self.sheet = Sheet::Closed,
            ObservePress::Choose(what) => self.choose_finding(what),
            ObservePress::Save => return self.save_observed(),
            ObservePress::OpenBreaths => {
                if let Some(notes) = self.sheet.notes() {
                    notes.breaths.get_or_insert_default();
                }
            }
            ObservePress::CloseBreaths => {
                if let Some(notes) = self.sheet.notes() {
                    notes.breaths = None;
                }
            }
            ObservePress::Breaths(press) => {
                let now = self.now;
                if let Some(breaths) = self.sheet.notes().and_then(|it| it.breaths.as_mut()) {
                    breaths.press(press, now);
                }
            }
            ObservePress::TakeRate => self.take_rate(),
        }
        Vec::new()
    }

    fn open_sheet(&mut self) {
        if self.page() != Page::Vitals || self.ask_end {
            return;
        }
        if let Some(encounter) = self.encounter().map(|encounter| encounter.id) {
            self.sheet = Sheet::Open(Notes { encounter, chosen: Vec::new(), breaths: None });
        }
    }

    fn choose_finding(&mut self, what: Finding) {
        let (now, again) =
            (self.now, self.chosen(Aspect::of(what)).map(|it| it.what) == Some(what));
        if self.is_saving(Aspect::of(what)) {
            return;
        }
        match self.sheet.notes() {
            Some(notes) if again => notes.forget(Aspect::of(what)),
            Some(notes) => notes.choose(what, None, now),
            None => {}
        }
    }

    fn take_rate(&mut self) {
        let now = self.now;
        if self.is_saving(Aspect::Breaths) {
            return;
        }
        let Some(notes) = self.sheet.notes() else { return };
        let Some(rate) = notes.breaths.and_then(|breaths| breaths.rate()) else { return };
        let what = Finding::RespiratoryRate { per_minute: rate.per_minute };
        notes.choose(what, rate.counted, now);
        notes.breaths = None;
    }

    fn save_observed(&mut self) -> Vec<Effect> {
        let chosen: Vec<Finding> = self.all_chosen().iter().map(|chosen| chosen.what).collect();
        let save = |what| self.ask_once(Wish::Observe(Aspect::of(what)), Command::Observe { what });
        chosen.into_iter().flat_map(save).collect()
    }

    /// `cartd` has committed it: from now on the state shows it.
    pub(super) fn observed(&mut self, aspect: Aspect) -> Vec<Effect> {
        if let Some(notes) = self.sheet.notes() {
            notes.forget(aspect);
        }
        Vec::new()
    }

    /// What was seen too long ago to be saved as of now.
    pub(super) fn forget_old_choices(&mut self) -> Vec<Effect> {
        let (now, waiting) = (self.now, &self.asked);
        let Some(notes) = self.sheet.notes() else { return Vec::new() };
        let before = notes.chosen.len();
        notes.chosen.retain(|chosen| {
            now.millis_since(chosen.at) < FRESH_MS
                || waiting.is_waiting(Wish::Observe(Aspect::of(chosen.what)))
        });
        if notes.chosen.len() == before {
            Vec::new()
        } else {
            self.tell(OwnKind::ObservedTooLongAgo)
        }
    }

    pub fn all_chosen(&self) -> &[Chosen] {
        match &self.sheet {
            Sheet::Closed => &[],
            Sheet::Open(notes) => &notes.chosen,
        }
    }

    /// Chosen on the sheet and not saved.
    pub fn chosen(&self, aspect: Aspect) -> Option<Chosen> {
        self.all_chosen().iter().copied().find(|chosen| Aspect::of(chosen.what) == aspect)
    }

    pub fn is_saving(&self, aspect: Aspect) -> bool {
        self.is_asked(Wish::Observe(aspect))
    }

    /// While breaths are counted or typed.
    pub const fn breaths(&self) -> Option<Breaths> {
        match &self.sheet {
            Sheet::Closed => None,
            Sheet::Open(notes) => notes.breaths,
        }
    }

    /// The newest of the open encounter that is saved.
    pub fn saved_finding(&self, aspect: Aspect) -> Option<&SavedObserved> {
        let mut newest_first = self.encounter()?.observed.iter().rev();
        newest_first.find(|saved| Aspect::of(saved.observed.what) == aspect)
    }
}
