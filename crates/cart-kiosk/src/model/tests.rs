//! Stories of a screen: what is pressed and told, and what goes out.

use cart_api::{CallState, Command, HubLink, Identifier, Measurable, Refusal, Response, Sync};
use clinical::EntryId;
use hub_api::{CartOnChannel, PhysicianOnChannel, Signal};
use media::MediaEvent;
use uuid::Uuid;

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

fn freeze(model: &mut Model) -> u64 {
    let freeze = MediaEvent::Channel(PhysicianOnChannel::Freeze { request: 3 });
    let for_whom = StillFor::Physician { request: 3 };
    let taken = orders(model.update(Input::Media(freeze), NOW));
    assert_eq!(taken, [StudioOrder::Still(for_whom)]);
    let picture = Some(TakenPicture { jpeg: vec![0xff, 0xd8], width: 1920, height: 1080 });
    let effects = model.update(Input::Still { for_whom, picture }, NOW);
    let [Effect::Send { request, blob }] = &effects[..] else { panic!("the still is sent") };
    assert!(matches!(request.command, Command::SaveStill { width: 1920, height: 1080, .. }));
    assert_eq!(blob, &[0xff, 0xd8]);
    request.number
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
fn a_call_opens_the_studio_joins_and_closes_it() {
    use StudioOrder::{Close, Join, Leave, Open, Prepare};
    let mut model = showing(measured());
    asked(press(&mut model, Press::Call));
    assert_eq!(orders(say(&mut model, ringing())), [Open, Prepare]);
    assert_eq!(model.page(), Page::Call);
    assert_eq!(orders(say(&mut model, in_call())), [Join(CALL)]);
    assert_eq!(orders(say(&mut model, measured())), [Leave, Close]);
    assert_eq!(model.page(), Page::Vitals);
}

#[test]
fn a_screen_that_starts_in_the_middle_of_a_call_is_in_it_at_once() {
    let mut model = Model::new(NOW);
    assert_eq!(model.cover(), Cover::Starting);
    let orders = orders(say(&mut model, in_call()));
    assert_eq!(orders, [StudioOrder::Open, StudioOrder::Join(CALL)]);
    assert_eq!((model.page(), model.cover()), (Page::Call, Cover::None));
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
fn signals_go_both_ways_unchanged() {
    let mut model = showing(in_call());
    let offer = Signal::Offer { generation: 4, sdp: "v=0".into() };
    let event = MediaEvent::Signal { call: CALL, signal: offer.clone() };
    let request = asked(model.update(Input::Media(event), NOW));
    assert!(
        matches!(request.command, Command::Signal { call, signal } if call == CALL && signal == offer)
    );
    let shown = Signal::Shown { generation: 4 };
    let said = Response::Signal { call: CALL, signal: shown.clone() };
    let orders = orders(model.update(Input::Said(said), NOW));
    assert_eq!(orders, [StudioOrder::Signal(CALL, shown)]);
}

#[test]
fn the_physician_moves_the_camera_and_hears_once_that_it_does_not_obey() {
    let mut model = showing(in_call());
    let hold = || {
        let wish = PhysicianOnChannel::Move { pan: -1., tilt: 0., zoom: 0. };
        Input::Media(MediaEvent::Channel(wish))
    };
    let first = asked(model.update(hold(), NOW));
    assert!(matches!(first.command, Command::MoveCamera { pan, .. } if pan == -1.));
    let told = orders(refuse(&mut model, first.number, Refusal::DeviceAway));
    assert!(matches!(told[..], [StudioOrder::Say(CartOnChannel::CameraFailed { .. })]));
    let second = asked(model.update(hold(), NOW));
    assert!(refuse(&mut model, second.number, Refusal::DeviceAway).is_empty());
}

#[test]
fn a_frozen_picture_is_saved_before_the_physician_is_told() {
    let mut model = showing(in_call());
    let number = freeze(&mut model);
    let entry = EntryId::new(Uuid::from_u128(9));
    let done = Response::Done { number, entry: Some(entry) };
    let told = orders(model.update(Input::Said(done), NOW));
    assert_eq!(told, [StudioOrder::Say(CartOnChannel::StillSaved { request: 3, entry })]);
    let by = Some("Dr. Priya Raman".to_owned());
    assert_eq!(own_notices(&model), [OwnKind::PictureTaken { by }]);
}

#[test]
fn a_picture_that_was_not_saved_is_told_to_both_sides() {
    let mut model = showing(in_call());
    let number = freeze(&mut model);
    let told = orders(refuse(&mut model, number, Refusal::NotSaved));
    assert!(matches!(told[..], [StudioOrder::Say(CartOnChannel::StillFailed { request: 3, .. })]));
    assert!(matches!(own_notices(&model)[..], [OwnKind::PictureFailed { .. }]));
}

#[test]
fn a_nurse_takes_a_picture_without_a_call() {
    let mut model = showing(opened());
    assert_eq!(orders(press(&mut model, Press::OpenCamera)), [StudioOrder::Open]);
    assert_eq!(model.page(), Page::Camera);
    let taken = orders(press(&mut model, Press::TakePicture));
    assert_eq!(taken, [StudioOrder::Still(StillFor::Nurse)]);
    assert!(press(&mut model, Press::TakePicture).is_empty(), "one at a time");
    let still = Input::Still { for_whom: StillFor::Nurse, picture: None };
    assert!(model.update(still, NOW).is_empty());
    assert_eq!(own_notices(&model), [OwnKind::PictureFailed { by: None }]);
    assert!(!model.is_taking());
    assert_eq!(orders(press(&mut model, Press::CloseCamera)), [StudioOrder::Close]);
}

#[test]
fn a_camera_that_comes_back_takes_its_notice_away() {
    let mut model = showing(in_call());
    assert!(model.update(Input::Media(MediaEvent::CameraLost), NOW).is_empty());
    assert!(model.camera_is_away());
    assert_eq!(own_notices(&model), [OwnKind::CameraAway]);
    assert!(model.update(Input::Media(MediaEvent::CameraBack), NOW).is_empty());
    assert!(!model.camera_is_away() && own_notices(&model).is_empty());
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
