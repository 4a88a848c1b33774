//! What was asked of `cartd` and is not answered yet.

use cart_api::{Command, Measurable, Refusal, Request};
use clinical::{EncounterId, EntryId, ReadingId};

use super::{Aspect, Daemon, Effect, Model, OwnKind, PinState, SoundFor, StillFor};

/// A held camera button makes five a second, everything else is a finger; more than this waiting
/// means that nobody answers.
const MAX_WAITING: usize = 64;

/// Why a command was sent, so that its answer finds the place where it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    SignIn,
    SignOut,
    Open,
    End,
    /// Out of the tray, for the open encounter's patient.
    Claim(ReadingId),
    Discard(ReadingId),
    Observe(Aspect),
    Measure(Measurable),
    Stop(Measurable),
    Call,
    HangUp,
    /// The physician moves the camera.
    Camera,
    /// The camera looks at the room for the nurse, or no more. A cart may have one that cannot turn.
    Look,
    /// Between the peer connections; nobody waits for its answer.
    Signal,
    Still(StillFor),
    Sound(SoundFor),
    Dismiss,
}

pub(super) struct Asked {
    next: u64,
    waiting: Vec<(u64, Wish)>,
}

impl Asked {
    pub const fn new() -> Self {
        // 0 is the number of `Hello`.
        Self { next: 1, waiting: Vec::new() }
    }

    fn number(&mut self, wish: Wish) -> Option<u64> {
        if self.waiting.len() >= MAX_WAITING {
            return None;
        }
        let number = self.next;
        self.next += 1;
        self.waiting.push((number, wish));
        Some(number)
    }

    pub fn is_waiting(&self, wish: Wish) -> bool {
        self.waiting.iter().any(|(_, waiting)| *waiting == wish)
    }

    pub fn take(&mut self, number: u64) -> Option<Wish> {
        let index = self.waiting.iter().position(|(waiting, _)| *waiting == number)?;
        Some(self.waiting.remove(index).1)
    }

    pub fn take_all(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.waiting).into_iter().map(|(_, wish)| wish).collect()
    }
}

impl Model {
    pub(super) fn ask(&mut self, wish: Wish, command: Command) -> Vec<Effect> {
        self.ask_about(self.encounter_id(), wish, command, Vec::new())
    }

    /// `encounter`: the one that was shown when a person wished it.
    pub(super) fn ask_about(
        &mut self,
        encounter: Option<EncounterId>,
        wish: Wish,
        command: Command,
        blob: Vec<u8>,
    ) -> Vec<Effect> {
        match self.asked.number(wish) {
            Some(number) => {
                let request = Request { number, encounter, command };
                vec![Effect::Send { request, blob }]
            }
            None => self.unanswered(wish),
        }
    }

    /// A second press while the first is not answered would only be refused.
    pub(super) fn ask_once(&mut self, wish: Wish, command: Command) -> Vec<Effect> {
        if self.asked.is_waiting(wish) { Vec::new() } else { self.ask(wish, command) }
    }

    pub(super) fn done(&mut self, number: u64, entry: Option<EntryId>) -> Vec<Effect> {
        match self.asked.take(number) {
            Some(Wish::Still(for_whom)) => self.still_saved(for_whom, entry),
            Some(Wish::Sound(for_whom)) => self.sound_saved(for_whom, entry),
            Some(Wish::Camera) => {
                self.camera_disobeys = false;
                Vec::new()
            }
            Some(Wish::Claim(reading)) => self.decided(reading, OwnKind::Claimed),
            Some(Wish::Discard(reading)) => self.decided(reading, OwnKind::Discarded),
            Some(Wish::Observe(aspect)) => self.observed(aspect),
            // The state that follows shows the rest; 0 answers `Hello`.
            Some(_) | None => Vec::new(),
        }
    }

    pub(super) fn refused(&mut self, number: u64, refusal: Refusal) -> Vec<Effect> {
        if refusal == Refusal::WrongVersion {
            self.daemon = Daemon::WrongVersion;
            return Vec::new();
        }
        match self.asked.take(number) {
            Some(Wish::SignIn) => self.pin.refuse(refusal, self.now),
            Some(Wish::Still(for_whom)) => return self.still_refused(for_whom, refusal),
            Some(Wish::Sound(for_whom)) => return self.sound_refused(for_whom, refusal),
            Some(Wish::Camera) => return self.camera_disobeys(),
            Some(Wish::Signal | Wish::Look | Wish::Dismiss) | None => {
                tracing::debug!(number, ?refusal, "Refused, and nobody waits for it");
            }
            Some(Wish::Measure(what) | Wish::Stop(what)) => {
                return self.tell(OwnKind::Refused { refusal, device: Some(what) });
            }
            Some(
                Wish::SignOut
                | Wish::Open
                | Wish::End
                | Wish::Claim(_)
                | Wish::Discard(_)
                | Wish::Observe(_)
                | Wish::Call
                | Wish::HangUp,
            ) => {
                return self.tell(OwnKind::Refused { refusal, device: None });
            }
        }
        Vec::new()
    }

    /// `cartd` did not take it, or went away before it answered.
    pub(super) fn unanswered(&mut self, wish: Wish) -> Vec<Effect> {
        match wish {
            Wish::SignIn => {
                self.pin.state = PinState::Failed;
                Vec::new()
            }
            Wish::Still(for_whom) => self.still_failed(for_whom),
            Wish::Sound(for_whom) => self.sound_failed(for_whom),
            Wish::Camera => self.camera_disobeys(),
            // A reconnect makes a new offer; a notice that stays can be dismissed again.
            Wish::Signal | Wish::Look | Wish::Dismiss => Vec::new(),
            Wish::SignOut
            | Wish::Open
            | Wish::End
            | Wish::Claim(_)
            | Wish::Discard(_)
            | Wish::Observe(_)
            | Wish::Measure(_)
            | Wish::Stop(_)
            | Wish::Call
            | Wish::HangUp => self.tell(OwnKind::NotReached),
        }
    }
}
