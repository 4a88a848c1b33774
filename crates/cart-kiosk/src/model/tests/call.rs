//! Stories of a call: the studio, the physician's wishes and pictures.

use cart_api::{CartState, Command, Refusal, Response, Space};
use clinical::EntryId;
use hub_api::{CartOnChannel, PhysicianOnChannel, Relays, Signal, View};
use media::MediaEvent;
use uuid::Uuid;

use super::{super::testing::*, *};

fn freeze(model: &mut Model) -> u64 {
    let freeze = MediaEvent::Channel(PhysicianOnChannel::Freeze { request: 3, examined: None });
    let encounter = model.encounter_id();
    let for_whom = StillFor { encounter, who: Asker::Physician { request: 3 }, examined: None };
    let taken = orders(model.update(Input::Media(freeze), NOW));
    assert_eq!(taken, [StudioOrder::Still(for_whom)]);
    let picture = Some(TakenPicture { jpeg: vec![0xff, 0xd8], width: 1920, height: 1080 });
    let effects = model.update(Input::Still { for_whom, picture }, NOW);
    let [Effect::Send { request, blob }] = &effects[..] else { panic!("the still is sent") };
    assert!(matches!(request.command, Command::SaveStill { width: 1920, height: 1080, .. }));
    assert_eq!(blob, &[0xff, 0xd8]);
    assert_eq!(request.encounter, encounter);
    request.number
}

#[test]
fn an_encounter_opens_the_studio_and_a_call_joins_it() {
    use StudioOrder::{Close, Join, Leave, Open, Prepare};
    let mut model = showing(signed_in());
    assert_eq!(orders(say(&mut model, measured())), [Open]);
    asked(press(&mut model, Press::Call));
    assert_eq!(orders(say(&mut model, ringing())), [Prepare]);
    assert_eq!(model.page(), Page::Call);
    assert_eq!(orders(say(&mut model, in_call())), [Join(CALL, Relays::default())]);
    assert_eq!(orders(say(&mut model, measured())), [Leave]);
    assert_eq!(model.page(), Page::Vitals);
    assert_eq!(orders(say(&mut model, signed_in())), [Close]);
}

#[test]
fn a_screen_that_starts_in_the_middle_of_a_call_is_in_it_at_once() {
    let mut model = Model::new(NOW);
    assert_eq!(model.cover(), Cover::Starting);
    let orders = orders(say(&mut model, in_call()));
    assert_eq!(orders, [StudioOrder::Open, StudioOrder::Join(CALL, Relays::default())]);
    assert_eq!((model.page(), model.cover()), (Page::Call, Cover::None));
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
    let opened = asked(press(&mut model, Press::OpenCamera));
    assert!(matches!(opened.command, Command::CameraHome));
    assert_eq!(model.page(), Page::Camera);
    assert!(refuse(&mut model, opened.number, Refusal::DeviceAway).is_empty());
    assert!(own_notices(&model).is_empty(), "a cart may have a camera that cannot turn");
    let taken = orders(press(&mut model, Press::TakePicture));
    let for_whom = StillFor { encounter: model.encounter_id(), who: Asker::Nurse, examined: None };
    assert_eq!(taken, [StudioOrder::Still(for_whom)]);
    assert!(press(&mut model, Press::TakePicture).is_empty(), "one at a time");
    let still = Input::Still { for_whom, picture: None };
    assert!(model.update(still, NOW).is_empty());
    assert_eq!(own_notices(&model), [OwnKind::PictureFailed { by: None }]);
    assert!(!model.is_taking());
    let closed = asked(press(&mut model, Press::CloseCamera));
    assert!(matches!(closed.command, Command::ParkCamera));
    assert_eq!(model.page(), Page::Vitals);
}

#[test]
fn the_camera_turns_away_also_when_something_else_closes_the_viewfinder() {
    let mut model = showing(opened());
    press_all(&mut model, [Press::OpenCamera]);
    let over = asked(model.update(Input::Said(Response::State(Box::new(signed_in()))), NOW));
    assert!(matches!(over.command, Command::ParkCamera));
    let mut model = showing(opened());
    press_all(&mut model, [Press::OpenCamera]);
    let called = model.update(Input::Said(Response::State(Box::new(ringing()))), NOW);
    assert_eq!(orders(called), [StudioOrder::Prepare], "the call needs the camera");
}

