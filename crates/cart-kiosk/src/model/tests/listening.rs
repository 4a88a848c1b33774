//! Stories of the stethoscope: the physician listens, both say where, and a sound is kept.

use std::time::Duration;

use cart_api::{CartState, Command, Refusal, Response, Space};
use clinical::{AuscultationSite, EntryId, SoundGap};
use hub_api::{CartOnChannel, PhysicianOnChannel};
use media::{HeardSound, MediaEvent};
use uuid::Uuid;

use super::{super::testing::*, *};

const APEX: AuscultationSite = AuscultationSite::Mitral;

fn wish(wish: PhysicianOnChannel) -> Input {
    Input::Media(MediaEvent::Channel(wish))
}

fn site(site: Option<AuscultationSite>) -> StudioOrder {
    StudioOrder::Say(CartOnChannel::Site { site })
}

fn listening() -> Model {
    let mut model = showing(in_call());
    let on = orders(model.update(wish(PhysicianOnChannel::Listen { on: true }), NOW));
    assert_eq!(on, [StudioOrder::Listen(true), site(None)]);
    model
}

fn at_the_apex() -> Model {
    let mut model = listening();
    let lay = wish(PhysicianOnChannel::Site { site: APEX });
    assert_eq!(orders(model.update(lay, NOW)), [StudioOrder::ListenAnew, site(Some(APEX))]);
    model
}

fn keep(model: &mut Model) -> Vec<Effect> {
    model.update(wish(PhysicianOnChannel::KeepSound { request: 4, site: APEX }), NOW)
}

/// Twelve seconds, of which the first was heard fifteen seconds ago; half a second is missing.
fn heard() -> HeardSound {
    let ms = Duration::from_millis;
    let gaps = vec![ms(3_000)..ms(3_500)];
    HeardSound { wav: vec![7; 9], length: ms(12_000), gaps, since: ms(15_000) }
}

/// The number of the request that saves it.
fn saving(model: &mut Model) -> u64 {
    let for_whom = SoundFor { encounter: model.encounter_id(), request: 4, site: APEX };
    assert_eq!(orders(keep(model)), [StudioOrder::KeepSound(for_whom)]);
    let effects = model.update(Input::Sound { for_whom, heard: Some(heard()) }, NOW);
    let [Effect::Send { request, blob }] = &effects[..] else { panic!("the sound is sent") };
    let Command::SaveAuscultation { site, began, millis, gaps } = &request.command else {
        panic!("another command")
    };
    assert_eq!((*site, *began, *millis), (APEX, NOW.plus_millis(-15_000), 12_000));
    assert_eq!(gaps[..], [SoundGap { at_ms: 3_000, millis: 500 }]);
    assert_eq!((&blob[..], request.encounter), (&[7; 9][..], model.encounter_id()));
    request.number
}

fn refused_with(told: Vec<StudioOrder>, word: &str) {
    let [StudioOrder::Say(CartOnChannel::SoundNotKept { request: 4, reason })] = &told[..] else {
        panic!("{told:?}")
    };
    assert!(reason.contains(word), "{reason}");
}

#[test]
fn the_physician_listens_until_the_call_ends() {
    let mut model = at_the_apex();
    assert!(model.listening().is_on && !model.listening().is_away);
    assert!(model.update(Input::Media(MediaEvent::StethoscopeLost), NOW).is_empty());
    assert!(model.listening().is_away, "the nurse is asked to plug it in");
    assert!(model.update(Input::Media(MediaEvent::StethoscopeBack), NOW).is_empty());
    assert!(!model.listening().is_away);
    let after = orders(say(&mut model, measured()));
    assert_eq!(after, [StudioOrder::Listen(false), StudioOrder::Leave]);
    assert!(!model.listening().is_on);
    assert_eq!(model.listening().site, None, "the next patient's chest piece lies nowhere yet");
}

