//! The model on the window: one writer for each page's adapter.
//!
//! Sets a property only to a new value, so that a second passing repaints the clock and no more.

mod call;
pub mod exam;
mod format;
mod identify;
mod notices;
mod observe;
mod rows;
mod shell;
mod sign_in;
mod torso;
mod tray;
mod vitals;
mod watch;
mod worklist;

use jiff::tz::TimeZone;
use slint::ComponentHandle as _;

use crate::{
    model::Model,
    render::format::Clock,
    ui::{
        AppWindow, BreathsAdapter, CallAdapter, CameraAdapter, ExamAdapter, IdentifyAdapter,
        ObserveAdapter, ShellAdapter, SignInAdapter, TorsoAdapter, TrayAdapter, VitalsAdapter,
        WatchAdapter, WorklistAdapter,
    },
};

pub fn draw(model: &Model, zone: &TimeZone, window: &AppWindow) {
    let clock = Clock::new(zone, model.now());
    shell::draw(model, &clock, &window.global::<ShellAdapter<'_>>());
    sign_in::draw(model, &window.global::<SignInAdapter<'_>>());
    worklist::draw(model, &clock, &window.global::<WorklistAdapter<'_>>());
    identify::draw(model, &clock, &window.global::<IdentifyAdapter<'_>>());
    vitals::draw(model, &clock, &window.global::<VitalsAdapter<'_>>());
    watch::draw(model, &clock, &window.global::<WatchAdapter<'_>>());
    observe::draw(model, &clock, &window.global::<ObserveAdapter<'_>>());
    observe::draw_breaths(model, &window.global::<BreathsAdapter<'_>>());
    tray::draw(model, &clock, &window.global::<TrayAdapter<'_>>());
    call::draw(model, &window.global::<CallAdapter<'_>>());
    exam::draw(model, &window.global::<ExamAdapter<'_>>());
    torso::draw(model, &window.global::<TorsoAdapter<'_>>());
    call::draw_camera(model, &window.global::<CameraAdapter<'_>>());
}

#[cfg(test)]
mod tests;