#[test]
fn after_a_call_it_is_said_that_nobody_watches_any_more() {
    let said = |state| Input::Said(Response::State(Box::new(state)));
    let mut model = showing(in_call());
    assert_eq!(orders(model.update(said(opened()), NOW)), [StudioOrder::Leave]);
    assert_eq!(own_notices(&model), [OwnKind::NobodyWatches]);
    let mut model = showing(ringing());
    assert_eq!(orders(model.update(said(opened()), NOW)), [StudioOrder::Leave]);
    assert!(own_notices(&model).is_empty(), "nobody has watched");
}

#[test]
fn a_cart_without_room_takes_no_picture_and_says_why_to_both_sides() {
    let no_space = [OwnKind::Refused { refusal: Refusal::NoSpace, device: None }];
    let mut model = showing(CartState { space: Space::NoMedia, ..opened() });
    press_all(&mut model, [Press::OpenCamera]);
    assert!(press(&mut model, Press::TakePicture).is_empty(), "the shutter stays open");
    assert!(!model.is_taking());
    assert_eq!(own_notices(&model), no_space);
    let mut model = showing(CartState { space: Space::NoMedia, ..in_call() });
    let wish = MediaEvent::Channel(PhysicianOnChannel::Freeze { request: 3, examined: None });
    let told = orders(model.update(Input::Media(wish), NOW));
    assert!(matches!(told[..], [StudioOrder::Say(CartOnChannel::StillFailed { request: 3, .. })]));
    assert_eq!(own_notices(&model), no_space);
}

#[test]
fn a_picture_that_found_no_room_is_told_as_that() {
    let mut model = showing(in_call());
    let number = freeze(&mut model);
    let told = orders(refuse(&mut model, number, Refusal::NoSpace));
    assert!(matches!(told[..], [StudioOrder::Say(CartOnChannel::StillFailed { request: 3, .. })]));
    let no_space = OwnKind::Refused { refusal: Refusal::NoSpace, device: None };
    assert_eq!(own_notices(&model), [no_space]);
}

#[test]
fn a_new_call_is_not_muted() {
    let mut model = showing(in_call());
    assert_eq!(orders(press(&mut model, Press::Mute)), [StudioOrder::Mute(true)]);
    let over = [StudioOrder::Mute(false), StudioOrder::Leave];
    assert_eq!(orders(say(&mut model, measured())), over);
    assert!(!model.is_muted());
}

#[test]
fn the_physician_looks_closely_until_the_call_ends() {
    let part = View { x: 0.5, y: 0.25, size: 0.25 };
    let wish = |wish| Input::Media(MediaEvent::Channel(wish));
    let told = |view| StudioOrder::Say(CartOnChannel::Looking { view });
    let mut model = showing(in_call());
    let beyond = View { x: 2.0, ..part };
    let within = View { x: 0.75, ..part };
    let orders_of = orders(model.update(wish(PhysicianOnChannel::Look { view: beyond }), NOW));
    assert_eq!(orders_of, [StudioOrder::Look(within), told(within)]);
    assert_eq!(model.physicians_view(), within, "the nurse sees it framed");
    let home = model.update(wish(PhysicianOnChannel::Home), NOW);
    assert_eq!(orders(home), [StudioOrder::Look(View::WHOLE), told(View::WHOLE)]);
    orders(model.update(wish(PhysicianOnChannel::Look { view: part }), NOW));
    let over = [StudioOrder::Look(View::WHOLE), StudioOrder::Leave];
    assert_eq!(orders(say(&mut model, measured())), over, "the next physician sees all");
    let late = model.update(wish(PhysicianOnChannel::Look { view: part }), NOW);
    assert!(late.is_empty() && model.physicians_view() == View::WHOLE);
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
