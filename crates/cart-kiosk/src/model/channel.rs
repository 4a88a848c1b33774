//! What the physician asks for over the data channel of the call, and what media tells of itself.

use cart_api::{CallState, Command, Refusal, Space};
use clinical::{EntryId, Examined};
use hub_api::{CartOnChannel, PhysicianOnChannel, View};
use media::MediaEvent;

use super::{Asker, Effect, Model, OwnKind, StillFor, StudioOrder, TakenPicture, Wish};

// For the physician, in the words of the portal.
const CAMERA_DISOBEYS: &str = "The camera does not answer. Ask the nurse to check its cable.";
const NO_PICTURE: &str = "The camera gave no picture. Ask the nurse to check its cable.";
const OTHER_PART: &str =
    "What is examined was changed at the cart. Look at its name, then take the picture.";
const NOT_SAVED: &str = "The cart could not save the picture. Try again.";
const NO_SPACE: &str =
    "The cart's storage is full: it takes no pictures. Ask the nurse to call the technician.";

impl Model {
    pub(super) fn media(&mut self, event: MediaEvent) -> Vec<Effect> {
        match event {
            MediaEvent::Signal { call, signal } => {
                self.ask(Wish::Signal, Command::Signal { call, signal })
            }
            MediaEvent::Channel(wish) => self.physician(wish),
            MediaEvent::CameraLost => {
                self.camera_away = true;
                self.tell(OwnKind::CameraAway)
            }
            MediaEvent::CameraBack => {
                self.camera_away = false;
                self.take_back(&OwnKind::CameraAway)
            }
            MediaEvent::MicrophoneLost => self.tell(OwnKind::MicrophoneAway),
            MediaEvent::MicrophoneBack => self.take_back(&OwnKind::MicrophoneAway),
            MediaEvent::StethoscopeLost => {
                self.listening.is_away = true;
                Vec::new()
            }
            MediaEvent::StethoscopeBack => {
                self.listening.is_away = false;
                Vec::new()
            }
            MediaEvent::ExamCameraLost(camera) => self.exam_camera(camera, true),
            MediaEvent::ExamCameraBack(camera) => self.exam_camera(camera, false),
            MediaEvent::SpeakerLost => self.tell(OwnKind::SpeakerAway),
            MediaEvent::SpeakerBack => self.take_back(&OwnKind::SpeakerAway),
            // Seen by the age of the newest frame, which also covers a browser that sends nothing.
            MediaEvent::Connected { .. }
            | MediaEvent::PeerLost { .. }
            | MediaEvent::FirstRemoteFrame => Vec::new(),
        }
    }

    fn physician(&mut self, wish: PhysicianOnChannel) -> Vec<Effect> {
        match wish {
            PhysicianOnChannel::Move { pan, tilt, zoom } => {
                self.ask(Wish::Camera, Command::MoveCamera { pan, tilt, zoom })
            }
            PhysicianOnChannel::Stop => self.ask(Wish::Camera, Command::StopCamera),
            PhysicianOnChannel::Home => {
                let mut effects = self.look(View::WHOLE);
                effects.extend(self.ask(Wish::Camera, Command::CameraHome));
                effects
            }
            PhysicianOnChannel::Look { view } => self.look(view),
            PhysicianOnChannel::Examine { examined } => self.examine(examined),
            PhysicianOnChannel::Listen { on } => self.listen(on),
            PhysicianOnChannel::Site { site } => self.lay(site),
            PhysicianOnChannel::KeepSound { request, site } => self.order_sound(request, site),
            PhysicianOnChannel::ProveSound => vec![
                Effect::Studio(StudioOrder::ProveSound),
                Effect::Studio(StudioOrder::Say(CartOnChannel::ProofBegins)),
            ],
            PhysicianOnChannel::Freeze { request, examined } => {
                self.order_still(Asker::Physician { request }, examined)
            }
        }
    }

    /// A wish that comes after the call changes nothing: nobody looks any more.
    fn look(&mut self, view: View) -> Vec<Effect> {
        if !matches!(self.call(), CallState::Answered { .. }) {
            return Vec::new();
        }
        self.view = view.within_the_picture();
        let told = CartOnChannel::Looking { view: self.view };
        [StudioOrder::Look(self.view), StudioOrder::Say(told)].map(Effect::Studio).into()
    }

