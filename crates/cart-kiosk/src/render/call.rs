//! The only writer of the call page and the viewfinder, their pictures excepted.

use cart_api::CallState;

use super::format;
use crate::{
    model::{Model, Wish},
    ui::{CallAdapter, CallLook, CameraAdapter, ViewLook},
};

pub fn draw(model: &Model, page: &CallAdapter<'_>) {
    let (look, physician, since) = match model.call() {
        CallState::None => (CallLook::None, "", None),
        CallState::Ringing { since, .. } => (CallLook::Ringing, "", Some(*since)),
        CallState::Answered { physician, since, .. } => {
            (CallLook::Answered, physician.as_str(), Some(*since))
        }
    };
    page.set_look(look);
    page.set_physician(physician.into());
    let lasted = since.map(|since| format::lasted(model.now().millis_since(since)));
    page.set_lasted(lasted.unwrap_or_default().into());
    page.set_muted(model.is_muted());
    page.set_listened(model.listening().is_on);
    page.set_stethoscope_away(model.listening().is_away);
    page.set_hanging_up(model.is_asked(Wish::HangUp));
}

pub fn draw_camera(model: &Model, page: &CameraAdapter<'_>) {
    let pictures = model.encounter().map_or(0, |encounter| encounter.stills.len());
    page.set_pictures(pictures.try_into().unwrap_or(i32::MAX));
    page.set_taking(model.is_taking());
    let view = model.physicians_view();
    page.set_view(ViewLook { x: view.x, y: view.y, size: view.size });
}
