//! What fingers do. A press on what the page does not offer now is a press that came too late.

use cart_api::{Command, Identifier, Measurable, SignInState};

use clinical::{AuscultationSite, ExamCamera, Laterality};

use super::{
    Asker, Choice, Effect, Model, ObservePress, OwnKind, Page, StudioOrder, TrayPress, Wish,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// By staff number.
    Nurse(String),
    Digit(u8),
    DeleteDigit,
    Enter,
    SignOut,
    /// By medical record number.
    Patient(String),
    Compared(Identifier),
    BackToPatients,
    StartEncounter,
    Measure(Measurable),
    Stop(Measurable),
    Call,
    /// Also takes back a call that rings.
    HangUp,
    Mute,
    OpenCamera,
    CloseCamera,
    TakePicture,
    EndEncounter,
    KeepOpen,
    ConfirmEnd,
    Tray(TrayPress),
    Observe(ObservePress),
    /// Where the chest piece lies.
    Site(AuscultationSite),
    NextSite,
    PreviousSite,
    /// An exam camera; `None`: it is put down.
    TakeUp(Option<ExamCamera>),
    LookInto(Laterality),
    DismissOwn(u64),
    DismissCarts(u64),
}

impl Model {
    pub(super) fn press(&mut self, press: Press) -> Vec<Effect> {
        match press {
            Press::Nurse(id) => self.choose_nurse(&id),
            Press::Digit(digit) => self.pin.digit(digit),
            Press::DeleteDigit => self.pin.delete(),
            Press::Enter => return self.enter(),
            Press::SignOut => return self.ask_once(Wish::SignOut, Command::SignOut),
            Press::Patient(number) => self.choose_patient(&number),
            Press::Compared(identifier) => {
                let choice = self.choice.as_mut().map(|choice| &mut choice.compared);
                if let Some(compared) = self.desk.comparing().or(choice) {
                    compared.toggle(identifier);
                }
            }
            Press::BackToPatients => {
                self.choice = None;
                self.forget_scans();
            }
            Press::StartEncounter => return self.start(),
            Press::Measure(what) => {
                return self.ask_once(Wish::Measure(what), Command::Measure { what });
            }
            // Letting the air out is never held back by an answer that is still missing.
            Press::Stop(what) => {
                return self.ask(Wish::Stop(what), Command::StopMeasuring { what });
            }
            Press::Call => return self.ask_once(Wish::Call, Command::Call),
            Press::HangUp => return self.ask_once(Wish::HangUp, Command::HangUp),
            Press::Mute => return self.mute(),
            Press::OpenCamera => self.viewfinder = self.page() == Page::Vitals,
            Press::CloseCamera => self.viewfinder = false,
            Press::TakePicture => return self.take_picture(),
            Press::EndEncounter => self.ask_end = self.page() == Page::Vitals,
            Press::KeepOpen => self.ask_end = false,
            Press::ConfirmEnd => return self.confirm_end(),
            Press::Tray(press) => return self.press_at_tray(press),
            Press::Observe(press) => return self.press_at_sheet(press),
            Press::Site(site) => return self.lay(site),
            Press::NextSite => return self.lay(self.listening.next()),
            Press::PreviousSite => return self.lay(self.listening.previous()),
            Press::TakeUp(camera) => return self.take_up(camera),
            Press::LookInto(side) => return self.look_into(side),
            Press::DismissOwn(id) => self.told.dismiss(id),
            Press::DismissCarts(id) => {
                return self.ask(Wish::Dismiss, Command::DismissNotice { id });
            }
        }
        Vec::new()
    }

    fn choose_nurse(&mut self, id: &str) {
        let Some(SignInState::SignedOut { nurses }) =
            self.state.as_ref().map(|state| &state.sign_in)
        else {
            return;
        };
        if let Some(nurse) = nurses.iter().find(|nurse| nurse.id == id) {
            self.pin.choose(nurse.clone());
        }
    }

    fn enter(&mut self) -> Vec<Effect> {
        match self.pin.submit() {
            Some((nurse, pin)) => self.ask(Wish::SignIn, Command::SignIn { nurse, pin }),
            None => Vec::new(),
        }
    }

    fn choose_patient(&mut self, number: &str) {
        let Some(state) = &self.state else { return };
        let entry = state.worklist.iter().find(|entry| entry.patient.number == number);
        self.choice = entry.cloned().map(Choice::new);
    }

    fn start(&mut self) -> Vec<Effect> {
        let Some(choice) = self.choice.as_ref().filter(|choice| choice.compared.is_enough()) else {
            return Vec::new();
        };
        let patient = choice.entry.patient.clone();
        let confirmed = choice.compared.as_slice().to_vec();
        self.ask_once(Wish::Open, Command::OpenEncounter { patient, confirmed })
    }

    fn mute(&mut self) -> Vec<Effect> {
        self.muted = !self.muted;
        vec![Effect::Studio(StudioOrder::Mute(self.muted))]
    }

    fn take_picture(&mut self) -> Vec<Effect> {
        if self.page() != Page::Camera || std::mem::replace(&mut self.taking, true) {
            return Vec::new();
        }
        let examined = self.examining.examined;
        let is_away = if examined.is_some() { self.examining.is_away } else { self.camera_away };
        if is_away {
            self.taking = false;
            return self.tell(OwnKind::PictureFailed { by: None });
        }
        self.order_still(Asker::Nurse, examined)
    }

    fn confirm_end(&mut self) -> Vec<Effect> {
        if !self.ask_end {
            return Vec::new();
        }
        self.ask_once(Wish::End, Command::EndEncounter)
    }
}
