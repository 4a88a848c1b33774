//! Stories of a screen: what is pressed and told, and what goes out.

mod call;
mod examining;
mod listening;
mod observing;
mod scan;
mod tray;

use cart_api::{CallState, Command, HubLink, Identifier, Measurable, Refusal, Response, Sync};

use super::{testing::*, *};

/// The one request among the effects.
fn asked(effects: Vec<Effect>) -> Request {
    let mut requests = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send { request, .. } => Some(request),
        Effect::Studio(_) => None,
    });
    let request = requests.next().expect("a request is sent");
    assert!(requests.next().is_none(), "one request only");
    request
}

fn orders(effects: Vec<Effect>) -> Vec<StudioOrder> {
    let order = |effect| match effect {
        Effect::Studio(order) => Some(order),
        Effect::Send { .. } => None,
    };
    effects.into_iter().filter_map(order).collect()
}

fn refuse(model: &mut Model, number: u64, refusal: Refusal) -> Vec<Effect> {
    model.update(Input::Said(Response::Refused { number, refusal }), NOW)
}

fn own_notices(model: &Model) -> Vec<OwnKind> {
    let own = |notice: &ShownNotice<'_>| match notice.kind {
        ShownKind::Own(kind) => Some(kind.clone()),
        ShownKind::Carts(_) => None,
    };
    model.notices().iter().filter_map(own).collect()
}

#[test]
fn a_nurse_signs_in_with_a_name_and_a_pin() {
    let mut model = showing(signed_out());
    assert_eq!((model.page(), model.cover()), (Page::SignIn, Cover::None));
    press_all(&mut model, [Press::Nurse("4711".into())]);
    press_all(&mut model, [4, 8, 2, 6].map(Press::Digit));
    let request = asked(press(&mut model, Press::Enter));
    let Command::SignIn { nurse, pin } = request.command else { panic!("it signs in") };
    assert_eq!((nurse.as_str(), pin.as_str()), ("4711", "4826"));
    assert_eq!(model.page(), Page::SignIn, "the page changes when the state arrives");
    say(&mut model, signed_in());
    assert_eq!((model.page(), model.pin().typed()), (Page::Worklist, 0));
}

#[test]
fn a_wrong_pin_stays_on_the_pad_and_makes_no_notice() {
    let mut model = showing(signed_out());
    press_all(&mut model, [Press::Nurse("4711".into())]);
    press_all(&mut model, [1, 2, 3, 4].map(Press::Digit));
    let request = asked(press(&mut model, Press::Enter));
    refuse(&mut model, request.number, Refusal::WrongPin { tries_left: 9 });
    assert_eq!(model.pin().state, PinState::Wrong { tries_left: 9 });
    assert_eq!(own_notices(&model), []);
}

#[test]
fn an_encounter_starts_only_with_two_identifiers() {
    let mut model = showing(signed_in());
    press_all(&mut model, [Press::Patient("100234".into())]);
    assert_eq!(model.page(), Page::Identify);
    let one = [Press::Compared(Identifier::Name), Press::StartEncounter];
    assert!(press_all(&mut model, one).is_empty());
    press_all(&mut model, [Press::Compared(Identifier::BirthDate)]);
    let request = asked(press(&mut model, Press::StartEncounter));
    let Command::OpenEncounter { patient, confirmed } = request.command else { panic!("opens") };
    assert_eq!(patient.number, "100234");
    assert_eq!(confirmed, [Identifier::Name, Identifier::BirthDate]);
    say(&mut model, opened());
    assert_eq!(model.page(), Page::Vitals);
}

#[test]
fn a_tap_too_many_is_taken_back_by_a_second_one() {
    let mut model = showing(signed_in());
    press_all(&mut model, [Press::Patient("100234".into())]);
    let name = Press::Compared(Identifier::Name);
    press_all(&mut model, [name.clone(), name, Press::Compared(Identifier::Number)]);
    assert!(press(&mut model, Press::StartEncounter).is_empty());
    press_all(&mut model, [Press::BackToPatients]);
    assert_eq!(model.page(), Page::Worklist);
}

