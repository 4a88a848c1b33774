//! A call as cartd sees it: it rings at the hub, relays signals, moves the camera, survives restarts.

use std::time::Duration;

use cart_api::{CallState, Command, NoticeKind, Refusal};
use clinical::CallId;
use hub_api::{CallEnd, CartToHub, HubToCart, Signal};

use crate::{
    cart::{Cart, wait_for_hub},
    kiosk::Kiosk,
};

const LEFT: Command = Command::MoveCamera { pan: -1.0, tilt: 0.0, zoom: 0.0 };

/// A cart with its hub, a nurse in an encounter, and the call that she began.
fn ringing() -> (Cart, Kiosk, CallId) {
    let mut cart = Cart::new();
    cart.start();
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    kiosk.done(Command::Call);
    let call = cart.hub.hears("the call", |message| match message {
        CartToHub::Call { call } => Some(*call),
        _ => None,
    });
    (cart, kiosk, call)
}

pub fn answered() -> (Cart, Kiosk, CallId) {
    let (cart, kiosk, call) = ringing();
    cart.hub.say(HubToCart::Answered { call, physician: "Dr. Osei".into(), relays: None });
    sees_answered(&kiosk, call);
    (cart, kiosk, call)
}

#[track_caller]
fn sees_answered(kiosk: &Kiosk, wanted: CallId) {
    kiosk.sees("the answered call", |state| match &state.call {
        CallState::Answered { call, physician, .. } => {
            (*call == wanted && physician == "Dr. Osei").then_some(())
        }
        CallState::None | CallState::Ringing { .. } => None,
    });
}

#[track_caller]
fn sees_no_call(kiosk: &Kiosk) {
    kiosk.sees("no call", |state| (state.call == CallState::None).then_some(()));
}

fn offer() -> Signal {
    Signal::Offer { generation: 1, sdp: "v=0".into() }
}

#[test]
fn the_hub_knows_the_encounter_before_it_rings() {
    let (cart, ..) = ringing();
    cart.hub.seen.change(|seen| {
        let first_with_encounter = seen
            .messages
            .iter()
            .position(|message| matches!(message, CartToHub::Status { encounter: Some(_), .. }));
        let call = seen.messages.iter().position(|said| matches!(said, CartToHub::Call { .. }));
        assert!(matches!(seen.messages[0], CartToHub::Status { .. }));
        assert!(first_with_encounter.unwrap() < call.unwrap());
    });
}

#[test]
fn signals_pass_both_ways_in_the_answered_call() {
    let (cart, mut kiosk, call) = ringing();
    let signal = Command::Signal { call, signal: offer() };
    assert_eq!(kiosk.ask(signal.clone()), Err(Refusal::NoCall));
    cart.hub.say(HubToCart::Answered { call, physician: "Dr. Osei".into(), relays: None });
    sees_answered(&kiosk, call);
    kiosk.done(signal);
    cart.hub.hears("the offer", |message| {
        (*message == CartToHub::Signal { call, signal: offer() }).then_some(())
    });
    let answer = Signal::Answer { generation: 1, sdp: "v=0".into() };
    cart.hub.say(HubToCart::Signal { call, signal: answer.clone() });
    kiosk.told.until("the answer", |told| (told.signals == [(call, answer.clone())]).then_some(()));
}

#[test]
fn hanging_up_is_told_to_the_hub_and_a_physician_who_leaves_to_the_nurse() {
    let (cart, mut kiosk, call) = answered();
    kiosk.done(Command::HangUp);
    sees_no_call(&kiosk);
    cart.hub.hears("the end", |message| (*message == CartToHub::HangUp { call }).then_some(()));
    let (cart, kiosk, call) = answered();
    cart.hub.say(HubToCart::CallEnded { call, why: CallEnd::Physician });
    kiosk.sees_notice("who left", |kind| *kind == NoticeKind::PhysicianLeft);
    sees_no_call(&kiosk);
}

