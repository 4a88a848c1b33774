//! Stories of an otoscope: who takes it up, what is seen of it, and when it is put down.

use clinical::{
    ExamCamera::{self, Dermatoscope, HandCamera, Otoscope},
    Examined, Laterality,
};
use hub_api::{CartOnChannel, PhysicianOnChannel};
use media::MediaEvent;

use super::{super::testing::*, *};

fn with_cameras(state: cart_api::CartState) -> Model {
    let mut model = Model::new(NOW).with_exam_cameras(vec![Otoscope, Dermatoscope]);
    drop(say(&mut model, state));
    model
}

fn examined(with: ExamCamera, side: Option<Laterality>) -> Option<Examined> {
    Some(Examined::new(with, side))
}

fn asks(model: &mut Model, wanted: Option<Examined>) -> Vec<StudioOrder> {
    let wish = PhysicianOnChannel::Examine { examined: wanted };
    orders(model.update(Input::Media(MediaEvent::Channel(wish)), NOW))
}

#[test]
fn the_last_word_of_physician_and_nurse_counts() {
    let mut model = with_cameras(in_call());
    let ear = examined(Otoscope, Some(Laterality::Left));
    assert_eq!(asks(&mut model, ear), [StudioOrder::Examine(ear)]);
    assert_eq!(model.examining().examined, ear);
    let skin = examined(Dermatoscope, None);
    assert_eq!(
        orders(press(&mut model, Press::TakeUp(Some(Dermatoscope)))),
        [StudioOrder::Examine(skin)]
    );
    // The other ear is said anew: a side is never taken over from another camera.
    let unsaid = examined(Otoscope, None);
    assert_eq!(
        orders(press(&mut model, Press::TakeUp(Some(Otoscope)))),
        [StudioOrder::Examine(unsaid)]
    );
    let right = examined(Otoscope, Some(Laterality::Right));
    assert_eq!(
        orders(press(&mut model, Press::LookInto(Laterality::Right))),
        [StudioOrder::Examine(right)]
    );
    assert_eq!(orders(press(&mut model, Press::TakeUp(Some(Otoscope)))), []);
    assert_eq!(orders(press(&mut model, Press::TakeUp(None))), [StudioOrder::Examine(None)]);
}

#[test]
fn a_wish_for_what_the_cart_has_not_or_without_a_call_changes_nothing() {
    let mut model = with_cameras(in_call());
    assert_eq!(asks(&mut model, examined(HandCamera, None)), []);
    assert_eq!(orders(press(&mut model, Press::LookInto(Laterality::Right))), []);
    let mut model = with_cameras(measured());
    assert_eq!(asks(&mut model, examined(Otoscope, None)), []);
    let mut model = with_cameras(ringing());
    assert_eq!(orders(press(&mut model, Press::TakeUp(Some(Otoscope)))), []);
}

#[test]
fn what_nobody_looks_through_any_more_is_put_down() {
    let mut model = with_cameras(in_call());
    asks(&mut model, examined(Otoscope, None));
    let ended = orders(say(&mut model, measured()));
    assert!(ended.contains(&StudioOrder::Examine(None)), "{ended:?}");
    assert_eq!(model.examining().examined, None);

    press_all(&mut model, [Press::OpenCamera]);
    let skin = examined(Dermatoscope, None);
    assert_eq!(
        orders(press(&mut model, Press::TakeUp(Some(Dermatoscope)))),
        [StudioOrder::Examine(skin)]
    );
    let closed = orders(press(&mut model, Press::CloseCamera));
    assert!(closed.contains(&StudioOrder::Examine(None)), "{closed:?}");
}

#[test]
fn a_still_is_of_what_the_physician_saw_when_asking_for_it() {
    let mut model = with_cameras(in_call());
    let left = examined(Otoscope, Some(Laterality::Left));
    asks(&mut model, left);
    let freeze = |examined| {
        Input::Media(MediaEvent::Channel(PhysicianOnChannel::Freeze { request: 3, examined }))
    };
    let who = Asker::Physician { request: 3 };
    let for_whom = StillFor { encounter: model.encounter_id(), who, examined: left };
    assert_eq!(orders(model.update(freeze(left), NOW)), [StudioOrder::Still(for_whom)]);
    let picture = Some(TakenPicture { jpeg: vec![0xff], width: 4, height: 3 });
    let request = asked(model.update(Input::Still { for_whom, picture }, NOW));
    let Command::SaveStill { examined, .. } = request.command else { panic!("it is saved") };
    assert_eq!(examined, left);

    // The nurse has gone to the other ear meanwhile.
    press_all(&mut model, [Press::LookInto(Laterality::Right)]);
    let told = orders(model.update(freeze(left), NOW));
    let [StudioOrder::Say(CartOnChannel::StillFailed { request: 3, reason })] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(reason.contains("changed at the cart"), "{reason}");
    // The room is another camera, and can be asked for at any time.
    assert!(matches!(&orders(model.update(freeze(None), NOW))[..], [StudioOrder::Still(_)]));
}

#[test]
fn a_picture_that_comes_when_the_other_ear_is_looked_into_is_not_kept() {
    let mut model = with_cameras(in_call());
    let left = examined(Otoscope, Some(Laterality::Left));
    asks(&mut model, left);
    let who = Asker::Physician { request: 3 };
    let for_whom = StillFor { encounter: model.encounter_id(), who, examined: left };
    let picture = || Some(TakenPicture { jpeg: vec![0xff], width: 4, height: 3 });
    press_all(&mut model, [Press::LookInto(Laterality::Right)]);
    let late = Input::Still { for_whom, picture: picture() };
    let told = orders(model.update(late, NOW));
    assert!(matches!(told[..], [StudioOrder::Say(CartOnChannel::StillFailed { .. })]), "{told:?}");
    // Put down meanwhile: it is what it was when it was taken.
    press_all(&mut model, [Press::TakeUp(None)]);
    asked(model.update(Input::Still { for_whom, picture: picture() }, NOW));
}

#[test]
fn the_nurses_own_picture_is_of_what_she_sees() {
    let mut model = with_cameras(measured());
    press_all(&mut model, [Press::OpenCamera]);
    // A room camera that is away keeps nobody from taking a picture of an ear.
    drop(model.update(Input::Media(MediaEvent::CameraLost), NOW));
    press_all(&mut model, [Press::TakeUp(Some(Otoscope)), Press::LookInto(Laterality::Left)]);
    let taken = orders(press(&mut model, Press::TakePicture));
    let [StudioOrder::Still(for_whom)] = taken[..] else { panic!("{taken:?}") };
    assert_eq!(for_whom.examined, examined(Otoscope, Some(Laterality::Left)));
}

#[test]
fn only_the_camera_in_the_hand_is_told_to_be_away() {
    let mut model = with_cameras(in_call());
    asks(&mut model, examined(Otoscope, None));
    let tell = |model: &mut Model, event| drop(model.update(Input::Media(event), NOW));
    tell(&mut model, MediaEvent::ExamCameraLost(Dermatoscope));
    assert!(!model.examining().is_away);
    tell(&mut model, MediaEvent::ExamCameraLost(Otoscope));
    assert!(model.examining().is_away);
    tell(&mut model, MediaEvent::ExamCameraBack(Otoscope));
    assert!(!model.examining().is_away);
    tell(&mut model, MediaEvent::ExamCameraLost(Otoscope));
    asks(&mut model, examined(Dermatoscope, None));
    assert!(!model.examining().is_away, "that was another camera");
}
