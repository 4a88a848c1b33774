//! What stands on the pages, as a screen reader reads it.

mod observing;

use std::collections::BTreeSet;

use cart_api::{CartState, PowerState, Sync, SyncStage};
use clinical::{
    EarlyWarning, Timestamp,
    news2::{Applies, Breathing, Consciousness, News2, NotFor, Observations, Spo2Scale},
};
use slint::{Color, ComponentHandle as _};

use super::{scenes, screen::Screen};
use crate::{
    model::{Model, testing::*},
    ui::Theme,
};

fn reads(model: &Model, words: &[&str]) {
    let screen = Screen::of(model);
    for words in words {
        screen.reads(words);
    }
}

#[test]
fn every_vital_is_one_sentence_with_how_far_it_has_come() {
    let sentences = [
        "Blood pressure 128/82 mmHg, saved, on cart",
        "Oxygen saturation 97 %, saved, sent",
        "Temperature 37.6 °C, saved, in the EHR",
    ];
    reads(&showing(measured()), &sentences);
    reads(&showing(in_call()), &sentences);
    reads(&showing(opened()), &["Blood pressure, no value yet"]);
}

#[test]
fn the_score_names_what_is_missing_and_has_its_risk_in_words() {
    let partial = "NEWS2 partial – missing · RR · air or oxygen · consciousness";
    reads(&showing(measured()), &[partial]);
    reads(&showing(opened()), &["NEWS2: nothing observed within the hour"]);
    let mut state = measured();
    let mut check = |early_warning, words| {
        state.encounter.as_mut().unwrap().early_warning = early_warning;
        reads(&showing(state.clone()), &[words]);
    };
    check(complete(), "NEWS2 5 – medium risk");
    let EarlyWarning::Score { news2, until, .. } = complete() else { unreachable!() };
    let prescribed = EarlyWarning::Score { news2, scale: Spo2Scale::Two, until };
    check(prescribed, "NEWS2 5 – medium risk · SpO₂ scale 2");
    let not_for = |why| EarlyWarning::NotFor { why };
    check(not_for(NotFor::Under16), "NEWS2 is not for patients under 16");
    check(not_for(NotFor::Pregnant), "NEWS2 is not for pregnant patients");
    check(not_for(NotFor::AgeUnknown), "No NEWS2: the birth date is not known");
}

fn complete() -> EarlyWarning {
    let observed = Observations {
        respiratory_rate: Some(22.into()),
        spo2: Some(95.into()),
        breathing: Some(Breathing::Oxygen),
        systolic: Some(120.into()),
        pulse: Some(75.into()),
        consciousness: Some(Consciousness::Alert),
        temperature: Some(37.into()),
        ..Observations::default()
    };
    let news2 = News2::of(&observed, Applies::to(Some(68), false).unwrap());
    EarlyWarning::Score { news2, scale: Spo2Scale::One, until: None::<Timestamp> }
}

#[test]
fn what_is_live_says_so_and_where_its_limit_is() {
    let words = [
        "SpO₂ 85 % · live · below 92",
        "Pulse 104/min · live",
        "SpO₂ 85 %: below the limit of 92.",
    ];
    reads(&scenes::watched(), &words);
}

#[test]
fn a_tile_says_source_time_and_doubt() {
    let words = ["SunTech Advantage", "14:03", "Pulse 71/min", "Pulse irregular", "141/93"];
    reads(&showing(measured()), &words);
}

#[test]
fn a_small_tile_says_value_doubt_and_what_stands_beside_it() {
    let words = [
        "Heart rate 118 /min, saved, in the EHR",
        "ECG 14:01, 30 s",
        "Glucose 13.1 mmol/L, saved, sent",
        "Fasting",
        "Time corrected",
        "Battery 12 %",
        "Weight 108.4 kg, saved, on cart",
        "Body fat 31.8 %",
    ];
    reads(&scenes::of("more"), &words);
    let bare = ["Heart rate, no value yet", "No contact with the skin", "Away: switch it on"];
    reads(&scenes::of("more-new"), &bare);
}

#[test]
fn a_wristband_of_another_patient_is_refused_in_words() {
    let words = [
        "This wristband is of another patient. Nothing is compared.",
        "Scan the wristband for the number.",
    ];
    reads(&scenes::of("identify-other-wristband"), &words);
    let without = Screen::of(&scenes::identifying()).words();
    assert!(!without.iter().any(|text| text.contains("Scan")), "{without:?}");
}

#[test]
fn an_unusual_value_says_what_to_do() {
    let words = ["Unusual: look at the patient and measure again", "Unusual: measure again"];
    reads(&scenes::of("unusual"), &words);
}

#[test]
fn a_reading_of_the_tray_says_what_when_and_why() {
    let words = [
        "141/88",
        "Measured before the encounter was opened: perhaps another patient's.",
        "Measured 21 Nov 2026, 18:05  ·  Received today 14:01",
        "93",
        "nobody knows when it was measured",
        "The device's clock says 18 Oct 2025, 14:05  ·  Received today 14:01",
        "7.1",
        "Control solution: not a patient's blood.",
        "Measured when it was received",
    ];
    reads(&scenes::of("unassigned"), &words);
    reads(&scenes::of("unassigned-empty"), &["Nothing waits here", "The reading is saved"]);
    reads(&scenes::of("unassigned-no-encounter"), &["open the patient's encounter first"]);
}

