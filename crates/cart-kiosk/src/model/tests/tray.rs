//! Stories of the tray: what is given to a patient, what is discarded, and what interrupts it.

use cart_api::{Command, Discarded, Refusal, Response};
use clinical::{EncounterId, EntryId, Quality};
use uuid::Uuid;

use super::{super::testing::*, *};

fn at_tray(presses: impl IntoIterator<Item = TrayPress>) -> Vec<Press> {
    presses.into_iter().map(Press::Tray).collect()
}

fn reading(number: u128) -> TrayPress {
    TrayPress::Reading(reading_id(number))
}

/// The page of this reading, in front of this cart.
fn deciding(state: CartState, number: u128) -> Model {
    let mut model = showing(with_tray(state));
    press_all(&mut model, at_tray([TrayPress::Open, reading(number)]));
    assert_eq!(model.page(), Page::Claim);
    model
}

fn compare_two(model: &mut Model) {
    press_all(model, [Identifier::Name, Identifier::Number].map(Press::Compared));
}

/// As `cartd` tells it once this reading has left the tray.
fn without(number: u128) -> CartState {
    let mut state = with_tray(opened());
    state.tray.readings.retain(|kept| kept.reading.id != reading_id(number));
    state.tray.waiting -= 1;
    state
}

#[test]
fn a_reading_is_claimed_with_two_identifiers_and_leaves_when_cartd_says_so() {
    let mut model = deciding(opened(), 1);
    let claim = Press::Tray(TrayPress::Claim);
    press_all(&mut model, [Press::Compared(Identifier::Name)]);
    assert!(press(&mut model, claim.clone()).is_empty(), "one is not enough");
    press_all(&mut model, [Press::Compared(Identifier::Number)]);
    let request = asked(press(&mut model, claim.clone()));
    let Command::Claim { reading, confirmed } = request.command else { panic!("it claims") };
    assert_eq!(reading, reading_id(1));
    assert_eq!(confirmed, [Identifier::Name, Identifier::Number]);
    assert!(press(&mut model, claim).is_empty(), "asked once");
    assert_eq!((model.page(), own_notices(&model).len()), (Page::Claim, 0));
    let entry = Some(EntryId::new(Uuid::from_u128(9)));
    let done = Response::Done { number: request.number, entry };
    assert!(model.update(Input::Said(done), NOW).is_empty());
    assert_eq!((model.page(), own_notices(&model)), (Page::Tray, vec![OwnKind::Claimed]));
    say(&mut model, without(1));
    assert_eq!(model.tray().unwrap().waiting, 2);
}

#[test]
fn a_refused_claim_stays_where_it_was_and_says_why() {
    let mut model = deciding(opened(), 1);
    compare_two(&mut model);
    let request = asked(press(&mut model, Press::Tray(TrayPress::Claim)));
    refuse(&mut model, request.number, Refusal::NotSaved);
    assert_eq!(model.page(), Page::Claim);
    assert!(model.can_claim(), "it can be tried again");
    let told = OwnKind::Refused { refusal: Refusal::NotSaved, device: None };
    assert_eq!(own_notices(&model), [told]);
}

#[test]
fn a_reading_is_discarded_with_a_reason_and_a_second_press() {
    let mut model = deciding(opened(), 2);
    press_all(&mut model, at_tray([TrayPress::Discard]));
    assert_eq!(model.page(), Page::Discard);
    let confirm = Press::Tray(TrayPress::ConfirmDiscard);
    assert!(press(&mut model, confirm.clone()).is_empty(), "no reason yet");
    press_all(&mut model, at_tray([TrayPress::Reason(Discarded::Wrong)]));
    press_all(&mut model, at_tray([TrayPress::Reason(Discarded::Unknown)]));
    let request = asked(press(&mut model, confirm));
    let Command::Discard { reading, why } = request.command else { panic!("it discards") };
    assert_eq!((reading, why), (reading_id(2), Discarded::Unknown));
    let done = Response::Done { number: request.number, entry: None };
    assert!(model.update(Input::Said(done), NOW).is_empty());
    assert_eq!((model.page(), own_notices(&model)), (Page::Tray, vec![OwnKind::Discarded]));
}

