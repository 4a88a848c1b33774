//! The physician listens with the stethoscope.

use cart_api::{SavedAuscultation, SyncStage};
use clinical::{Auscultation, AuscultationSite, EntryId};
use hub_api::PhysicianOnChannel;
use media::MediaEvent;
use uuid::Uuid;

use super::{Scene, call_full};
use crate::model::{Input, Model, Press, testing::*};

pub fn all() -> Vec<Scene> {
    let scene = |name, model| Scene { name, model };
    vec![
        scene("call-listened", at(showing(in_call()), AuscultationSite::Mitral)),
        scene("call-listened-full", at(call_full(), AuscultationSite::BackLeftLower)),
        scene("call-listened-nowhere", begun(showing(in_call()))),
    ]
}

/// Nobody has said where.
pub fn begun(mut model: Model) -> Model {
    let on = MediaEvent::Channel(PhysicianOnChannel::Listen { on: true });
    assert!(!model.update(Input::Media(on), NOW).is_empty());
    model
}

/// The chest piece lies there, and two places are kept.
fn at(model: Model, site: AuscultationSite) -> Model {
    let mut model = begun(model);
    let mut state = model.state().cloned().expect("it is in a call");
    let kept = &mut state.encounter.as_mut().expect("it is open").auscultations;
    kept.extend([AuscultationSite::Aortic, AuscultationSite::BackLeftUpper].map(heard));
    say(&mut model, state);
    press_all(&mut model, [Press::Site(site)]);
    model
}

fn heard(site: AuscultationSite) -> SavedAuscultation {
    let sound = Auscultation {
        sha256: String::new(),
        media_type: "audio/wav".into(),
        bytes: 44,
        site,
        began: NOW,
        millis: 15_000,
        gaps: Vec::new(),
    };
    let entry = EntryId::new(Uuid::from_u128(300));
    SavedAuscultation { entry, sound, stage: SyncStage::Sent }
}
