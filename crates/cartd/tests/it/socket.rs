//! Peers that do not keep the rules: refused with a reason, and nobody else notices.

use std::{
    io::ErrorKind,
    os::unix::{fs::PermissionsExt, net::UnixStream},
};

use cart_api::{Command, Frame, MAX_JSON_BYTES, Refusal, Response, VERSION};

use crate::{cart::Cart, kiosk::Kiosk};

fn started() -> Cart {
    let mut cart = Cart::new();
    cart.start();
    cart
}

#[track_caller]
fn is_refused(kiosk: &Kiosk, number: u64) {
    assert_eq!(kiosk.answer_to(number), Err(Refusal::NotUnderstood));
}

#[test]
fn only_the_owner_and_the_group_reach_the_socket() {
    let cart = started();
    let mode = std::fs::metadata(cart.path("socket")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[test]
fn an_unknown_command_is_refused_and_the_connection_survives() {
    let cart = started();
    let mut kiosk = cart.kiosk();
    for (number, text) in [
        (71, r#"{"number":71,"command":{"command":"fly","height":3}}"#),
        (72, r#"{"number":72}"#),
        (0, "certainly not JSON"),
    ] {
        let frame = Frame { json: text.into(), blob: Vec::new() };
        kiosk.write(&frame.to_bytes()).unwrap();
        is_refused(&kiosk, number);
    }
    assert_eq!(kiosk.ask(Command::HangUp), Err(Refusal::NoCall));
}

#[test]
fn a_kiosk_of_another_version_is_refused_and_told_nothing() {
    let cart = started();
    let mut kiosk = Kiosk::silent(&cart.path("socket"));
    let hello = Command::Hello { version: VERSION + 1 };
    assert_eq!(kiosk.ask(hello), Err(Refusal::WrongVersion));
    assert_eq!(kiosk.ask(Command::Call), Err(Refusal::NotUnderstood));
    assert!(kiosk.told.change(|told| told.states.is_empty()));
    kiosk.done(Command::Hello { version: VERSION });
    kiosk.sees("the state", |_| Some(()));
}

#[test]
fn a_message_beyond_the_bounds_closes_its_connection_only() {
    let cart = started();
    let mut good = cart.kiosk();
    let mut bad = cart.kiosk();
    bad.write(&(MAX_JSON_BYTES + 1).to_be_bytes()).unwrap();
    bad.write(&0_u32.to_be_bytes()).unwrap();
    bad.is_closed();
    assert_eq!(good.ask(Command::HangUp), Err(Refusal::NoCall));
}

#[test]
fn the_state_comes_before_the_answer_to_the_greeting() {
    let cart = started();
    let kiosk = cart.kiosk();
    // The greeting was answered; the state must be there already.
    assert!(kiosk.told.change(|told| !told.states.is_empty()));
}

#[test]
fn a_client_that_does_not_read_is_dropped_and_holds_nobody_up() {
    let cart = started();
    let mut deaf = UnixStream::connect(cart.path("socket")).unwrap();
    let mut good = cart.kiosk();
    let hello = cart_api::Request {
        number: 1,
        encounter: None,
        command: Command::Hello { version: VERSION },
    };
    let ask = cart_api::Request { number: 2, encounter: None, command: Command::HangUp };
    let mut bytes = Frame::new(&hello, Vec::new()).unwrap().to_bytes();
    bytes.extend(Frame::new(&ask, Vec::new()).unwrap().to_bytes().repeat(50_000));
    // Its answers fill every buffer between; then it is dropped, and writing fails.
    let error = std::io::Write::write_all(&mut deaf, &bytes).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
    assert_eq!(good.ask(Command::HangUp), Err(Refusal::NoCall));
}

#[test]
fn two_kiosks_are_told_the_same() {
    let cart = started();
    let (mut nurse, observer) = (cart.signed_in(), cart.kiosk());
    crate::cart::open_encounter(&mut nurse);
    observer.sees("the encounter", |state| state.encounter.as_ref().map(|_| ()));
    let answers = observer.told.change(|told| told.answers.len());
    assert_eq!(answers, 1, "the greeting's only: {answers}");
}

#[test]
fn a_second_cartd_leaves_the_first_alone() {
    let cart = started();
    let config = cart.path("cart.toml").display().to_string();
    let second = cart.try_command(&["run", "--config", &config], "");
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another cartd is running"));
    let mut kiosk = cart.kiosk();
    assert_eq!(kiosk.ask(Command::HangUp), Err(Refusal::NoCall));
}

#[test]
fn asked_to_stop_it_stops_and_takes_its_socket_away() {
    let mut cart = started();
    let kiosk = cart.kiosk();
    assert_eq!(cart.terminate(), Some(0));
    kiosk.is_closed();
    assert!(!cart.path("socket").exists());
}

/// A state is an answer to nobody.
#[test]
fn an_answer_has_the_number_of_its_question() {
    let cart = started();
    let mut kiosk = cart.kiosk();
    let first = kiosk.send(Command::HangUp, Vec::new());
    let second = kiosk.send(Command::StopCamera, Vec::new());
    assert_eq!(kiosk.answer_to(second), Ok(None));
    assert_eq!(kiosk.answer_to(first), Err(Refusal::NoCall));
    let numbers: Vec<_> = kiosk.told.change(|told| {
        told.answers
            .iter()
            .map(|answer| match answer {
                Response::Done { number, .. } | Response::Refused { number, .. } => *number,
                Response::State(_) | Response::Signal { .. } => unreachable!("kept apart"),
            })
            .collect()
    });
    assert_eq!(numbers, [1, first, second]);
}