#[test]
fn a_claim_asks_for_the_patient_or_says_why_it_cannot() {
    let asks = "Is it Okafor, Grace's? Compare two with the wristband.";
    reads(&scenes::of("claim"), &[asks, "Time corrected", "14 Mar 1958 (68 years old)"]);
    let none = Screen::of(&scenes::of("claim-no-encounter"));
    none.reads("No encounter is open.");
    let control = Screen::of(&scenes::of("claim-control"));
    control.reads("It cannot be given to a patient. Control solution: not a patient's blood.");
    for screen in [none, control] {
        let offers = screen.targets();
        assert!(!offers.iter().any(|it| it.label.starts_with("Belongs to")), "{offers:?}");
    }
}

#[test]
fn while_the_cuff_fills_no_old_value_stands_beside_its_pressure() {
    let screen = Screen::of(&showing(scenes::measuring()));
    screen.reads("Blood pressure, 146 mmHg in the cuff");
    assert!(!screen.words().iter().any(|text| text.starts_with("Blood pressure 128/82")));
}

#[test]
fn whose_record_it_is_stands_on_top() {
    let words = ["Patient Okafor, Grace, number 100234", "14 Mar 1958 (68 years old)", "Female"];
    reads(&showing(measured()), &words);
    reads(&showing(in_call()), &words);
}

#[test]
fn without_a_hub_it_says_what_still_works() {
    let words = [
        "No connection to the hub since 13:40. Everything you measure is saved on this cart.",
        "3 on this cart, waiting for network",
    ];
    reads(&showing(scenes::offline(measured())), &words);
    let sync = Sync::default();
    reads(&showing(CartState { sync, ..measured() }), &["All saved in the EHR"]);
}

#[test]
fn what_the_cart_runs_on_is_said_where_it_is_known() {
    let on = |on_mains, charge| {
        showing(CartState { power: PowerState { on_mains, charge }, ..measured() })
    };
    reads(&on(Some(true), Some(86)), &["Plugged in, battery 86 %"]);
    reads(&on(Some(false), Some(21)), &["Battery 21 %"]);
    reads(&on(None, Some(20)), &["Battery 20 %"]);
    let unknown = Screen::of(&on(Some(true), None)).words();
    assert!(!unknown.iter().any(|text| text.contains("attery")), "{unknown:?}");
}

#[test]
fn the_question_before_the_end_says_what_is_still_on_the_way() {
    reads(&scenes::ending(), &["2 entries are still on their way to the EHR."]);
    let mut state = measured();
    let encounter = state.encounter.as_mut().expect("it is open");
    encounter.readings.iter_mut().for_each(|saved| saved.stage = SyncStage::InEhr);
    let mut model = showing(state);
    press_all(&mut model, [crate::model::Press::EndEncounter]);
    reads(&model, &["Everything is in the EHR."]);
}

#[test]
fn a_covered_page_shows_nothing_of_the_patient() {
    let screen = Screen::of(&scenes::restarting());
    screen.reads("The cart software is restarting");
    let patient = ["Okafor", "128/82"];
    let shown = screen.words();
    assert!(!shown.iter().any(|text| patient.iter().any(|it| text.contains(it))), "{shown:#?}");
}

#[test]
fn every_notice_says_what_happened_and_what_to_do() {
    let screen = Screen::of(&showing(opened()));
    let mut told = BTreeSet::new();
    for model in scenes::notices() {
        screen.draw(&model);
        let words = screen.words();
        let dismiss = words.iter().find_map(|text| text.strip_prefix("Dismiss: "));
        let happened = dismiss.expect("a notice is shown").to_owned();
        assert_ne!(happened, "The cart did not understand this screen.", "no words of its own");
        let whole = words.iter().find(|text| text.starts_with(&happened)).expect("its card");
        assert!(whole.len() > happened.len() + 10, "no next step: {whole}");
        told.insert(whole.clone());
    }
    // A record that cannot be written is the same news from `cartd` as from a refused wish.
    assert_eq!(told.len(), scenes::notices().len() - 1, "each has its own words: {told:#?}");
}

/// WCAG 2.2, relative luminance and contrast ratio.
fn contrast(one: Color, other: Color) -> f64 {
    let linear = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |color: Color| {
        0.2126 * linear(color.red())
            + 0.7152 * linear(color.green())
            + 0.0722 * linear(color.blue())
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_ink_has_a_contrast_of_seven_on_its_surfaces() {
    let screen = Screen::of(&showing(opened()));
    let theme = screen.window.global::<Theme<'_>>();
    let light = [theme.get_surface(), theme.get_sunken(), theme.get_canvas(), theme.get_chosen()];
    let on_light = [theme.get_ink(), theme.get_accent()];
    let on_white = [theme.get_soft_ink(), theme.get_arrived()];
    let dark = [theme.get_night(), theme.get_night_raised()];
    let on_dark = [theme.get_night_ink(), theme.get_night_soft_ink()];
    let check = |inks: &[slint::Brush], surfaces: &[slint::Brush]| {
        for (ink, surface) in inks.iter().flat_map(|ink| surfaces.iter().map(move |it| (ink, it))) {
            let ratio = contrast(ink.color(), surface.color());
            assert!(ratio >= 7.0, "{:?} on {:?}: {ratio:.1}", ink.color(), surface.color());
        }
    };
    check(&on_light, &light);
    check(&on_white, &light[..2]);
    check(&on_dark, &dark);
    check(&[theme.get_on_accent()], &[theme.get_accent(), theme.get_accent_pressed()]);
}

#[test]
fn who_holds_an_exam_camera_reads_which_one_it_is_and_what_to_do() {
    let right =
        ["Otoscope, is shown", "Otoscope is starting…", "Right and left are the patient's."];
    reads(&scenes::of("call-examined"), &right);
    reads(&scenes::of("call-examined-full"), &["Ophthalmoscope is starting…", "Which eye?"]);
    reads(&scenes::of("camera-examined"), &["Which ear?"]);
}
