//! Labels to presses: what a screen reader presses is what the model is told.

use std::{cell::RefCell, rc::Rc};

use cart_api::{Discarded, Identifier, Measurable};
use clinical::{
    ExamCamera, Finding, Laterality,
    news2::{Breathing, Consciousness},
};

use super::{scenes, screen::Screen};
use crate::{
    model::{BreathsPress, Model, ObservePress, Press, TrayPress, testing::*},
    presses,
};

/// Draws, presses in order, and returns what the model would be told.
fn pressed(model: &Model, labels: &[&str]) -> Vec<Press> {
    let screen = Screen::of(model);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hand = Rc::clone(&heard);
    presses::connect(&screen.window, move |press| hand.borrow_mut().push(press));
    for label in labels {
        screen.press(label);
    }
    heard.take()
}

#[test]
fn a_name_and_digits_and_enter_sign_in() {
    let mut model = showing(signed_out());
    assert_eq!(pressed(&model, &["Sign in as Amara Diallo"]), [Press::Nurse("4711".into())]);
    press_all(&mut model, [Press::Nurse("4711".into())]);
    press_all(&mut model, [1, 2, 3, 4].map(Press::Digit));
    let labels = ["1", "0", "9", "Delete digit", "Enter"];
    let [one, zero, nine] = [1, 0, 9].map(Press::Digit);
    assert_eq!(pressed(&model, &labels), [one, zero, nine, Press::DeleteDigit, Press::Enter]);
}

#[test]
fn without_a_name_the_keys_are_dead() {
    assert_eq!(pressed(&showing(signed_out()), &["1", "Enter", "Delete digit"]), []);
}

#[test]
fn a_patient_is_chosen_compared_and_started() {
    let chosen = pressed(&showing(signed_in()), &["Choose Okafor, Grace", "Sign out"]);
    assert_eq!(chosen, [Press::Patient("100234".into()), Press::SignOut]);
    let mut model = scenes::identifying();
    assert_eq!(pressed(&model, &["Start encounter"]), [], "one identifier is not enough");
    press_all(&mut model, [Press::Compared(Identifier::Number)]);
    let labels = ["Compared name", "Compared birth date", "Compared number", "Start encounter"];
    let [name, birth_date, number] =
        [Identifier::Name, Identifier::BirthDate, Identifier::Number].map(Press::Compared);
    assert_eq!(pressed(&model, &labels), [name, birth_date, number, Press::StartEncounter]);
    assert_eq!(pressed(&model, &["Back to patients"]), [Press::BackToPatients]);
}

#[test]
fn vitals_are_measured_stopped_and_ended() {
    let labels =
        ["Measure blood pressure", "Call physician", "Open camera", "Observe", "End encounter"];
    let measure = Press::Measure(Measurable::BloodPressure);
    let observe = Press::Observe(ObservePress::Open);
    let expected = [measure, Press::Call, Press::OpenCamera, observe, Press::EndEncounter];
    assert_eq!(pressed(&showing(measured()), &labels), expected);
    let stop = Press::Stop(Measurable::BloodPressure);
    assert_eq!(pressed(&showing(scenes::measuring()), &["Stop cuff"]), [stop]);
    let answers = [Press::ConfirmEnd, Press::KeepOpen];
    assert_eq!(pressed(&scenes::ending(), &["Confirm end", "Keep open"]), answers);
}

#[test]
fn a_device_that_is_away_cannot_be_asked() {
    let oximeter = "Measure oxygen saturation: Not on finger";
    assert_eq!(pressed(&showing(scenes::full()), &[oximeter]), []);
}

#[test]
fn the_chest_piece_is_laid_from_place_to_place() {
    let model = scenes::listen::begun(showing(in_call()));
    let labels = ["Next place", "Previous place"];
    assert_eq!(pressed(&model, &labels), [Press::NextSite, Press::PreviousSite]);
    let screen = Screen::of(&scenes::of("call-listened"));
    screen.reads("Heart: mitral area, the apex");
    screen.reads("Drawing of the patient's chest");
    Screen::of(&scenes::of("call-listened-full")).reads("Drawing of the patient's back");
}

#[test]
fn a_call_is_taken_back_muted_and_hung_up() {
    assert_eq!(pressed(&showing(ringing()), &["Cancel call"]), [Press::HangUp]);
    let labels = ["Mute", "Hang up", "Measure blood pressure"];
    let measure = Press::Measure(Measurable::BloodPressure);
    assert_eq!(pressed(&showing(in_call()), &labels), [Press::Mute, Press::HangUp, measure]);
}

#[test]
fn the_viewfinder_takes_pictures_and_closes() {
    let expected = [Press::TakePicture, Press::CloseCamera];
    assert_eq!(pressed(&scenes::viewfinder(), &["Take picture", "Close camera"]), expected);
}

#[test]
fn a_notice_is_dismissed_by_its_number() {
    let model = showing(scenes::full());
    let label = "Dismiss: No value: the cuff is loose.";
    assert_eq!(pressed(&model, &[label]), [Press::DismissCarts(1)]);
}

#[test]
fn the_tray_is_reached_from_its_entry_and_from_its_notice() {
    let open = Press::Tray(TrayPress::Open);
    for state in [signed_in(), measured()] {
        let model = showing(with_tray(state));
        assert_eq!(pressed(&model, &["3 unassigned readings"]), std::slice::from_ref(&open));
    }
    let told = scenes::tray::told(measured());
    let look = pressed(&showing(told), &["Look at the unassigned readings"]);
    assert_eq!(look, [Press::DismissCarts(1), open]);
}

