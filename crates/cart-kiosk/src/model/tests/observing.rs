//! Stories of the sheet: what is chosen, counted and saved, and what takes it away.

use cart_api::{Command, Refusal, Response, SavedObserved, SyncStage};
use clinical::{
    EncounterId, Finding,
    news2::{Breathing, Consciousness},
};
use uuid::Uuid;

use super::{super::testing::*, *};

const ALERT: Finding = Finding::Consciousness { level: Consciousness::Alert };
const CONFUSED: Finding = Finding::Consciousness { level: Consciousness::Confusion };
const OXYGEN: Finding = Finding::Breathing { of: Breathing::Oxygen };

fn at_sheet<const N: usize>(model: &mut Model, presses: [ObservePress; N]) -> Vec<Effect> {
    press_all(model, presses.map(Press::Observe))
}

/// The sheet, with this chosen.
fn chosen<const N: usize>(findings: [Finding; N]) -> Model {
    let mut model = showing(opened());
    at_sheet(&mut model, [ObservePress::Open]);
    at_sheet(&mut model, findings.map(ObservePress::Choose));
    assert_eq!(model.page(), Page::Observe);
    model
}

fn unsaved(model: &Model) -> Vec<Finding> {
    model.all_chosen().iter().map(|chosen| chosen.what).collect()
}

/// What is asked to be saved, by the numbers of the requests.
fn saving(effects: Vec<Effect>) -> Vec<(u64, Finding)> {
    let finding = |effect| match effect {
        Effect::Send {
            request: Request { number, command: Command::Observe { what }, .. },
            ..
        } => (number, what),
        _ => panic!("only what was observed is sent"),
    };
    effects.into_iter().map(finding).collect()
}

fn done(model: &mut Model, number: u64) {
    assert!(model.update(Input::Said(Response::Done { number, entry: None }), NOW).is_empty());
}

fn with(saved: SavedObserved) -> CartState {
    let mut state = opened();
    state.encounter.as_mut().unwrap().observed.push(saved);
    state
}

#[test]
fn what_is_chosen_is_sent_by_one_press_and_shown_as_saved_by_the_state_alone() {
    let mut model = chosen([CONFUSED, OXYGEN, ALERT]);
    assert_eq!(unsaved(&model), [OXYGEN, ALERT], "one of each aspect, the last tap counts");
    let requests = saving(at_sheet(&mut model, [ObservePress::Save]));
    let [(first, OXYGEN), (second, ALERT)] = requests[..] else { panic!("{requests:?}") };
    assert!(saving(at_sheet(&mut model, [ObservePress::Save])).is_empty(), "asked once");
    at_sheet(&mut model, [ObservePress::Choose(CONFUSED)]);
    assert_eq!(unsaved(&model), [OXYGEN, ALERT], "what is on its way does not change");
    done(&mut model, first);
    done(&mut model, second);
    assert_eq!((unsaved(&model), model.page()), (vec![], Page::Observe));
    assert!(model.saved_finding(Aspect::Consciousness).is_none(), "no state has said so");
    say(&mut model, with(observed(1, ALERT, 0, SyncStage::OnCart)));
    assert_eq!(model.saved_finding(Aspect::Consciousness).unwrap().observed.what, ALERT);
    assert!(model.saved_finding(Aspect::Oxygen).is_none());
}

#[test]
fn the_newest_that_is_saved_is_shown_and_counts_as_not_in_the_ehr() {
    let mut state = with(observed(1, ALERT, 9, SyncStage::InEhr));
    let newest = observed(2, CONFUSED, 1, SyncStage::Sent);
    state.encounter.as_mut().unwrap().observed.push(newest);
    let model = showing(state);
    assert_eq!(model.saved_finding(Aspect::Consciousness).unwrap().observed.what, CONFUSED);
    assert_eq!(model.unsent(), 1);
}

#[test]
fn what_is_refused_or_not_answered_stays_chosen_and_says_why() {
    let mut model = chosen([ALERT]);
    let [(number, _)] = saving(at_sheet(&mut model, [ObservePress::Save]))[..] else { panic!() };
    refuse(&mut model, number, Refusal::NotSaved);
    let refused = OwnKind::Refused { refusal: Refusal::NotSaved, device: None };
    assert_eq!((own_notices(&model), unsaved(&model)), (vec![refused], vec![ALERT]));
    assert_eq!(saving(at_sheet(&mut model, [ObservePress::Save])).len(), 1);
    assert!(model.update(Input::Lost, NOW).is_empty());
    assert!(own_notices(&model).contains(&OwnKind::NotReached));
    assert_eq!(unsaved(&model), [ALERT]);
}