#[test]
fn going_back_forgets_the_reason() {
    let mut model = deciding(opened(), 2);
    let because = TrayPress::Reason(Discarded::Wrong);
    let presses = [TrayPress::Discard, because, TrayPress::BackToReading, TrayPress::Discard];
    press_all(&mut model, at_tray(presses));
    assert!(press(&mut model, Press::Tray(TrayPress::ConfirmDiscard)).is_empty());
}

#[test]
fn control_solution_is_claimed_by_nobody_but_can_be_discarded() {
    let mut model = deciding(opened(), 3);
    compare_two(&mut model);
    assert!(press(&mut model, Press::Tray(TrayPress::Claim)).is_empty());
    let because = TrayPress::Reason(Discarded::NotAPatients);
    press_all(&mut model, at_tray([TrayPress::Discard, because]));
    asked(press(&mut model, Press::Tray(TrayPress::ConfirmDiscard)));
}

#[test]
fn without_an_encounter_nothing_is_claimed() {
    let mut model = deciding(signed_in(), 1);
    compare_two(&mut model);
    assert!(press(&mut model, Press::Tray(TrayPress::Claim)).is_empty());
    press_all(&mut model, at_tray([TrayPress::Close]));
    assert_eq!(model.page(), Page::Worklist);
}

#[test]
fn what_was_compared_for_one_patient_does_not_count_for_the_next() {
    let mut model = deciding(opened(), 1);
    compare_two(&mut model);
    let mut next = with_tray(opened());
    next.encounter.as_mut().unwrap().id = EncounterId::new(Uuid::from_u128(6));
    say(&mut model, next);
    assert_eq!(model.page(), Page::Tray);
    press_all(&mut model, at_tray([reading(1)]));
    assert!(!model.can_claim());
}

#[test]
fn what_was_compared_for_one_reading_does_not_count_for_the_next() {
    let mut model = deciding(opened(), 1);
    compare_two(&mut model);
    press_all(&mut model, at_tray([TrayPress::BackToList, reading(2)]));
    assert!(!model.can_claim());
}

#[test]
fn a_reading_that_somebody_else_decided_about_is_let_go() {
    let mut model = deciding(opened(), 1);
    say(&mut model, without(1));
    assert_eq!(model.page(), Page::Tray);
    assert!(press_all(&mut model, at_tray([reading(1)])).is_empty());
    assert_eq!(model.page(), Page::Tray);
}

#[test]
fn new_values_meanwhile_do_not_disturb_the_comparison() {
    let mut model = deciding(opened(), 1);
    compare_two(&mut model);
    let mut state = with_tray(measured());
    state.tray.readings.insert(0, kept(8, oximetry(91), "no_encounter", &[Quality::Motion]));
    say(&mut model, state);
    assert!(model.can_claim());
}

#[test]
fn the_tray_is_left_at_the_sign_out_and_hidden_by_a_call() {
    let mut model = deciding(opened(), 1);
    say(&mut model, with_tray(in_call()));
    assert_eq!(model.page(), Page::Call);
    let CartState { sign_in, tray, .. } = signed_out();
    say(&mut model, CartState { sign_in, tray, ..opened() });
    say(&mut model, with_tray(opened()));
    assert_eq!(model.page(), Page::Vitals);
}

#[test]
fn the_tray_opens_only_where_it_is_offered() {
    let mut model = showing(with_tray(in_call()));
    press_all(&mut model, at_tray([TrayPress::Open]));
    say(&mut model, with_tray(measured()));
    assert_eq!(model.page(), Page::Vitals);
    press_all(&mut model, [Press::EndEncounter, Press::Tray(TrayPress::Open)]);
    assert_eq!(model.page(), Page::Vitals, "the question stands above it");
}