#[test]
fn a_reading_is_chosen_compared_and_given_to_the_patient() {
    let list = scenes::tray::list(opened());
    let first = "Decide about Blood pressure 141/88 mmHg, SunTech Advantage, Received today 14:01";
    let chosen = Press::Tray(TrayPress::Reading(reading_id(1)));
    let close = Press::Tray(TrayPress::Close);
    assert_eq!(pressed(&list, &[first, "Back to vitals"]), [chosen, close]);
    let mut model = scenes::tray::claiming();
    let belongs = "Belongs to Okafor, Grace";
    assert_eq!(pressed(&model, &[belongs]), [], "one identifier is not enough");
    press_all(&mut model, [Press::Compared(Identifier::Number)]);
    let labels = ["Compared birth date", belongs, "Discard, with a reason"];
    let compared = Press::Compared(Identifier::BirthDate);
    let [claim, discard] = [TrayPress::Claim, TrayPress::Discard].map(Press::Tray);
    assert_eq!(pressed(&model, &labels), [compared, claim, discard]);
    let back = Press::Tray(TrayPress::BackToList);
    assert_eq!(pressed(&model, &["Back to unassigned readings"]), [back]);
}

#[test]
fn a_reading_is_discarded_only_with_a_reason() {
    let discard = Press::Tray(TrayPress::ConfirmDiscard);
    let mut model = scenes::tray::discarding();
    assert_eq!(pressed(&model, &["Discard reading"]), [discard]);
    press_all(&mut model, [TrayPress::BackToReading, TrayPress::Discard].map(Press::Tray));
    let labels = ["Discard reading", "Nobody knows whose", "Measured wrongly", "Not a patient's"];
    let reasons = [Discarded::Unknown, Discarded::Wrong, Discarded::NotAPatients];
    let expected = reasons.map(|why| Press::Tray(TrayPress::Reason(why)));
    assert_eq!(pressed(&model, &labels), expected);
    assert_eq!(pressed(&model, &["Keep it"]), [Press::Tray(TrayPress::BackToReading)]);
}

fn chosen(what: Finding) -> Press {
    Press::Observe(ObservePress::Choose(what))
}

#[test]
fn what_the_nurse_sees_is_chosen_by_its_own_word() {
    let level = |level| Finding::Consciousness { level };
    let words = [
        ("Alert", level(Consciousness::Alert)),
        ("New confusion", level(Consciousness::Confusion)),
        ("Responds to voice", level(Consciousness::Voice)),
        ("Responds to pain", level(Consciousness::Pain)),
        ("Unresponsive", level(Consciousness::Unresponsive)),
        ("Air", Finding::Breathing { of: Breathing::Air }),
        ("Oxygen", Finding::Breathing { of: Breathing::Oxygen }),
        ("Pregnant", Finding::Pregnancy { pregnant: true }),
        ("Not pregnant", Finding::Pregnancy { pregnant: false }),
    ];
    let sheet = scenes::of("observe-new");
    assert_eq!(pressed(&sheet, &words.map(|(word, _)| word)), words.map(|(_, what)| chosen(what)));
    assert_eq!(pressed(&sheet, &["Save observations"]), [], "nothing is chosen");
    let labels = ["Save observations", "Back without saving", "Count for 30 seconds, or type"];
    let presses = [ObservePress::Save, ObservePress::Close, ObservePress::OpenBreaths];
    assert_eq!(pressed(&scenes::of("observe"), &labels), presses.map(Press::Observe));
    assert_eq!(
        pressed(&scenes::of("observe-full"), &["Save observations"]),
        [],
        "it is on its way"
    );
}

#[test]
fn breaths_are_counted_typed_and_used() {
    let at_breaths = |press| Press::Observe(ObservePress::Breaths(press));
    let labels = ["Start 30 seconds", "1", "0", "Back to the sheet", "Use this rate"];
    let keys = [BreathsPress::Start, BreathsPress::Digit(1), BreathsPress::Digit(0)];
    let back = Press::Observe(ObservePress::CloseBreaths);
    let expected: Vec<_> = keys.map(at_breaths).into_iter().chain([back]).collect();
    assert_eq!(pressed(&scenes::of("breaths"), &labels), expected, "there is no rate to use");
    let running = pressed(&scenes::of("breaths-running"), &["Tap for each breath", "1"]);
    assert_eq!(running, [at_breaths(BreathsPress::Tap)], "the keys are dead while it counts");
    let take = Press::Observe(ObservePress::TakeRate);
    let counted = pressed(&scenes::of("breaths-counted"), &["Count again", "Use this rate"]);
    assert_eq!(counted, [at_breaths(BreathsPress::Start), take.clone()]);
    let typed = pressed(&scenes::of("breaths-typed"), &["Delete digit", "Use this rate"]);
    assert_eq!(typed, [at_breaths(BreathsPress::Delete), take]);
}

#[test]
fn an_otoscope_is_taken_up_led_to_an_ear_and_put_down() {
    let of = scenes::of;
    let taken_up = pressed(&of("call-exam-cameras"), &["Show: Otoscope"]);
    assert_eq!(taken_up, [Press::TakeUp(Some(ExamCamera::Otoscope))]);
    let led = pressed(&of("call-examined"), &["Left ear", "Show: Room"]);
    assert_eq!(led, [Press::LookInto(Laterality::Left), Press::TakeUp(None)]);
    let dermatoscope = Press::TakeUp(Some(ExamCamera::Dermatoscope));
    assert_eq!(pressed(&of("camera-examined"), &["Show: Dermatoscope"]), [dermatoscope]);
}