    pub(super) fn camera_disobeys(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.camera_disobeys, true) {
            return Vec::new();
        }
        say(CartOnChannel::CameraFailed { reason: CAMERA_DISOBEYS.to_owned() })
    }

    pub(super) fn order_still(&mut self, who: Asker, examined: Option<Examined>) -> Vec<Effect> {
        let for_whom = StillFor { encounter: self.encounter_id(), who, examined };
        if examined.is_some() && examined != self.examining.examined {
            return self.no_still(for_whom, OTHER_PART);
        }
        // Before the shutter: nobody has to pose for a picture that cannot be kept.
        if self.has_no_room() {
            return self.no_space(for_whom);
        }
        vec![Effect::Studio(StudioOrder::Still(for_whom))]
    }

    /// The disk takes neither pictures nor sounds.
    pub(super) fn has_no_room(&self) -> bool {
        self.state().is_some_and(|state| state.space == Space::NoMedia)
    }

    pub(super) fn still(
        &mut self,
        for_whom: StillFor,
        picture: Option<TakenPicture>,
    ) -> Vec<Effect> {
        let Some(TakenPicture { jpeg, width, height }) = picture else {
            return self.no_still(for_whom, NO_PICTURE);
        };
        // A camera that was away gives its picture some seconds after it was asked for.
        let now = self.examining.examined.or(for_whom.examined);
        if for_whom.examined.is_some() && now != for_whom.examined {
            return self.no_still(for_whom, OTHER_PART);
        }
        let media_type = "image/jpeg".to_owned();
        let examined = for_whom.examined;
        let save = Command::SaveStill { media_type, width, height, examined };
        self.ask_about(for_whom.encounter, Wish::Still(for_whom), save, jpeg)
    }

    pub(super) fn still_saved(
        &mut self,
        for_whom: StillFor,
        entry: Option<EntryId>,
    ) -> Vec<Effect> {
        self.tell(OwnKind::PictureTaken { by: self.who(for_whom) });
        match (for_whom.who, entry) {
            (Asker::Physician { request }, Some(entry)) => {
                say(CartOnChannel::StillSaved { request, entry })
            }
            (Asker::Physician { .. }, None) => {
                tracing::warn!("A still was saved and its entry not told");
                Vec::new()
            }
            (Asker::Nurse, _) => {
                self.taking = false;
                Vec::new()
            }
        }
    }

    pub(super) fn still_refused(&mut self, for_whom: StillFor, why: Refusal) -> Vec<Effect> {
        if why == Refusal::NoSpace { self.no_space(for_whom) } else { self.still_failed(for_whom) }
    }

    pub(super) fn still_failed(&mut self, for_whom: StillFor) -> Vec<Effect> {
        self.no_still(for_whom, NOT_SAVED)
    }

    fn no_space(&mut self, for_whom: StillFor) -> Vec<Effect> {
        let told = self.tell(OwnKind::Refused { refusal: Refusal::NoSpace, device: None });
        self.told_no_still(for_whom, NO_SPACE, told)
    }

    fn no_still(&mut self, for_whom: StillFor, reason: &str) -> Vec<Effect> {
        let told = self.tell(OwnKind::PictureFailed { by: self.who(for_whom) });
        self.told_no_still(for_whom, reason, told)
    }

    /// The nurse was told; the physician who asked for it is told as well.
    fn told_no_still(
        &mut self,
        for_whom: StillFor,
        reason: &str,
        mut effects: Vec<Effect>,
    ) -> Vec<Effect> {
        match for_whom.who {
            Asker::Physician { request } => {
                let reason = reason.to_owned();
                effects.extend(say(CartOnChannel::StillFailed { request, reason }));
            }
            Asker::Nurse => self.taking = false,
        }
        effects
    }

    fn who(&self, for_whom: StillFor) -> Option<String> {
        match for_whom.who {
            Asker::Physician { .. } => self.physicians_name(),
            Asker::Nurse => None,
        }
    }

    /// Of the call that goes on.
    pub(super) fn physicians_name(&self) -> Option<String> {
        match self.call() {
            CallState::Answered { physician, .. } => Some(physician.clone()),
            CallState::None | CallState::Ringing { .. } => None,
        }
    }

    fn take_back(&mut self, kind: &OwnKind) -> Vec<Effect> {
        self.told.take_back(kind);
        Vec::new()
    }
}

pub(super) fn say(message: CartOnChannel) -> Vec<Effect> {
    vec![Effect::Studio(StudioOrder::Say(message))]
}