#[test]
fn a_second_tap_takes_a_choice_back_and_closing_forgets_all() {
    let mut model = chosen([ALERT, OXYGEN, ALERT]);
    assert_eq!(unsaved(&model), [OXYGEN]);
    at_sheet(&mut model, [ObservePress::Close]);
    assert_eq!(model.page(), Page::Vitals);
    at_sheet(&mut model, [ObservePress::Open]);
    assert!(unsaved(&model).is_empty());
    assert!(at_sheet(&mut model, [ObservePress::Save]).is_empty());
}

#[test]
fn nothing_chosen_outlives_its_encounter_its_nurse_or_its_time() {
    let mut model = chosen([ALERT]);
    let mut another = opened();
    another.encounter.as_mut().unwrap().id = EncounterId::new(Uuid::from_u128(99));
    say(&mut model, another);
    assert_eq!((model.page(), unsaved(&model)), (Page::Vitals, vec![]));

    let mut model = chosen([ALERT]);
    let CartState { sign_in, .. } = signed_out();
    say(&mut model, CartState { sign_in, ..opened() });
    say(&mut model, opened());
    assert_eq!((model.page(), unsaved(&model)), (Page::Vitals, vec![]));

    let mut model = chosen([ALERT]);
    assert!(model.update(Input::Tick, NOW.plus_millis(5 * 60_000 - 1)).is_empty());
    assert_eq!(unsaved(&model), [ALERT]);
    assert!(model.update(Input::Tick, NOW.plus_millis(5 * 60_000)).is_empty());
    assert!(unsaved(&model).is_empty());
    assert_eq!(own_notices(&model), [OwnKind::ObservedTooLongAgo]);
}

#[test]
fn the_sheet_is_opened_from_the_vitals_of_an_encounter_only() {
    for state in [signed_out(), signed_in(), in_call()] {
        let mut model = showing(state);
        let page = model.page();
        at_sheet(&mut model, [ObservePress::Open, ObservePress::Choose(ALERT)]);
        assert_eq!((model.page(), unsaved(&model)), (page, vec![]));
    }
}

#[test]
fn counted_breaths_go_onto_the_sheet_by_a_press_and_into_the_record_by_another() {
    let mut model = chosen([]);
    at_sheet(&mut model, [ObservePress::OpenBreaths, ObservePress::Breaths(BreathsPress::Start)]);
    assert_eq!(model.page(), Page::Breaths);
    for second in 1..=30 {
        let now = NOW.plus_millis(second * 1_000);
        let tap = Press::Observe(ObservePress::Breaths(BreathsPress::Tap));
        let input = if second % 3 == 0 { Input::Press(tap) } else { Input::Tick };
        assert!(model.update(input, now).is_empty());
        let take = Input::Press(Press::Observe(ObservePress::TakeRate));
        if second < 30 {
            assert!(model.update(take, now).is_empty());
            assert_eq!(model.page(), Page::Breaths, "half a minute is not over");
        }
    }
    let take = Input::Press(Press::Observe(ObservePress::TakeRate));
    assert!(model.update(take, NOW.plus_millis(31_000)).is_empty());
    assert_eq!(model.page(), Page::Observe);
    assert_eq!(model.chosen(Aspect::Breaths).unwrap().counted, Some(9));
    let eighteen = Finding::RespiratoryRate { per_minute: 18 };
    let requests = saving(at_sheet(&mut model, [ObservePress::Save]));
    assert_eq!(requests.iter().map(|(_, what)| *what).collect::<Vec<_>>(), [eighteen]);
}

#[test]
fn leaving_the_count_takes_nothing() {
    let mut model = chosen([]);
    let typed = ObservePress::Breaths(BreathsPress::Digit(7));
    at_sheet(&mut model, [ObservePress::OpenBreaths, typed, ObservePress::CloseBreaths]);
    assert_eq!((model.page(), unsaved(&model)), (Page::Observe, vec![]));
    at_sheet(&mut model, [ObservePress::OpenBreaths]);
    assert_eq!(model.breaths().unwrap().rate(), None, "it begins anew");
}
