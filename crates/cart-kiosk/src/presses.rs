//! Callbacks of the pages to presses of the model, one to one.

mod observe;

use cart_api::{Discarded, Identifier, Measurable};
use clinical::Laterality;
use slint::ComponentHandle as _;

use crate::{
    model::{Press, TrayPress},
    render::exam,
    ui::{
        AppWindow, CallAdapter, CameraAdapter, ExamAdapter, Gauge, IdentifierLook, IdentifyAdapter,
        ReasonLook, ShellAdapter, SideWord, SignInAdapter, TorsoAdapter, TrayAdapter,
        VitalsAdapter, WorklistAdapter,
    },
};

/// `hand` carries every press.
pub fn connect(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    shell(window, hand.clone());
    sign_in(window, hand.clone());
    patients(window, hand.clone());
    vitals(window, hand.clone());
    tray(window, hand.clone());
    observe::connect(window, hand.clone());
    pictures(window, hand);
}

/// A callback without arguments that is always the same press.
fn always(hand: &(impl Fn(Press) + Clone + 'static), press: Press) -> impl Fn() + 'static {
    let hand = hand.clone();
    move || hand(press.clone())
}

fn shell(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    window.global::<ShellAdapter<'_>>().on_dismiss(move |own, id| match id.parse() {
        Ok(id) if own => hand(Press::DismissOwn(id)),
        Ok(id) => hand(Press::DismissCarts(id)),
        Err(_) => tracing::error!("A notice was drawn without its number"),
    });
}

fn sign_in(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let page = window.global::<SignInAdapter<'_>>();
    let choose = hand.clone();
    page.on_choose(move |id| choose(Press::Nurse(id.into())));
    let digit = hand.clone();
    page.on_digit(move |value| match u8::try_from(value) {
        Ok(value) => digit(Press::Digit(value)),
        Err(_) => tracing::error!(value, "A key was drawn that is no digit"),
    });
    page.on_delete(always(&hand, Press::DeleteDigit));
    page.on_submit(always(&hand, Press::Enter));
}

fn patients(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let page = window.global::<WorklistAdapter<'_>>();
    let choose = hand.clone();
    page.on_choose(move |number| choose(Press::Patient(number.into())));
    page.on_sign_out(always(&hand, Press::SignOut));
    let page = window.global::<IdentifyAdapter<'_>>();
    let compared = hand.clone();
    page.on_compared(move |look| compared(Press::Compared(identifier(look))));
    page.on_start(always(&hand, Press::StartEncounter));
    page.on_back(always(&hand, Press::BackToPatients));
}

fn vitals(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let page = window.global::<VitalsAdapter<'_>>();
    let measure = hand.clone();
    page.on_measure(move |gauge| measure(Press::Measure(measurable(gauge))));
    let stop = hand.clone();
    page.on_stop(move |gauge| stop(Press::Stop(measurable(gauge))));
    page.on_call(always(&hand, Press::Call));
    page.on_end(always(&hand, Press::EndEncounter));
    page.on_keep_open(always(&hand, Press::KeepOpen));
    page.on_confirm_end(always(&hand, Press::ConfirmEnd));
}

fn tray(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let page = window.global::<TrayAdapter<'_>>();
    let at_tray = |press| always(&hand, Press::Tray(press));
    page.on_open(at_tray(TrayPress::Open));
    page.on_close(at_tray(TrayPress::Close));
    let choose = hand.clone();
    page.on_choose(move |id| match id.parse() {
        Ok(id) => choose(Press::Tray(TrayPress::Reading(id))),
        Err(_) => tracing::error!("A reading was drawn without its id"),
    });
    page.on_back_to_list(at_tray(TrayPress::BackToList));
    let compared = hand.clone();
    page.on_compared(move |look| compared(Press::Compared(identifier(look))));
    page.on_claim(at_tray(TrayPress::Claim));
    page.on_discard(at_tray(TrayPress::Discard));
    page.on_back_to_reading(at_tray(TrayPress::BackToReading));
    let because = hand.clone();
    page.on_because(move |look| match reason(look) {
        Some(why) => because(Press::Tray(TrayPress::Reason(why))),
        None => tracing::error!("A reason was drawn that is none"),
    });
    page.on_confirm_discard(at_tray(TrayPress::ConfirmDiscard));
}

fn pictures(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let page = window.global::<CameraAdapter<'_>>();
    page.on_open(always(&hand, Press::OpenCamera));
    page.on_take(always(&hand, Press::TakePicture));
    page.on_close(always(&hand, Press::CloseCamera));
    let page = window.global::<CallAdapter<'_>>();
    page.on_hang_up(always(&hand, Press::HangUp));
    page.on_mute(always(&hand, Press::Mute));
    exam(window, hand.clone());
    let drawing = window.global::<TorsoAdapter<'_>>();
    drawing.on_next(always(&hand, Press::NextSite));
    drawing.on_previous(always(&hand, Press::PreviousSite));
    drawing.on_touched(move |back, x, y| hand(Press::Site(hub_api::nearest_site(back, x, y))));
}

fn exam(window: &AppWindow, hand: impl Fn(Press) + Clone + 'static) {
    let bar = window.global::<ExamAdapter<'_>>();
    let take_up = hand.clone();
    bar.on_take_up(move |word| take_up(Press::TakeUp(exam::camera(word))));
    bar.on_look_into(move |side| match side {
        SideWord::Right => hand(Press::LookInto(Laterality::Right)),
        SideWord::Left => hand(Press::LookInto(Laterality::Left)),
        SideWord::None => tracing::error!("A side was drawn that is none"),
    });
}

const fn identifier(look: IdentifierLook) -> Identifier {
    match look {
        IdentifierLook::Name => Identifier::Name,
        IdentifierLook::BirthDate => Identifier::BirthDate,
        IdentifierLook::Number => Identifier::Number,
    }
}

const fn reason(look: ReasonLook) -> Option<Discarded> {
    match look {
        ReasonLook::None => None,
        ReasonLook::NotAPatients => Some(Discarded::NotAPatients),
        ReasonLook::Unknown => Some(Discarded::Unknown),
        ReasonLook::Wrong => Some(Discarded::Wrong),
    }
}

const fn measurable(gauge: Gauge) -> Measurable {
    match gauge {
        Gauge::BloodPressure => Measurable::BloodPressure,
        Gauge::Oximetry => Measurable::Oximetry,
        Gauge::Temperature => Measurable::Temperature,
        Gauge::HeartRate => Measurable::HeartRate,
        Gauge::Glucose => Measurable::Glucose,
        Gauge::Weight => Measurable::Weight,
    }
}