#[test]
fn a_call_needs_an_encounter_and_a_hub() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.signed_in();
    assert_eq!(kiosk.ask(Command::Call), Err(Refusal::NoEncounter));
    crate::cart::open_encounter(&mut kiosk);
    assert_eq!(kiosk.ask(Command::Call), Err(Refusal::HubAway));
    assert_eq!(kiosk.ask(LEFT), Err(Refusal::NoCall));
}

#[test]
fn an_answered_call_survives_a_kill_of_cartd() {
    let (mut cart, kiosk, call) = answered();
    cart.kill();
    kiosk.is_closed();
    cart.hub.seen.change(|seen| seen.messages.clear());
    cart.start();
    let mut kiosk = cart.kiosk();
    sees_answered(&kiosk, call);
    cart.hub.hears("the same call", |message| {
        matches!(message, CartToHub::Status { call: told, .. } if *told == Some(call)).then_some(())
    });
    wait_for_hub(&kiosk);
    kiosk.done(Command::Signal { call, signal: offer() });
}

#[test]
fn an_answered_call_survives_a_hub_that_restarts() {
    let (mut cart, kiosk, call) = answered();
    cart.hub.go_away();
    kiosk.sees("that the hub is away", |state| {
        matches!(state.hub, cart_api::HubLink::Away { .. }).then_some(())
    });
    cart.hub.come_up();
    wait_for_hub(&kiosk);
    sees_answered(&kiosk, call);
}

#[test]
fn ringing_without_a_hub_ends_with_a_notice() {
    let (mut cart, kiosk, _) = ringing();
    cart.hub.go_away();
    kiosk.sees_notice("that the call is lost", |kind| *kind == NoticeKind::CallLost);
    sees_no_call(&kiosk);
}

#[test]
fn the_camera_moves_while_the_button_is_held_and_no_longer() {
    let (cart, mut kiosk, _) = answered();
    kiosk.done(LEFT);
    cart.room.camera_moves();
    let still_moved = cart.room.camera_stops();
    assert!(still_moved < Duration::from_secs(2), "{still_moved:?}");
}

#[test]
fn the_camera_turns_away_at_hang_up_and_back_for_the_next_call() {
    let (cart, mut kiosk, _) = answered();
    kiosk.done(Command::HangUp);
    // As of a button that was held at that moment.
    kiosk.done(Command::StopCamera);
    cart.room.camera_looks("away", |pan, tilt| pan < -45.0 && tilt < -15.0);
    kiosk.done(Command::Call);
    cart.room.camera_looks("straight", |pan, tilt| pan.abs() < 1.0 && tilt.abs() < 1.0);
    kiosk.done(Command::HangUp);
    cart.room.camera_looks("away", |pan, _| pan < -45.0);
    kiosk.sees("no notice of it", |state| state.notices.is_empty().then_some(()));
}

#[test]
fn the_nurse_has_the_camera_look_at_the_room_for_a_picture_and_away_again() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.signed_in();
    assert_eq!(kiosk.ask(Command::CameraHome), Err(Refusal::NoEncounter));
    crate::cart::open_encounter(&mut kiosk);
    kiosk.done(Command::ParkCamera);
    cart.room.camera_looks("away", |pan, _| pan < -45.0);
    kiosk.done(Command::CameraHome);
    cart.room.camera_looks("straight", |pan, tilt| pan.abs() < 1.0 && tilt.abs() < 1.0);
    drop(kiosk);
    cart.room.camera_looks("away, because the kiosk is gone", |pan, _| pan < -45.0);
}

#[test]
fn ending_the_encounter_ends_the_call() {
    let (cart, mut kiosk, call) = answered();
    kiosk.done(Command::EndEncounter);
    sees_no_call(&kiosk);
    cart.hub.hears("the end", |message| (*message == CartToHub::HangUp { call }).then_some(()));
}