#[test]
fn an_impatient_finger_asks_once_but_stops_as_often_as_it_likes() {
    let mut model = showing(opened());
    let what = Measurable::BloodPressure;
    asked(press(&mut model, Press::Measure(what)));
    assert!(press(&mut model, Press::Measure(what)).is_empty());
    asked(press(&mut model, Press::Stop(what)));
    asked(press(&mut model, Press::Stop(what)));
}

#[test]
fn a_refused_wish_is_told_in_words_and_can_be_dismissed() {
    let mut model = showing(opened());
    let request = asked(press(&mut model, Press::Call));
    refuse(&mut model, request.number, Refusal::HubAway);
    assert_eq!(own_notices(&model), [OwnKind::Refused { refusal: Refusal::HubAway, device: None }]);
    let id = model.notices()[0].id;
    press_all(&mut model, [Press::DismissOwn(id)]);
    assert_eq!(own_notices(&model), []);
}

#[test]
fn ending_asks_once_more_and_needs_no_hub() {
    let mut state = measured();
    state.hub = HubLink::Away { since: NOW };
    let mut model = showing(state);
    assert!(press(&mut model, Press::ConfirmEnd).is_empty());
    press_all(&mut model, [Press::EndEncounter]);
    assert!(model.asks_end());
    assert_eq!(model.unsent(), 2);
    let request = asked(press(&mut model, Press::ConfirmEnd));
    assert!(matches!(request.command, Command::EndEncounter));
    say(&mut model, signed_in());
    assert_eq!((model.page(), model.asks_end()), (Page::Worklist, false));
}

#[test]
fn a_call_stays_in_sight_while_the_daemon_restarts() {
    let mut model = showing(in_call());
    assert!(orders(model.update(Input::Lost, NOW)).is_empty());
    assert_eq!((model.cover(), model.is_restarting()), (Cover::None, true));
    assert!(orders(say(&mut model, in_call())).is_empty(), "the same peer connection goes on");
    say(&mut model, measured());
    assert!(model.update(Input::Lost, NOW).is_empty());
    assert_eq!(model.cover(), Cover::Restarting);
}

#[test]
fn what_was_asked_of_a_daemon_that_died_is_told() {
    let mut model = showing(opened());
    asked(press(&mut model, Press::Measure(Measurable::BloodPressure)));
    assert!(model.update(Input::Lost, NOW).is_empty());
    assert_eq!(own_notices(&model), [OwnKind::NotReached]);
    say(&mut model, opened());
    asked(press(&mut model, Press::Measure(Measurable::BloodPressure)));
}

#[test]
fn the_sync_mark_says_the_most_urgent_thing() {
    let check = |on_cart, sent, set_aside, away: bool, expected| {
        let hub = if away { HubLink::Away { since: NOW } } else { HubLink::Connected };
        let sync = Sync { on_cart, sent, set_aside };
        assert_eq!(showing(CartState { hub, sync, ..opened() }).sync(), expected);
    };
    check(0, 0, 0, false, (SyncKind::AllArrived, 0));
    check(0, 2, 0, false, (SyncKind::OnTheWay, 2));
    check(3, 2, 0, false, (SyncKind::Sending, 3));
    check(3, 2, 0, true, (SyncKind::Waiting, 3));
    check(3, 2, 1, true, (SyncKind::Attention, 1));
}

#[test]
fn a_cart_of_another_version_covers_the_screen() {
    let mut model = Model::new(NOW);
    refuse(&mut model, 0, Refusal::WrongVersion);
    assert_eq!(model.cover(), Cover::WrongVersion);
}

#[test]
fn a_sign_out_in_the_middle_of_everything_shows_no_patient() {
    let mut model = showing(in_call());
    let CartState { sign_in, .. } = signed_out();
    say(&mut model, CartState { sign_in, ..in_call() });
    assert_eq!(model.page(), Page::SignIn);
    assert!(matches!(model.call(), CallState::Answered { .. }), "the call goes on");
}
