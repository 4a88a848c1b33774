//! What a kiosk may ask, and who must be signed in for it.

use cart_api::{Command, Refusal, Request, Response};
use clinical::EncounterId;
use devices::Ptz;

use super::{Answer, Core, heard::Heard};
use crate::{clock, kiosk::ClientId};

impl Core {
    pub(super) async fn asked(&mut self, client: ClientId, request: Request, blob: Vec<u8>) {
        let Request { number, encounter, command } = request;
        if is_a_touch(&command) {
            self.session.touched(clock::now());
        }
        if let Command::SignIn { nurse, pin } = command {
            // Answered when the PIN is checked.
            return self.sign_in(client, number, nurse, pin).await;
        }
        let answer = match self.check(&command, encounter) {
            Ok(()) => self.carry_out(client, command, blob).await,
            Err(refusal) => Err(refusal),
        };
        self.answer(client, number, answer);
    }

    /// `seen`: the encounter that the person had before her. A screen may be behind, and a picture may
    /// come when the next patient's encounter is open already. Where none is open, the command itself
    /// says so.
    fn check(&self, command: &Command, seen: Option<EncounterId>) -> Result<(), Refusal> {
        if needs_a_nurse(command) && !self.session.is_signed_in() {
            return Err(Refusal::NotSignedIn);
        }
        match self.visit.open() {
            Some(open) if concerns_the_patient(command) && seen != Some(open.id) => {
                Err(Refusal::OtherEncounter)
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn answer(&mut self, client: ClientId, number: u64, answer: Answer) {
        let response = match answer {
            Ok(entry) => Response::Done { number, entry },
            Err(refusal) => Response::Refused { number, refusal },
        };
        self.outgoing.answer(client, response);
    }

    async fn carry_out(&mut self, client: ClientId, command: Command, blob: Vec<u8>) -> Answer {
        match command {
            // Answered before they come here.
            Command::Hello { .. } | Command::SignIn { .. } => Ok(None),
            Command::SignOut => self.sign_out(),
            Command::OpenEncounter { patient, confirmed } => self.open(patient, confirmed).await,
            Command::EndEncounter => self.end_encounter().await,
            Command::Claim { reading, confirmed } => self.claim(reading, confirmed).await,
            Command::Discard { reading, why } => self.discard(reading, why).await,
            Command::Observe { what } => self.observe(what).await,
            Command::Measure { what } => self.measure(what).await,
            Command::StopMeasuring { what } => self.stop_measuring(what),
            Command::Call => self.press_call(),
            Command::HangUp => self.hang_up(),
            Command::Signal { call, signal } => self.signal(call, signal),
            Command::MoveCamera { pan, tilt, zoom } => {
                self.move_camera(client, Ptz::Move { pan, tilt, zoom })
            }
            Command::StopCamera => {
                self.camera_button_is_up();
                Ok(None)
            }
            Command::CameraHome => self.camera_home(client),
            Command::ParkCamera => {
                self.camera_is_left();
                Ok(None)
            }
            Command::SaveStill { media_type, width, height, examined } => {
                self.save_still(media_type, (width, height), examined, blob).await
            }
            Command::SaveAuscultation { site, began, millis, gaps } => {
                self.save_auscultation(Heard { site, began, millis, gaps }, blob).await
            }
            Command::DismissNotice { id } => {
                self.notices.dismiss(id);
                Ok(None)
            }
        }
    }
}

/// What makes safe (the air out, the camera still, the call over) is taken from anybody at the
/// cart, and so is what the physician does through the kiosk in a call that a nurse began.
fn needs_a_nurse(command: &Command) -> bool {
    match command {
        Command::OpenEncounter { .. }
        | Command::EndEncounter
        | Command::Claim { .. }
        | Command::Discard { .. }
        | Command::Observe { .. }
        | Command::Measure { .. }
        | Command::Call => true,
        Command::Hello { .. }
        | Command::SignIn { .. }
        | Command::SignOut
        | Command::StopMeasuring { .. }
        | Command::HangUp
        | Command::Signal { .. }
        | Command::MoveCamera { .. }
        | Command::StopCamera
        | Command::CameraHome
        | Command::ParkCamera
        | Command::SaveStill { .. }
        | Command::SaveAuscultation { .. }
        | Command::DismissNotice { .. } => false,
    }
}

/// What would be the wrong patient's if another encounter were open than the person saw.
fn concerns_the_patient(command: &Command) -> bool {
    match command {
        Command::EndEncounter
        | Command::Claim { .. }
        | Command::Observe { .. }
        | Command::Measure { .. }
        | Command::Call
        | Command::SaveStill { .. }
        | Command::SaveAuscultation { .. } => true,
        // An opening is refused while any encounter is open; a discarded reading is nobody's.
        Command::OpenEncounter { .. } | Command::Discard { .. } => false,
        // What stops something is taken from a screen that is behind as well.
        Command::StopMeasuring { .. }
        | Command::HangUp
        | Command::StopCamera
        | Command::ParkCamera => false,
        Command::Hello { .. }
        | Command::SignIn { .. }
        | Command::SignOut
        | Command::Signal { .. }
        | Command::MoveCamera { .. }
        | Command::CameraHome
        | Command::DismissNotice { .. } => false,
    }
}

/// Done by a hand at the cart; what the physician does does not keep a nurse signed in.
fn is_a_touch(command: &Command) -> bool {
    match command {
        Command::SignOut
        | Command::OpenEncounter { .. }
        | Command::EndEncounter
        | Command::Claim { .. }
        | Command::Discard { .. }
        | Command::Observe { .. }
        | Command::Measure { .. }
        | Command::StopMeasuring { .. }
        | Command::Call
        | Command::HangUp
        | Command::DismissNotice { .. } => true,
        Command::Hello { .. }
        | Command::SignIn { .. }
        | Command::Signal { .. }
        | Command::MoveCamera { .. }
        | Command::StopCamera
        | Command::CameraHome
        | Command::ParkCamera
        | Command::SaveStill { .. }
        | Command::SaveAuscultation { .. } => false,
    }
}
