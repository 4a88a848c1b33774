//! The stories of a call as the cart sees it.

use super::*;

const CALL: CallId = CallId::new(uuid::Uuid::from_u128(1));
const OLD: CallId = CallId::new(uuid::Uuid::from_u128(2));

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn connected() -> CartCall {
    let mut call = CartCall::new(at(0));
    assert!(call.handle(CallEvent::HubConnected, at(0)).is_empty());
    call
}

fn ringing() -> CartCall {
    let mut call = connected();
    call.press(CALL, at(1)).unwrap();
    call
}

fn answered() -> CartCall {
    let mut call = ringing();
    let event = CallEvent::Answered { call: CALL, physician: "Dr. Osei".into(), relays: None };
    assert!(call.handle(event, at(2)).is_empty());
    call
}

fn over(why: CallEnd) -> Vec<CallEffect> {
    vec![CallEffect::Over { why }]
}

fn hang_up_told(call: CallId) -> CallEffect {
    CallEffect::ToHub(CartToHub::HangUp { call })
}

#[test]
fn a_call_rings_is_answered_and_ends() {
    let mut call = connected();
    let rings = call.press(CALL, at(1)).unwrap();
    assert_eq!(rings, [CallEffect::ToHub(CartToHub::Call { call: CALL })]);
    assert_eq!(call.stage(), &CartCallStage::Ringing { call: CALL, since: at(1) });
    let mut call = answered();
    let CartCallStage::Answered { physician, since, .. } = call.stage() else { panic!("{call:?}") };
    assert_eq!((physician.as_str(), *since), ("Dr. Osei", at(2)));
    let ended = CallEvent::Ended { call: CALL, why: CallEnd::Physician };
    assert_eq!(call.handle(ended, at(9)), over(CallEnd::Physician));
    assert_eq!(call.current(), None);
}

#[test]
fn a_second_press_is_refused_and_changes_nothing() {
    let mut call = answered();
    let before = call.clone();
    assert_eq!(call.press(OLD, at(3)), Err(CallRefusal::GoingOn));
    assert_eq!(call, before);
}

#[test]
fn nobody_can_be_called_without_the_hub() {
    assert_eq!(CartCall::new(at(0)).press(CALL, at(1)), Err(CallRefusal::HubAway));
}

#[test]
fn signals_pass_both_ways_in_the_answered_call_only() {
    let mut call = answered();
    let sent = call.signal(CALL, Signal::WantOffer).unwrap();
    let relayed = CartToHub::Signal { call: CALL, signal: Signal::WantOffer };
    assert_eq!(sent, [CallEffect::ToHub(relayed)]);
    let signal = |call| CallEvent::Signal { call, signal: Signal::WantOffer };
    let received = call.handle(signal(CALL), at(3));
    assert_eq!(received, [CallEffect::ToKiosk { call: CALL, signal: Signal::WantOffer }]);
    assert!(call.handle(signal(OLD), at(3)).is_empty());
    assert_eq!(call.signal(OLD, Signal::WantOffer), Err(CallRefusal::NoCall));
    assert_eq!(ringing().signal(CALL, Signal::WantOffer), Err(CallRefusal::NoCall));
}

#[test]
fn ringing_ends_when_the_hub_stays_away() {
    let mut call = ringing();
    assert!(call.handle(CallEvent::HubAway, at(3)).is_empty());
    assert_eq!(call.deadline(), Some(at(8)));
    assert!(call.handle(CallEvent::Tick, at(7)).is_empty());
    assert_eq!(call.handle(CallEvent::Tick, at(8)), over(CallEnd::CartLost));
    assert_eq!(call.deadline(), None);
}

#[test]
fn ringing_goes_on_when_the_hub_comes_back_in_time() {
    let mut call = ringing();
    assert!(call.handle(CallEvent::HubAway, at(3)).is_empty());
    let again = call.handle(CallEvent::HubConnected, at(6));
    assert_eq!(again, [CallEffect::ToHub(CartToHub::Call { call: CALL })]);
    assert!(call.handle(CallEvent::Tick, at(20)).is_empty());
}

#[test]
fn an_answered_call_survives_a_hub_that_restarts() {
    let mut call = answered();
    assert!(call.handle(CallEvent::HubAway, at(10)).is_empty());
    // A repeated notice does not prolong it.
    assert!(call.handle(CallEvent::HubAway, at(30)).is_empty());
    assert_eq!(call.signal(CALL, Signal::WantOffer), Err(CallRefusal::HubAway));
    assert!(call.handle(CallEvent::Tick, at(39)).is_empty());
    assert!(call.clone().handle(CallEvent::HubConnected, at(39)).is_empty());
    assert_eq!(call.current(), Some(CALL));
    assert_eq!(call.handle(CallEvent::Tick, at(40)), over(CallEnd::CartLost));
}

#[test]
fn an_answered_call_survives_a_restart_of_its_program() {
    let mut call = CartCall::resume(answered().stage().clone(), at(100));
    assert_eq!(call.current(), Some(CALL));
    assert!(call.handle(CallEvent::HubConnected, at(101)).is_empty());
    assert!(call.signal(CALL, Signal::WantOffer).is_ok());
}

#[test]
fn hanging_up_is_told_to_the_hub_while_it_is_there() {
    let mut call = answered();
    let effects = call.hang_up().unwrap();
    assert_eq!(effects, [hang_up_told(CALL), CallEffect::Over { why: CallEnd::Nurse }]);
    assert_eq!(call.hang_up(), Err(CallRefusal::NoCall));
    let mut call = answered();
    assert!(call.handle(CallEvent::HubAway, at(3)).is_empty());
    assert_eq!(call.hang_up().unwrap(), over(CallEnd::Nurse));
}

#[test]
fn a_physician_who_answers_too_late_is_not_left_alone() {
    let mut call = ringing();
    call.hang_up().unwrap();
    let late = CallEvent::Answered { call: CALL, physician: "Dr. Osei".into(), relays: None };
    assert_eq!(call.handle(late, at(5)), [hang_up_told(CALL)]);
    assert_eq!(call.current(), None);
}

#[test]
fn the_end_of_an_older_call_does_not_end_this_one() {
    let mut call = answered();
    let ended = CallEvent::Ended { call: OLD, why: CallEnd::Unanswered };
    assert!(call.handle(ended, at(5)).is_empty());
    assert_eq!(call.current(), Some(CALL));
}

#[test]
fn a_hub_that_forgets_the_ringing_does_not_ring_for_ever() {
    let mut call = ringing();
    assert_eq!(call.deadline(), Some(at(181)));
    let effects = call.handle(CallEvent::Tick, at(181));
    assert_eq!(effects, [hang_up_told(CALL), CallEffect::Over { why: CallEnd::Unanswered }]);
}
