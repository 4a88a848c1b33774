//! A scanned wristband: the number counts as compared when it is the patient's, and of another patient it
//! opens nothing.

use cart_api::Identifier;

use super::{Compared, Effect, Model, OwnKind, Page};

impl Model {
    /// `None`: the scanner read something, and nothing whole.
    pub(super) fn scanned(&mut self, text: Option<&str>) -> Vec<Effect> {
        let Some(number) = self.number_to_compare() else {
            tracing::debug!("A scan while no number is compared");
            return Vec::new();
        };
        let is_the_patients = text.map(|text| text.trim() == number);
        self.forget_scans();
        let choice = self.choice.as_mut().map(|choice| &mut choice.compared);
        let Some(compared) = self.desk.comparing().or(choice) else { return Vec::new() };
        match is_the_patients {
            Some(true) => {
                compared.take(Identifier::Number);
                Vec::new()
            }
            // It may be the wrong bed: what was compared before may have been another's too.
            Some(false) => {
                *compared = Compared::nothing();
                self.tell(OwnKind::OtherWristband)
            }
            None => self.tell(OwnKind::ScanFailed),
        }
    }

    pub(super) fn forget_scans(&mut self) {
        self.told.take_back(&OwnKind::OtherWristband);
        self.told.take_back(&OwnKind::ScanFailed);
    }

    /// Of the patient whose wristband is being compared now.
    fn number_to_compare(&self) -> Option<String> {
        let patient = match self.page() {
            Page::Identify => &self.choice()?.entry.patient,
            Page::Claim => &self.encounter()?.patient,
            Page::SignIn
            | Page::Worklist
            | Page::Vitals
            | Page::Camera
            | Page::Call
            | Page::Observe
            | Page::Breaths
            | Page::Tray
            | Page::Discard => return None,
        };
        Some(patient.number.clone())
    }

    pub const fn has_scanner(&self) -> bool {
        self.scanner
    }
}