#[test]
fn both_say_where_the_chest_piece_lies_and_the_last_word_counts() {
    let mut model = at_the_apex();
    let again = wish(PhysicianOnChannel::Site { site: APEX });
    assert!(model.update(again, NOW).is_empty(), "what was heard there is not forgotten");
    let moved = orders(press(&mut model, Press::Site(AuscultationSite::Erb)));
    assert_eq!(moved, [StudioOrder::ListenAnew, site(Some(AuscultationSite::Erb))]);
    let on = orders(model.update(wish(PhysicianOnChannel::Listen { on: true }), NOW));
    assert_eq!(on[1], site(Some(AuscultationSite::Erb)), "a new connection is told");
    model = showing(in_call());
    assert!(press(&mut model, Press::Site(APEX)).is_empty(), "nobody listens");
}

#[test]
fn a_nurse_goes_from_place_to_place_in_the_usual_order() {
    let mut model = listening();
    let mut went = Vec::new();
    for _ in 0..=AuscultationSite::ALL.len() {
        press_all(&mut model, [Press::NextSite]);
        went.extend(model.listening().site);
    }
    let (last, all) = went.split_last().unwrap();
    assert_eq!((all, *last), (&AuscultationSite::ALL[..], AuscultationSite::Aortic));
    press_all(&mut model, [Press::PreviousSite]);
    assert_eq!(model.listening().site, Some(AuscultationSite::Elsewhere));
    model = listening();
    press_all(&mut model, [Press::PreviousSite]);
    assert_eq!(model.listening().site, Some(AuscultationSite::Elsewhere));
}

#[test]
fn a_sound_is_saved_before_the_physician_is_told() {
    let mut model = at_the_apex();
    let number = saving(&mut model);
    let entry = EntryId::new(Uuid::from_u128(9));
    let done = Response::Done { number, entry: Some(entry) };
    let told = orders(model.update(Input::Said(done), NOW));
    assert_eq!(told, [StudioOrder::Say(CartOnChannel::SoundKept { request: 4, entry })]);
    let by = "Dr. Priya Raman".to_owned();
    assert_eq!(own_notices(&model), [OwnKind::SoundKept { by }]);
}

#[test]
fn a_sound_that_was_not_saved_is_told_to_both_sides() {
    for (why, word) in
        [(Refusal::NotSaved, "could not save"), (Refusal::NoSpace, "storage is full")]
    {
        let mut model = at_the_apex();
        let number = saving(&mut model);
        refused_with(orders(refuse(&mut model, number, why)), word);
        assert!(matches!(own_notices(&model)[..], [OwnKind::SoundNotKept { .. }]));
    }
    let mut model = at_the_apex();
    saving(&mut model);
    refused_with(orders(model.update(Input::Lost, NOW)), "could not save");
}

#[test]
fn no_sound_is_kept_under_another_place_than_the_physician_sees() {
    let mut model = listening();
    refused_with(orders(keep(&mut model)), "place was changed");
    model = at_the_apex();
    press_all(&mut model, [Press::Site(AuscultationSite::Erb)]);
    refused_with(orders(keep(&mut model)), "place was changed");
}

#[test]
fn what_nobody_can_hear_anything_in_is_not_kept() {
    for heard in [None, Some(HeardSound { length: Duration::from_millis(999), ..heard() })] {
        let mut model = at_the_apex();
        let [StudioOrder::KeepSound(for_whom)] = orders(keep(&mut model))[..] else {
            panic!("it is looked for")
        };
        let told = orders(model.update(Input::Sound { for_whom, heard }, NOW));
        refused_with(told, "Nothing was heard");
    }
}

#[test]
fn a_cart_without_room_keeps_no_sound() {
    let mut model = at_the_apex();
    say(&mut model, CartState { space: Space::NoMedia, ..in_call() });
    refused_with(orders(keep(&mut model)), "storage is full");
}

#[test]
fn tones_begin_when_the_physician_wants_the_sound_proven() {
    let mut model = showing(in_call());
    let prove = Input::Media(MediaEvent::Channel(PhysicianOnChannel::ProveSound));
    let said = StudioOrder::Say(CartOnChannel::ProofBegins);
    assert_eq!(orders(model.update(prove, NOW)), [StudioOrder::ProveSound, said]);
}
