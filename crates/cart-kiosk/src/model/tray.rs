//! Where the nurse stands at the tray of unassigned readings, and what is being decided about one.
//!
//! What was compared is about one reading and one encounter: when either is another one, nothing has
//! been compared. The tray itself is `cartd`'s; a reading leaves it when the state says so.

use cart_api::{CartState, Command, Discarded, SignInState, Tray, TrayReading};
use clinical::{EncounterId, ReadingId};

use super::{Compared, Effect, Model, OwnKind, Page, Wish};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayPress {
    Open,
    Close,
    Reading(ReadingId),
    BackToList,
    /// It is the open encounter's patient's.
    Claim,
    /// Asks for the reason first.
    Discard,
    BackToReading,
    Reason(Discarded),
    ConfirmDiscard,
}

pub(super) enum Desk {
    Closed,
    List,
    Deciding(Decision),
}

pub struct Decision {
    pub reading: ReadingId,
    /// The one whose patient the comparisons are about.
    encounter: Option<EncounterId>,
    pub compared: Compared,
    pub step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Whose,
    /// With the reason, once one is chosen.
    Discard(Option<Discarded>),
}

impl Desk {
    pub const fn page(&self) -> Option<Page> {
        match self {
            Self::Closed => None,
            Self::List => Some(Page::Tray),
            Self::Deciding(Decision { step: Step::Whose, .. }) => Some(Page::Claim),
            Self::Deciding(Decision { step: Step::Discard(_), .. }) => Some(Page::Discard),
        }
    }

    pub fn keep_up(&mut self, state: &CartState) {
        if matches!(state.sign_in, SignInState::SignedOut { .. }) {
            *self = Self::Closed;
        }
        let Self::Deciding(decision) = self else { return };
        let is_there = find(&state.tray, decision.reading).is_some();
        if !is_there || decision.encounter != encounter_of(state) {
            *self = Self::List;
        }
    }

    /// The comparisons that a tap counts for.
    pub fn comparing(&mut self) -> Option<&mut Compared> {
        match self {
            Self::Deciding(Decision { step: Step::Whose, compared, .. }) => Some(compared),
            Self::Deciding(_) | Self::List | Self::Closed => None,
        }
    }

    fn decided(&mut self, reading: ReadingId) {
        if matches!(self, Self::Deciding(decision) if decision.reading == reading) {
            *self = Self::List;
        }
    }

    fn step_to(&mut self, step: Step) {
        if let Self::Deciding(decision) = self {
            decision.step = step;
        }
    }
}

impl Model {
    pub(super) fn press_at_tray(&mut self, press: TrayPress) -> Vec<Effect> {
        match press {
            TrayPress::Open => {
                let offered = matches!(self.page(), Page::Worklist | Page::Vitals);
                if offered && !self.ask_end {
                    self.desk = Desk::List;
                }
            }
            TrayPress::Close => self.desk = Desk::Closed,
            TrayPress::Reading(id) => self.decide(id),
            TrayPress::BackToList => self.desk = Desk::List,
            TrayPress::Claim => return self.claim(),
            TrayPress::Discard => self.desk.step_to(Step::Discard(None)),
            TrayPress::BackToReading => self.desk.step_to(Step::Whose),
            TrayPress::Reason(why) => {
                if self.page() == Page::Discard {
                    self.desk.step_to(Step::Discard(Some(why)));
                }
            }
            TrayPress::ConfirmDiscard => return self.discard(),
        }
        Vec::new()
    }

    fn decide(&mut self, reading: ReadingId) {
        let Some(state) = self.state.as_ref().filter(|_| self.page() == Page::Tray) else { return };
        if find(&state.tray, reading).is_some() {
            let encounter = encounter_of(state);
            let compared = Compared::nothing();
            self.desk =
                Desk::Deciding(Decision { reading, encounter, compared, step: Step::Whose });
        }
    }

    fn claim(&mut self) -> Vec<Effect> {
        let Some((decision, _)) = self.decision().filter(|_| self.can_claim()) else {
            return Vec::new();
        };
        let (reading, confirmed) = (decision.reading, decision.compared.as_slice().to_vec());
        self.ask_once(Wish::Claim(reading), Command::Claim { reading, confirmed })
    }

    fn discard(&mut self) -> Vec<Effect> {
        let Some((Decision { reading, step: Step::Discard(Some(why)), .. }, _)) = self.decision()
        else {
            return Vec::new();
        };
        let (reading, why) = (*reading, *why);
        self.ask_once(Wish::Discard(reading), Command::Discard { reading, why })
    }

    /// `cartd` has carried it out, which is good news.
    pub(super) fn decided(&mut self, reading: ReadingId, news: OwnKind) -> Vec<Effect> {
        self.desk.decided(reading);
        self.tell(news)
    }

    /// What is being decided, and about which reading.
    pub fn decision(&self) -> Option<(&Decision, &TrayReading)> {
        let Desk::Deciding(decision) = &self.desk else { return None };
        Some((decision, find(self.tray()?, decision.reading)?))
    }

    /// It may be a patient's, an encounter is open, and two identifiers are compared.
    pub fn can_claim(&self) -> bool {
        self.encounter().is_some()
            && self.decision().is_some_and(|(decision, kept)| {
                kept.claimable && decision.step == Step::Whose && decision.compared.is_enough()
            })
    }

    pub fn tray(&self) -> Option<&Tray> {
        Some(&self.state.as_ref()?.tray)
    }
}

fn find(tray: &Tray, id: ReadingId) -> Option<&TrayReading> {
    tray.readings.iter().find(|kept| kept.reading.id == id)
}

fn encounter_of(state: &CartState) -> Option<EncounterId> {
    state.encounter.as_ref().map(|encounter| encounter.id)
}
