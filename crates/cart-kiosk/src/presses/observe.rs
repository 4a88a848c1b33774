//! Callbacks of the sheet and of the page that counts breaths.

use clinical::{
    Finding,
    news2::{Breathing, Consciousness},
};
use slint::ComponentHandle as _;

use super::always;
use crate::{
    model::{BreathsPress, ObservePress, Press},
    ui::{AppWindow, BreathsAdapter, FindingLook, ObserveAdapter},
};

pub fn connect(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let at_sheet = |press| always(&hand, Press::Observe(press));
    let page = window.global::<ObserveAdapter<'_>>();
    page.on_open(at_sheet(ObservePress::Open));
    page.on_close(at_sheet(ObservePress::Close));
    page.on_save(at_sheet(ObservePress::Save));
    page.on_open_breaths(at_sheet(ObservePress::OpenBreaths));
    let choose = hand.clone();
    page.on_choose(move |look| match finding(look) {
        Some(what) => choose(Press::Observe(ObservePress::Choose(what))),
        None => tracing::error!("A choice was drawn that is none"),
    });
    let page = window.global::<BreathsAdapter<'_>>();
    page.on_start(at_sheet(ObservePress::Breaths(BreathsPress::Start)));
    page.on_tap(at_sheet(ObservePress::Breaths(BreathsPress::Tap)));
    page.on_delete(at_sheet(ObservePress::Breaths(BreathsPress::Delete)));
    page.on_take(at_sheet(ObservePress::TakeRate));
    page.on_back(at_sheet(ObservePress::CloseBreaths));
    let digit = hand.clone();
    page.on_digit(move |value| match u8::try_from(value) {
        Ok(value) => digit(Press::Observe(ObservePress::Breaths(BreathsPress::Digit(value)))),
        Err(_) => tracing::error!(value, "A key was drawn that is no digit"),
    });
}

/// A rate is counted or typed, and not chosen.
fn finding(look: FindingLook) -> Option<Finding> {
    let level = |level| Some(Finding::Consciousness { level });
    match look {
        FindingLook::None | FindingLook::Rate => None,
        FindingLook::Alert => level(Consciousness::Alert),
        FindingLook::Confusion => level(Consciousness::Confusion),
        FindingLook::Voice => level(Consciousness::Voice),
        FindingLook::Pain => level(Consciousness::Pain),
        FindingLook::Unresponsive => level(Consciousness::Unresponsive),
        FindingLook::Air => Some(Finding::Breathing { of: Breathing::Air }),
        FindingLook::Oxygen => Some(Finding::Breathing { of: Breathing::Oxygen }),
        FindingLook::Pregnant => Some(Finding::Pregnancy { pregnant: true }),
        FindingLook::NotPregnant => Some(Finding::Pregnancy { pregnant: false }),
    }
}
