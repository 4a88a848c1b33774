//! Stories of the wristband scanner.

use cart_api::Identifier;

use super::{super::testing::*, *};

fn scan(model: &mut Model, text: Option<&str>) {
    let text = text.map(str::to_owned);
    assert!(model.update(Input::Scanned { text }, NOW).is_empty());
}

/// The page that identifies the patient of number 100234.
fn identifying() -> Model {
    let mut model = showing(signed_in());
    press_all(&mut model, [Press::Patient("100234".into())]);
    model
}

fn compared(model: &Model) -> &[Identifier] {
    model.choice().expect("a patient is chosen").compared.as_slice()
}

#[test]
fn the_patients_wristband_counts_as_the_number_and_only_once() {
    let mut model = identifying();
    scan(&mut model, Some("100234"));
    assert_eq!(compared(&model), [Identifier::Number]);
    scan(&mut model, Some("100234"));
    assert_eq!(compared(&model), [Identifier::Number], "a second scan takes nothing back");
    assert!(press(&mut model, Press::StartEncounter).is_empty(), "one is not enough");
    press_all(&mut model, [Press::Compared(Identifier::Name)]);
    asked(press(&mut model, Press::StartEncounter));
}

#[test]
fn another_patients_wristband_opens_nothing_and_takes_back_what_was_compared() {
    for other in ["100871", "10023", "1002345", ""] {
        let mut model = identifying();
        press_all(&mut model, [Identifier::Name, Identifier::BirthDate].map(Press::Compared));
        scan(&mut model, Some(other));
        assert_eq!(compared(&model), [], "{other}");
        assert_eq!(own_notices(&model), [OwnKind::OtherWristband]);
        assert!(press(&mut model, Press::StartEncounter).is_empty());
        scan(&mut model, Some("100234"));
        assert_eq!((compared(&model), own_notices(&model)), (&[Identifier::Number][..], vec![]));
    }
}

#[test]
fn what_could_not_be_read_changes_nothing_and_says_so() {
    let mut model = identifying();
    press_all(&mut model, [Press::Compared(Identifier::Name)]);
    scan(&mut model, None);
    assert_eq!(compared(&model), [Identifier::Name]);
    assert_eq!(own_notices(&model), [OwnKind::ScanFailed]);
    press_all(&mut model, [Press::BackToPatients]);
    assert_eq!(own_notices(&model), []);
}

#[test]
fn once_the_encounter_is_open_nothing_asks_to_go_back() {
    let mut model = identifying();
    scan(&mut model, Some("100871"));
    say(&mut model, signed_in());
    assert_eq!(own_notices(&model), [OwnKind::OtherWristband]);
    say(&mut model, opened());
    assert_eq!(own_notices(&model), []);
}

#[test]
fn a_claim_is_compared_with_the_patient_of_the_open_encounter() {
    let mut model = showing(with_tray(opened()));
    press_all(&mut model, [TrayPress::Open, TrayPress::Reading(reading_id(1))].map(Press::Tray));
    scan(&mut model, Some("100234"));
    press_all(&mut model, [Press::Compared(Identifier::Name)]);
    assert!(model.can_claim());
    scan(&mut model, Some("100871"));
    assert!(!model.can_claim());
}

#[test]
fn a_scan_at_any_other_time_does_nothing() {
    for state in [signed_out(), signed_in(), opened(), in_call()] {
        let mut model = showing(state);
        let page = model.page();
        scan(&mut model, Some("100234"));
        assert_eq!((model.page(), own_notices(&model)), (page, vec![]));
        assert!(model.choice().is_none());
    }
}
