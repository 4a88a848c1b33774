//! Labels to presses: what a screen reader presses is what the model is told.

use std::{cell::RefCell, rc::Rc};

use cart_api::{Identifier, Measurable};

use super::{scenes, screen::Screen};
use crate::{
    model::{Model, Press, testing::*},
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
