//! Labels to presses: what a screen reader presses is what the model is told.

use std::{cell::RefCell, rc::Rc};

use cart_api::{Discarded, Identifier, Measurable};

use super::{scenes, screen::Screen};
use crate::{
    model::{Model, Press, TrayPress, testing::*},
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
    let labels = ["Measure blood pressure", "Call physician", "Open camera", "End encounter"];
    let measure = Press::Measure(Measurable::BloodPressure);
    let expected = [measure, Press::Call, Press::OpenCamera, Press::EndEncounter];
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
