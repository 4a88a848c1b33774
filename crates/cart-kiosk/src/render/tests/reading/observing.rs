//! What stands on the sheet of what the nurse sees herself, and beside values that changed.

use super::{
    super::{scenes, screen::Screen},
    reads,
};
use crate::model::{Model, ObservePress, Press, testing::*};

#[test]
fn a_rise_or_a_fall_is_told_in_words_and_beside_a_value_only() {
    let falls = "Falling against the value before";
    reads(&showing(measured()), &[falls, "Steady against the value before"]);
    reads(&showing(in_call()), &[falls]);
    for state in [opened(), scenes::measuring()] {
        let words = Screen::of(&showing(state)).words();
        assert!(!words.iter().any(|text| text == falls), "{words:#?}");
    }
}

#[test]
fn the_sheet_tells_what_is_saved_from_what_is_only_chosen() {
    let saved = [
        "Respiratory rate 18 breaths/min, saved, on cart, just now",
        "Consciousness Alert, saved, in the EHR, over 1 hour ago",
        "Air or oxygen Air, saved, sent, 12 min ago",
        "Pregnancy Not pregnant, saved, in the EHR, over 2 hours ago",
        "not saved yet",
    ];
    reads(&scenes::of("observe"), &saved);
    reads(&scenes::of("observe-new"), &["Respiratory rate, nothing saved yet"]);
    let full = ["saving…", "The cart could not save. Nothing was recorded.", "44 breaths/min"];
    reads(&scenes::of("observe-full"), &full);
}

#[test]
fn pregnancy_is_offered_to_whom_it_can_be_about() {
    let offers = |scene: Model| {
        let targets = Screen::of(&scene).targets();
        targets.iter().any(|target| target.label == "Pregnant")
    };
    assert!(offers(scenes::of("observe-new")));
    let mut model = showing(opened());
    press_all(&mut model, [Press::Observe(ObservePress::Open)]);
    assert!(!offers(model), "at 68 years");
}

#[test]
fn a_count_says_how_it_came_about_and_a_broken_one_what_to_do() {
    let counted =
        ["18/min", "9 breaths counted in 30 seconds, doubled", "count again if you missed"];
    reads(&scenes::of("breaths-counted"), &counted);
    reads(&scenes::of("breaths-running"), &["6 seconds left"]);
    let none = ["No breath was tapped.", "type 0 if the patient does not breathe"];
    reads(&scenes::of("breaths-none"), &none);
    let spoiled = ["The count was disturbed.", "Count again, or type the number."];
    reads(&scenes::of("breaths-spoiled"), &spoiled);
    reads(&scenes::of("breaths-too-many"), &["60 taps are more than anybody breathes."]);
}
